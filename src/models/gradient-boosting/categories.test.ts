import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

/** Towns of which every third is worth more, with a share of gaps. */
function towns(rows: number, levels: number, seed = 1) {
  const random = new RandomState(seed);
  const codes = Array.from({ length: rows }, () => random.randint(levels));
  const size = Float64Array.from({ length: rows }, () => random.uniform());
  const town = codes.map((code) => (random.uniform() < 0.05 ? null : `t${code}`));
  const y = Float64Array.from(
    codes,
    (code, i) => (code % 3 === 0 ? 2 : 0) + size[i]! + 0.1 * random.standardNormal(),
  );
  return { x: Frame.fromColumns({ town, size }), y, codes };
}

const loose = { catSmooth: 1, minDataPerGroup: 5, minSamplesLeaf: 5 };

test('a column of text is learned as it is, on any threads, in a row alone, and in a graph', async () => {
  const { x, y } = towns(3000, 120);
  const model = await gradientBoostingRegressor({ nEstimators: 40, ...loose }).fit(x, y, { threads: 1 });
  const two = await gradientBoostingRegressor({ nEstimators: 40, ...loose }).fit(x, y, { threads: 2 });
  assert.deepEqual(model.state, two.state);
  const predicted = await model.predict(x);
  const error = predicted.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0) / y.length;
  // The noise is 0.01; the twentieth of the rows without a town cannot be known.
  assert.ok(error < 0.1, String(error));
  for (const row of x.toRecords().slice(0, 20)) {
    const [among] = await model.predict([row]);
    assert.equal(model.predictRow(row), among);
  }
  const later = Frame.fromColumns({ size: [0.5, 0.5, 0.5, null], town: ['t3', null, 'nowhere', 't4'] });
  const found = await model.predict(later);
  assert.equal(found[1], found[2]);
  const { prediction } = await runExported(model, later.select(['town', 'size']));
  // A sum in another order.
  for (const [i, value] of found.entries()) assert.ok(Math.abs((prediction![i] as number) - value) < 1e-12);
});

test('codes of categories in a matrix are split like texts, and told by their values', async () => {
  const { x, y, codes } = towns(2000, 30);
  const options = { nEstimators: 12, ...loose };
  const byText = await gradientBoostingRegressor(options).fit(
    x.with('town', {
      kind: 'string',
      codes: Int32Array.from(codes),
      levels: Array.from({ length: 30 }, (_, k) => `t${String(k).padStart(2, '0')}`),
    }),
    y,
  );
  const rows = codes.map((code, i) => [100 + 7 * code, x.cell('size', i) as number]);
  const byCode = await gradientBoostingRegressor({ ...options, categoricalFeatures: [0] }).fit(rows, y);
  assert.deepEqual((byCode.state as BoostingState).trees, (byText.state as BoostingState).trees);
  assert.equal(byCode.predictRow(rows[5]!), (await byCode.predict(rows))[5]);
  assert.equal(byCode.predictRow([101, 0.5]), byCode.predictRow([Number.NaN, 0.5]));
});

test('of 10,000 levels the rarest share a code, and the frequent ones are told apart', async () => {
  const random = new RandomState(4);
  const rows = 30_000;
  // Half of the rows in 100 towns, the others in 9,900.
  const codes = Array.from({ length: rows }, (_, i) =>
    i % 2 === 0 ? random.randint(100) : 100 + random.randint(9900),
  );
  const x = Frame.fromColumns({ town: codes.map((code) => `t${code}`) });
  const y = codes.map((code) => (code < 100 ? code % 2 : 0.5));
  const model = await gradientBoostingRegressor({ nEstimators: 20 }).fit(x, y);
  const { categories } = model.state as BoostingState;
  assert.equal(Math.max(...categories![0]!.codes), 254);
  assert.ok(model.predictRow({ town: 't1' }) > 0.9 && model.predictRow({ town: 't2' }) < 0.1);
  assert.ok(Math.abs(model.predictRow({ town: 't5000' }) - 0.5) < 0.1);
});

