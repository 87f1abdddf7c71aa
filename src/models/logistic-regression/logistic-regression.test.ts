import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { fixture, logisticObjective, weightsOf } from '../../math/linear-iterative.fixture.ts';
import { logisticRegression } from './logistic-regression.ts';

const quiet = { onWarning: () => {} };

for (const { data, weighted, options, tight, default: defaults, ...expected } of fixture.logistic) {
  const { x, y, classes } = fixture.data[data]!;
  const labels = classes ?? y;
  const title = `${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(options)}`;
  const sampleWeight = weightsOf(x.length, weighted);
  const weights = effectiveWeights(labels, sampleWeight, options.classWeight);
  const objective = ({ coef, intercept }: { coef: { data: Float64Array }; intercept: Float64Array }) =>
    logisticObjective({ coef: coef.data, intercept }, x, labels, weights, options.C);

  for (const solver of ['auto', 'lbfgs', 'newton-cholesky'] as const) {
    // Newton's Hessian of ten classes is tested once.
    if (solver === 'newton-cholesky' && data === 'digits' && weighted) continue;
    test(`${solver} reaches scikit-learn's tightest objective on ${title}`, async () => {
      const model = logisticRegression({ ...options, solver, tol: 1e-12, maxIter: 20_000 });
      const fitted = await model.fit(x, labels, { ...quiet, sampleWeight });
      // The acceptance: 1e-9 relative of the objective at tol = 1e-12.
      assert.ok(objective(fitted) <= tight * (1 + 1e-9), `${objective(fitted)} > ${tight}`);
      const found = await fitted.predictProba(x.slice(0, 3));
      expected.probabilities.forEach((row, i) => {
        row.forEach((p, c) => {
          // An objective within 1e-9 of its minimum leaves the parameters, and so p, about the square root of that.
          assert.ok(Math.abs(found.at(i, c) - p) < 3e-5, `p[${i}, ${c}] = ${found.at(i, c)} ≠ ${p}`);
        });
      });
      // At least 99.9% of fewer than a thousand rows are all of them.
      assert.equal((await fitted.predict(x)).join(''), expected.labels);
    });
  }

  test(`defaults are no worse than scikit-learn's on ${title}`, async () => {
    const fitted = await logisticRegression(options).fit(x, labels, { ...quiet, sampleWeight });
    // Rounding errors of two evaluations of the objective.
    assert.ok(objective(fitted) <= defaults * (1 + 1e-14), `${objective(fitted)} > ${defaults}`);
  });
}

function effectiveWeights(
  labels: readonly number[],
  sampleWeight: readonly number[] | undefined,
  classWeight: 'balanced' | Record<string, number> | null,
): number[] {
  const weights = labels.map((_, i) => sampleWeight?.[i] ?? 1);
  if (classWeight === null) return weights;
  if (classWeight !== 'balanced') return weights.map((s, i) => s * (classWeight[labels[i]!] ?? 1));
  const total = weights.reduce((sum, s) => sum + s, 0);
  const classes = new Set(labels).size;
  return weights.map((s, i) => {
    const own = weights.reduce((sum, other, k) => sum + (labels[k] === labels[i] ? other : 0), 0);
    return (s * total) / (classes * own);
  });
}

const iris = fixture.data.iris!;
const names = iris.y.map((code) => ['setosa', 'versicolor', 'virginica'][code]!);

test('labels come back as they went in, with the largest probability', async () => {
  const fitted = await logisticRegression().fit(iris.x, names);
  assert.deepEqual(fitted.classes, ['setosa', 'versicolor', 'virginica']);
  const predicted: string[] = await fitted.predict(iris.x);
  const right = predicted.filter((label, i) => label === names[i]).length;
  assert.ok(right >= 144, `${right} of 150`);
  const probabilities = await fitted.predictProba(iris.x);
  for (let i = 0; i < 150; i++) {
    const row = probabilities.row(i);
    assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-15 * 4);
    assert.equal(predicted[i], fitted.classes[row.indexOf(Math.max(...row))]);
    assert.equal(fitted.predictRow(iris.x[i]!), predicted[i]);
  }
  assert.deepEqual([fitted.coef.rows, fitted.coef.columns, fitted.intercept.length], [3, 4, 3]);
});

test('with two classes a positive score means the second', async () => {
  const x = iris.x.slice(0, 100);
  const fitted = await logisticRegression().fit(x, names.slice(0, 100));
  const scores = await fitted.decisionFunction(x);
  const predicted = await fitted.predict(x);
  predicted.forEach((label, i) => {
    assert.equal(label === 'versicolor', scores.at(i, 0) > 0);
  });
  assert.deepEqual([fitted.coef.rows, fitted.intercept.length], [1, 1]);
});

test('the same bits come from any number of threads', async () => {
  const { x, classes } = fixture.data.ames!;
  for (const solver of ['lbfgs', 'newton-cholesky'] as const) {
    const [one, ...others] = await Promise.all(
      [1, 2, 3].map((threads) => logisticRegression({ solver }).fit(x, classes!, { ...quiet, threads })),
    );
    for (const other of others) assert.deepEqual(other.coef.data, one!.coef.data);
  }
});

