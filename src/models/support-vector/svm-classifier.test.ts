import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { classPairs } from '../../math/svm/one-vs-one.ts';
import { halfQuadratic, kernelLike, ourOptions, svmFixture } from './svm.fixture.ts';
import { svmClassifier } from './svm-classifier.ts';

const { data, classifiers } = svmFixture;
const isTight = (options: object) => 'tol' in options;

for (const { data: name, options, weighted, ...expected } of classifiers) {
  test(`a classifier is scikit-learn's on ${name}, ${JSON.stringify(options)}`, async () => {
    const { x, y } = data[name]!;
    const given = ourOptions(options);
    const sampleWeight = weighted ? y.map((_, i) => 0.5 + (i % 4) / 2) : undefined;
    const model = await svmClassifier
      .from({ ...given, decisionFunctionShape: 'ovo' })
      .fit(x, y, { sampleWeight });
    const classes = model.classes.length;
    const starts = [0];
    for (const count of model.nSupport) starts.push(starts.at(-1)! + count);
    const kernel = kernelLike(given, model.gamma);
    // A kernel that is not positive semi-definite has several local minima, of which each solver finds its own.
    const isConvex = options.kernel !== 'sigmoid';
    let pair = 0;
    for (const [a, b] of classPairs(classes)) {
      const beta: number[] = [];
      const rows: number[][] = [];
      for (const [own, other] of [
        [a, b - 1],
        [b, a],
      ] as const) {
        for (let s = starts[own]!; s < starts[own + 1]!; s++) {
          beta.push(model.dualCoef.at(other, s));
          rows.push(x[model.support[s]!]!);
        }
      }
      const objective =
        halfQuadratic(beta, rows, kernel) - beta.reduce((sum, value) => sum + Math.abs(value), 0);
      const wanted = expected.objectives[pair++]!;
      // Kernel values are float32 on both sides, to which the minimum is indifferent to second order; at the default
      // tol we must not be worse than the peer by more than the stop allows.
      const slack = (isTight(options) ? 1e-9 : 1e-5) * Math.abs(wanted);
      assert.ok(objective <= wanted + slack, `pair ${pair - 1}: ${objective} > ${wanted}`);
      if (isConvex) assert.ok(objective >= wanted - slack, `pair ${pair - 1}: ${objective} < ${wanted}`);
    }
    const predicted = await model.predict(x);
    const equal = predicted.filter((label, i) => label === expected.labels[i]).length;
    if (!isConvex || !isTight(options)) {
      assert.ok(equal >= 0.98 * y.length, `${equal} of ${y.length} labels`);
      return;
    }
    assert.equal(equal, y.length);
    // Rows given twice may share their coefficient in any way.
    if (name !== 'duplicates') {
      assert.deepEqual([...model.support], expected.support);
      assert.deepEqual([...model.nSupport], expected.nSupport);
    }
    // float32 kernel values move decisions by up to about 1e-7 times the coefficients.
    const close = (actual: ArrayLike<number>, wanted: number[], what: string) =>
      wanted.forEach((value, i) => {
        assert.ok(
          Math.abs(actual[i]! - value) <= 2e-5 * (1 + Math.abs(value)),
          `${what} ${i}: ${actual[i]} ≠ ${value}`,
        );
      });
    close((await model.decisionFunction(x.slice(0, 8))).data, expected.decision, 'decision');
    const scored = await svmClassifier.from({ ...given, breakTies: true }).fit(x, y, { sampleWeight });
    const scores = await scored.decisionFunction(x.slice(0, 4));
    assert.equal(scores.columns, classes === 2 ? 1 : classes);
    close(scores.data, expected.scores, 'score');
    assert.deepEqual(await scored.predict(x), expected.untied);
  });
}