test('a fit continued knows the categories of the model before, new ones are missing to it', async () => {
  const { x, y } = towns(1500, 12);
  const first = await gradientBoostingRegressor({ nEstimators: 5, ...loose }).fit(x, y);
  const whole = await gradientBoostingRegressor({ nEstimators: 10, ...loose }).fit(x, y);
  const more = await gradientBoostingRegressor({ nEstimators: 5, ...loose }).fit(x, y, { from: first });
  const [a, b] = [await more.predict(x), await whole.predict(x)];
  assert.deepEqual(a, b);
  const other = towns(1500, 20, 2);
  const onOthers = await gradientBoostingRegressor({ nEstimators: 5, ...loose }).fit(other.x, other.y, {
    from: first,
  });
  assert.equal(
    onOthers.predictRow({ town: 't19', size: 0.5 }),
    onOthers.predictRow({ town: null, size: 0.5 }),
  );
});

test('held-out rows and early stopping see texts alike', async () => {
  const [inside, outside] = [towns(1500, 12), towns(500, 14, 9)];
  const model = await gradientBoostingRegressor({ nEstimators: 200, learningRate: 0.3, ...loose }).fit(
    inside.x,
    inside.y,
    {
      validation: { x: outside.x, y: outside.y },
    },
  );
  assert.ok(model.nIter > 3 && model.nIter < 150, String(model.nIter));
});

test('text that was numbers, numbers that were text, and dates are refused by name', async () => {
  const { x, y } = towns(300, 5);
  const model = await gradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
  await assert.rejects(model.predict([[1, 2]]), { code: 'data/column-kind', message: /'town' held strings/ });
  await assert.rejects(model.predict([{ town: 5, size: 1 }]), {
    code: 'data/column-kind',
    message: /'town'/,
  });
  await assert.rejects(model.predict([{ town: 't1', size: 'big' }]), {
    code: 'data/column-kind',
    message: /'size'/,
  });
  assert.throws(() => model.predictRow({ town: 5, size: 1 }), {
    code: 'data/not-a-number',
    message: /'town'.*a text is needed/,
  });
  const dated = Frame.fromColumns({ sold: [new Date(0), new Date(1e9)] });
  await assert.rejects(gradientBoostingRegressor().fit(dated, [1, 2]), { message: /'sold' holds dates/ });
});

test('degenerate tables are fitted or refused with the reason', async () => {
  const rows = 60;
  const y = Array.from({ length: rows }, (_, i) => i % 7);
  const cells = <T>(cell: (i: number) => T) => Array.from({ length: rows }, (_, i) => cell(i));
  // A column of text without any value, one level only, a number without any value.
  const x = new Frame([
    ['none', { kind: 'string', codes: new Int32Array(rows).fill(-1), levels: ['a'] }],
    ['one', { kind: 'string', codes: new Int32Array(rows), levels: ['a'] }],
    ['gap', { kind: 'number', values: new Float64Array(rows).fill(Number.NaN) }],
    ['week', { kind: 'number', values: Float64Array.from(y) }],
  ]);
  const options = { nEstimators: 40, minSamplesLeaf: 1, catSmooth: 0, minDataPerGroup: 0, learningRate: 0.3 };
  const model = await gradientBoostingRegressor(options).fit(x, y);
  assert.ok(Math.abs(model.predictRow({ none: 'a', one: 'b', gap: 1, week: 3 }) - 3) < 0.1);
  assert.deepEqual(
    Array.from(model.featureImportances, (share) => share > 0),
    [false, false, false, true],
  );
  const constant = await gradientBoostingRegressor(options).fit(
    x,
    cells(() => 4),
  );
  assert.equal(constant.predictRow({ none: null, one: 'a', gap: null, week: 3 }), 4);
  await assert.rejects(
    gradientBoostingClassifier(options).fit(
      x,
      cells(() => 'x'),
    ),
    { code: 'data/one-class' },
  );
  const many = await gradientBoostingRegressor({ ...options, maxLeafNodes: 10_000 }).fit(x, y);
  assert.ok(Number.isFinite(many.predictRow({ none: null, one: null, gap: null, week: null })));
  assert.throws(() => gradientBoostingRegressor({ maxDepth: 0 }), /maxDepth/);
  for (const sampleWeight of [cells(() => 0)]) {
    await assert.rejects(gradientBoostingRegressor(options).fit(x, y, { sampleWeight }), /weight/i);
  }
});