test('a fit that runs out of iterations says so', async () => {
  const warnings: string[] = [];
  const fitted = await logisticRegression({ maxIter: 2, solver: 'lbfgs' }).fit(iris.x, names, {
    onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
  });
  assert.equal(fitted.converged, false);
  assert.equal(fitted.nIter, 2);
  assert.match(
    warnings.join(),
    /^fit\/not-converged: logisticRegression stopped after 2 iterations .* Raise maxIter/,
  );
});

test('classes that can be separated without a penalty warn instead of running off in silence', async () => {
  const warnings: string[] = [];
  const fitted = await logisticRegression({ C: null, tol: 1e-12 }).fit([[-2], [-1], [1], [2]], [0, 0, 1, 1], {
    onWarning: ({ code }) => warnings.push(code),
  });
  assert.ok(fitted.coef.data.every(Number.isFinite));
  assert.deepEqual(await fitted.predict([[-3], [3]]), [0, 1]);
  assert.equal(fitted.converged, warnings.length === 0);
});

test('continuing from a fitted model takes up its coefficients', async () => {
  const { x, y } = fixture.data.breast_cancer!;
  const first = await logisticRegression({ solver: 'lbfgs' }).fit(x, y);
  const next = await logisticRegression({ solver: 'lbfgs' }).fit(x, y, { from: first });
  assert.equal(next.nIter, 0);
  // The way into and out of the standardised coordinates rounds.
  next.coef.data.forEach((w, j) => {
    assert.ok(Math.abs(w - first.coef.data[j]!) < 1e-12);
  });
});

test('rows that are repeated count as rows that weigh twice', async () => {
  const x = iris.x.filter((_, i) => i % 3 === 0);
  const y = names.filter((_, i) => i % 3 === 0);
  const options = { tol: 1e-10, classWeight: 'balanced' } as const;
  const twice = await logisticRegression(options).fit([...x, ...x.slice(0, 20)], [...y, ...y.slice(0, 20)]);
  const weighted = await logisticRegression(options).fit(x, y, {
    sampleWeight: x.map((_, i) => (i < 20 ? 2 : 1)),
  });
  // A gradient of 1e-10 over the smallest curvature, about 1e-3 of the penalty.
  twice.coef.data.forEach((w, j) => {
    assert.ok(Math.abs(w - weighted.coef.data[j]!) < 1e-6);
  });
});

test('units of the columns change the solution only through the penalty', async () => {
  const { x, classes } = fixture.data.diabetes!;
  const scaled = x.map((row) => row.map((v, j) => v * 10 ** (j - 5) + 1000 * j));
  const plain = await logisticRegression({ C: null, tol: 1e-10 }).fit(x, classes!);
  const other = await logisticRegression({ C: null, tol: 1e-10 }).fit(scaled, classes!, quiet);
  other.coef.data.forEach((w, j) => {
    // The offset costs up to 9 of 16 digits of the smallest column.
    assert.ok(
      Math.abs(w * 10 ** (j - 5) - plain.coef.data[j]!) < 1e-5,
      `${w * 10 ** (j - 5)} ≠ ${plain.coef.data[j]}`,
    );
  });
});

test('constant columns get coefficient zero and a class weight for an unknown class is refused', async () => {
  const x = iris.x.map((row) => [...row, 7]);
  const fitted = await logisticRegression().fit(x, names);
  for (let c = 0; c < 3; c++) assert.equal(fitted.coef.at(c, 4), 0);
  await assert.rejects(logisticRegression({ classWeight: { setosaa: 2 } }).fit(x, names), {
    code: 'option/unknown-class',
    message: /'setosaa'.*Did you mean 'setosa'/,
  });
});

test('a large table takes L-BFGS first and Newton steps after it when that is not enough', async () => {
  const { x, classes } = fixture.data.ames!;
  // 293 rows × 33 columns × 3 classes, repeated: above the million values from which L-BFGS goes first.
  const rows = Array.from({ length: 40 }, () => x).flat();
  const labels = Array.from({ length: 40 }, () => classes!).flat();
  const many = await logisticRegression({ tol: 1e-10, C: 1 / 40 }).fit(rows, labels);
  const few = await logisticRegression({ tol: 1e-10 }).fit(x, classes!);
  assert.equal(many.solver, 'newton-cholesky');
  assert.ok(many.nIter > 12, `${many.nIter}`);
  many.coef.data.forEach((w, at) => {
    // A gradient of 1e-10 over the smallest curvature, about 1e-3 of the penalty.
    assert.ok(Math.abs(w - few.coef.data[at]!) < 1e-6);
  });
  const rough = await logisticRegression({ tol: 0.1, C: 1 / 40 }).fit(rows, labels);
  assert.equal(rough.solver, 'lbfgs');
  assert.ok(rough.converged);
});