/** Points of three classes around a ring. */
function ring(rows: number, columns = 4) {
  const random = new RandomState(3);
  const x = new Matrix({ rows, columns, data: random.fillNormal(new Float64Array(rows * columns)) });
  const y = Array.from({ length: rows }, (_, i) => {
    const radius = x.at(i, 0) ** 2 + x.at(i, 1) ** 2;
    return radius < 0.8 ? 'inner' : radius < 2.5 ? 'middle' : 'outer';
  });
  return { x, y };
}

test('the same bits come from any number of threads, by float32 rows and by a small cache too', async () => {
  const { x, y } = ring(4500, 12);
  for (const options of [{}, { cacheSize: 0.2, maxIter: 800 }, { kernel: 'poly', maxIter: 500 }] as const) {
    const fits = await Promise.all(
      [1, 2, 3].map((threads) => svmClassifier(options).fit(x, y, { threads, onWarning: () => {} })),
    );
    for (const other of fits.slice(1)) assert.deepEqual(other.state, fits[0]!.state);
    const [one, two] = await Promise.all([1, 2].map((threads) => fits[0]!.decisionFunction(x, { threads })));
    assert.deepEqual(two, one);
  }
});

test('pairs of classes solved side by side give the same bits as one after the other', async () => {
  const { x, y } = data.digits!;
  const states = await Promise.all(
    [1, 2, 3].map(async (threads) => (await svmClassifier().fit(x, y, { threads })).state),
  );
  for (const other of states.slice(1)) assert.deepEqual(other, states[0]);
});

test('neither shrinking nor the size of the cache changes what is found', async () => {
  const { x, y } = ring(2600);
  const fit = (options: object) => svmClassifier.from({ tol: 1e-6, C: 5, ...options }).fit(x, y);
  const [plain, shrunk, small] = await Promise.all([
    fit({ shrinking: false }),
    fit({}),
    fit({ cacheSize: 0.05 }),
  ]);
  assert.deepEqual(shrunk.support, plain.support);
  assert.deepEqual(small.support, plain.support);
  // Up to the violations that tol allows and the rounding of sums that were taken anew.
  for (const model of [shrunk, small]) {
    model.intercept.forEach((value, i) => {
      assert.ok(Math.abs(value - plain.intercept[i]!) < 1e-4);
    });
  }
});

test('a precomputed kernel and a function give what the kernel itself gives', async () => {
  const { x, y } = ring(150);
  const linear = (a: { data: Float64Array; rows: number; columns: number }, b: typeof a) =>
    Float64Array.from({ length: a.rows * b.rows }, (_, at) => {
      const [i, k] = [Math.floor(at / b.rows), at % b.rows];
      let sum = 0;
      for (let j = 0; j < a.columns; j++) sum += a.data[i * a.columns + j]! * b.data[k * b.columns + j]!;
      return sum;
    });
  const squares = (a: Parameters<typeof linear>[0], b: Parameters<typeof linear>[0]) =>
    linear(a, b).map((value) => (value + 1) ** 2);
  const own = await svmClassifier({ kernel: 'poly', degree: 2, gamma: 1, coef0: 1 }).fit(x, y);
  const byFunction = await svmClassifier({ kernel: squares }).fit(x, y);
  const gram = new Matrix({ rows: 150, columns: 150, data: squares(x, x) });
  const precomputed = await svmClassifier({ kernel: 'precomputed' }).fit(gram, y);
  const asked = x.take([3, 7, 11, 20]);
  const values = new Matrix({ rows: 4, columns: 150, data: squares(asked, x) });
  for (const [model, table] of [
    [byFunction, asked],
    [precomputed, values],
  ] as const) {
    assert.deepEqual(model.support, own.support);
    assert.deepEqual(await model.predict(table), await own.predict(asked));
    assert.equal(model.predictRow(table.row(1)), own.predictRow(asked.row(1)));
  }
  assert.equal(precomputed.supportVectors.rows, 0);
  assert.equal(byFunction.supportVectors.rows, own.support.length);
});