test('an abort in the middle of a fit ends it', async () => {
  const { x, y } = fixture.data.digits!;
  const rows = Array.from({ length: 30 }, () => x).flat();
  const labels = Array.from({ length: 30 }, () => y).flat();
  const controller = new AbortController();
  let last = 0;
  const fit = logisticRegression({ tol: 0, maxIter: 1_000_000, C: 1e6, solver: 'lbfgs' }).fit(rows, labels, {
    ...quiet,
    signal: controller.signal,
    onProgress: ({ fraction }) => {
      assert.ok(fraction >= last && fraction <= 1);
      last = fraction;
      controller.abort();
    },
  });
  await assert.rejects(fit, { name: 'AbortError' });
});

test('a column whose squares overflow is refused by name', async () => {
  const rows = iris.x.map(([a, b]) => ({ a: a!, b: b! * 1e200 }));
  await assert.rejects(logisticRegression().fit(rows, names), {
    code: 'data/too-large',
    message: /Column 'b'/,
  });
});

test('equal columns without a penalty leave Newton without a step, and L-BFGS takes over', async () => {
  const { x, classes } = fixture.data.diabetes!;
  const doubled = x.map((row) => [...row, ...row]);
  const fitted = await logisticRegression({ C: null, tol: 1e-8, solver: 'newton-cholesky' }).fit(
    doubled,
    classes!,
  );
  assert.equal(fitted.solver, 'lbfgs');
  const plain = await logisticRegression({ C: null, tol: 1e-8 }).fit(x, classes!);
  for (let j = 0; j < 10; j++) {
    // The coefficients of equal columns add up to the one of a single column; both fits stop at gradients of 1e-8.
    assert.ok(Math.abs(fitted.coef.at(0, j) + fitted.coef.at(0, j + 10) - plain.coef.at(0, j)) < 1e-5);
  }
});

test('options outside their range are refused by name', () => {
  for (const C of [0, -1, Number.NaN]) {
    assert.throws(() => logisticRegression({ C }), { code: 'option/invalid', message: /'C'/ });
  }
  assert.throws(() => logisticRegression({ maxIter: 0 }), { message: /'maxIter'/ });
});

test('a float32 matrix of many columns is fitted as it is, as well as in float64 where tol asks for no more', async () => {
  const [rows, columns, classes] = [400, 300, 3];
  const random = new RandomState(3);
  const centers = Array.from({ length: classes }, () => random.standardNormal(columns));
  const y = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const data = Float32Array.from(
    { length: rows * columns },
    (_, at) => 0.15 * centers[y[Math.floor(at / columns)]!]![at % columns]! + random.standardNormal(),
  );
  const single = new Matrix({ rows, columns, data });
  const double = new Matrix({ rows, columns, data: Float64Array.from(data) });
  const objective = ({ coef, intercept }: { coef: Matrix; intercept: Float64Array }) => {
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const m = Array.from(intercept, (b, c) =>
        double.row(i).reduce((sum, value, j) => sum + value * coef.at(c, j), b),
      );
      loss += Math.log(m.reduce((sum, value) => sum + Math.exp(value), 0)) - m[y[i]!]!;
    }
    return (loss + 0.5 * coef.data.reduce((sum, value) => sum + value * value, 0)) / rows;
  };
  const [narrow, wide] = [
    await logisticRegression().fit(single, y),
    await logisticRegression().fit(double, y),
  ];
  assert.ok(narrow.converged);
  assert.equal(narrow.solver, 'lbfgs');
  // Gradients within 1e-5 of zero leave less than that to gain; float32 margins are off by 1e-6.
  assert.ok(Math.abs(objective(narrow) - objective(wide)) < 1e-6);
  assert.notDeepEqual(narrow.coef.data, wide.coef.data);
  // A tol that float32 products cannot meet is met in float64, to the bit.
  const tight = { tol: 1e-9, maxIter: 1000 };
  const [fromSingle, fromDouble] = [
    await logisticRegression(tight).fit(single, y),
    await logisticRegression(tight).fit(double, y),
  ];
  assert.ok(fromSingle.converged);
  assert.deepEqual(fromSingle.coef.data, fromDouble.coef.data);
});

test('a float32 matrix with a missing value is refused by column and row', async () => {
  const x = new Matrix({
    rows: 2,
    columns: 2,
    data: Float32Array.of(1, 2, Number.NaN, 3),
    names: ['a', 'b'],
  });
  await assert.rejects(logisticRegression().fit(x, ['p', 'q']), /Column 'a' has a missing value \(row 1\)/);
});

test('so many classes and columns that the search would take more than 4 GiB are refused at once', async () => {
  const [rows, columns] = [10_000, 1200];
  const x = new Matrix({ rows, columns, data: new Float32Array(rows * columns) });
  const y = Int32Array.from({ length: rows }, (_, i) => i);
  await assert.rejects(logisticRegression().fit(x, y), {
    code: 'data/too-many-classes',
    message: /10000 classes and 1200 columns.* 5 GiB/,
  });
});