test('what a user gives as kernel values is checked', async () => {
  const { x, y } = ring(30);
  await assert.rejects(svmClassifier({ kernel: 'precomputed' }).fit(x, y), {
    code: 'data/not-square',
    message: /30 × 4/,
  });
  await assert.rejects(svmClassifier({ kernel: () => [1, 2] }).fit(x, y), {
    code: 'data/bad-kernel',
    message: /2 values for 30 × 30/,
  });
  const bad = () => new Float64Array(900).fill(Number.NaN);
  await assert.rejects(svmClassifier({ kernel: bad }).fit(x, y), {
    message: /NaN for rows 0 and 0/,
  });
});

test('a kernel that is not positive semi-definite ends at a local minimum', async () => {
  const { x, y } = ring(300);
  const model = await svmClassifier({ kernel: 'sigmoid', gamma: 2, coef0: -3, C: 50 }).fit(x, y);
  assert.equal(model.converged, true);
  assert.ok((await model.decisionFunction(x)).data.every(Number.isFinite));
});

test('a fit that stops early says so and still predicts', async () => {
  const { x, y } = ring(200);
  const model = await svmClassifier({ maxIter: 5 }).fit(x, y, { onWarning: () => {} });
  assert.equal(model.converged, false);
  assert.match(model.summary.warnings[0]!, /stopped after 15 steps/);
  assert.equal((await model.predict(x)).length, 200);
});

test('bad options and data are named', async () => {
  const { x, y } = ring(40);
  assert.throws(() => svmClassifier({ C: 0 }), {
    code: 'option/invalid',
    message: /'C' cannot be 0/,
  });
  assert.throws(() => svmClassifier({ C: -1 }), { code: 'option/invalid' });
  assert.throws(() => svmClassifier({ breakTies: true, decisionFunctionShape: 'ovo' }), {
    message: /breakTies needs/,
  });
  assert.throws(() => svmClassifier.from({ kernel: 'cubic' }), {
    message: /name of a kernel|Invalid/,
  });
  await assert.rejects(svmClassifier().fit(x, new Array(40).fill('a')), { code: 'data/one-class' });
  const sampleWeight = y.map((label) => (label === 'outer' ? 0 : 1));
  await assert.rejects(svmClassifier().fit(x, y, { sampleWeight }), {
    code: 'data/no-weight',
    message: /class "outer"/,
  });
  await assert.rejects(svmClassifier().fit(x, y, { sampleWeight: y.map(() => -1) }), {
    code: 'data/bad-weight',
  });
  const gap = x.toRows();
  gap[3]![1] = Number.NaN;
  await assert.rejects(svmClassifier().fit(gap, y), { code: 'data/missing-value' });
});

test('more classes than pairs can be fitted for are refused at once', async () => {
  const x = new Matrix({
    rows: 100_000,
    columns: 1,
    data: Float64Array.from({ length: 100_000 }, (_, i) => i),
  });
  await assert.rejects(svmClassifier().fit(x, Array.from(x.data)), {
    code: 'data/too-many-classes',
    message: /100000 classes .* linear-svm-classifier/,
  });
});

test('a kernel matrix beyond kernel memory is refused before it is computed', async () => {
  const x = new Matrix({ rows: 40_000, columns: 1, data: new Float64Array(40_000).map((_, i) => i) });
  const kernel = () => assert.fail('nothing is to be computed');
  await assert.rejects(
    svmClassifier({ kernel }).fit(
      x,
      Array.from(x.data, (v) => v % 2),
    ),
    {
      code: 'job/out-of-memory',
      message: /MiB/,
    },
  );
});

test('values that leave the range of numbers are an error that says what to do', async () => {
  const x = [[1e200], [2e200], [-1e200], [3e199]];
  await assert.rejects(svmClassifier({ kernel: 'linear' }).fit(x, ['a', 'b', 'a', 'b']), {
    code: 'job/not-finite',
    message: /Scale the columns/,
  });
});
