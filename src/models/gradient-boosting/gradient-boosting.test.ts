import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { draw, treesFixture } from '../../math/trees/trees.fixture.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

for (const { name, peer, kind, options, missing, rows, predicted } of treesFixture.boosting) {
  test(`predictions are those of ${peer} with the same settings: ${name}, ${kind}`, async () => {
    const { x, y, classes } = draw(7, { rows, steps: 40, missing });
    const codes = kind === 'binary' ? classes.map((c) => Number(c > 0)) : classes;
    const numbers =
      kind === 'regressor'
        ? await (await gradientBoostingRegressor.from(options).fit(x, y)).predict(x)
        : lastColumn(await (await gradientBoostingClassifier.from(options).fit(x, codes)).predictProba(x));
    for (const [i, wanted] of predicted.entries()) {
      // Both sides sum gradients that were rounded to float32 (6e-8), over 20 trees.
      assert.ok(
        Math.abs(numbers[i]! - wanted) <= 2e-6 * Math.max(1, Math.abs(wanted)),
        `row ${i}: ${numbers[i]} ≠ ${wanted}`,
      );
    }
  });
}

function lastColumn(matrix: Matrix): Float64Array {
  return matrix.column(matrix.columns - 1);
}

/** More rows than a block, a kernel call or a share of the threads takes, with gaps, weights and a column of few values. */
function largeData(rows = 30_000) {
  const { x, y, classes } = draw(9, { rows, columns: 6, missing: 0.05 });
  for (let i = 0; i < rows; i++) x.data[6 * i + 5] = Math.floor(x.data[6 * i + 5]! * 4);
  return { x, y, classes, sampleWeight: Array.from({ length: rows }, (_, i) => i % 4) };
}

test('the same bits on any number of threads, with all that is drawn at random', async () => {
  const { x, y, classes, sampleWeight } = largeData();
  const options = {
    nEstimators: 4,
    maxFeatures: 0.6,
    subsample: 0.7,
    validationFraction: 0.2,
    maxLeafNodes: 40,
  };
  const onThreads = <M>(fit: (threads: number) => Promise<M>) => Promise.all([1, 2, 3].map(fit));
  const regressors = await onThreads((threads) =>
    gradientBoostingRegressor(options).fit(x, y, { threads, sampleWeight }),
  );
  const classifiers = await onThreads((threads) =>
    gradientBoostingClassifier(options).fit(x, classes, { threads, sampleWeight }),
  );
  for (const models of [regressors, classifiers]) {
    for (const model of models.slice(1)) assert.deepEqual(model.state, models[0]!.state);
  }
  const predictions = await Promise.all([1, 2, 3].map((threads) => regressors[0]!.predict(x, { threads })));
  for (const other of predictions.slice(1)) assert.deepEqual(other, predictions[0]);
  for (const i of [0, 1, 17, 29_999]) assert.equal(regressors[0]!.predictRow(x.row(i)), predictions[0]![i]);
});

test('a split may send all missing values one way and all others the other', async () => {
  const x = Array.from({ length: 60 }, (_, i) => [i % 2 === 0 ? Number.NaN : i]);
  const y = x.map(([v]) => (Number.isNaN(v!) ? 5 : 1));
  const model = await gradientBoostingRegressor({ nEstimators: 1, learningRate: 1, maxLeafNodes: 2 }).fit(
    x,
    y,
  );
  assert.deepEqual(Array.from(await model.predict([[Number.NaN], [3], [1e9]])), [5, 1, 1]);
});

test('missing values that training never saw go the way of most rows', async () => {
  const x = Array.from({ length: 100 }, (_, i) => [i]);
  const y = x.map(([v]) => (v! < 70 ? 0 : 1));
  const model = await gradientBoostingRegressor({ nEstimators: 1, learningRate: 1, maxLeafNodes: 2 }).fit(
    x,
    y,
  );
  // Leaves are means of residuals, rounded to float32.
  assert.ok(Math.abs(model.predictRow([Number.NaN])) < 1e-7);
});

test('no leaf is smaller, no tree larger or deeper than allowed', async () => {
  const { x, y } = draw(11, { rows: 3000 });
  const model = await gradientBoostingRegressor({
    nEstimators: 5,
    maxLeafNodes: 9,
    maxDepth: 3,
    minSamplesLeaf: 50,
  }).fit(x, y);
  const { feature, samples, roots, left } = (model.state as BoostingState).trees;
  for (let node = 0; node < feature.length; node++) if (feature[node]! < 0) assert.ok(samples[node]! >= 50);
  for (const [tree, root] of roots.entries()) {
    const end = roots[tree + 1] ?? feature.length;
    assert.ok((end - root + 1) / 2 <= 8, 'depth 3 has 8 leaves at most');
    assert.equal(samples[root], 3000);
    for (let node = root; node < end; node++) {
      if (feature[node]! >= 0) assert.equal(samples[left[node]!]! + samples[left[node]! + 1]!, samples[node]);
    }
  }
});

test('leaves whose histogram had to make room are summed anew', async () => {
  // 30 columns of 255 bins take 120 kB a histogram, more than the pool holds for 4000 leaves.
  const { x, y } = draw(12, { rows: 8000, columns: 30 });
  const options = { nEstimators: 1, learningRate: 1, minSamplesLeaf: 1 } as const;
  const model = await gradientBoostingRegressor({ ...options, maxLeafNodes: null }).fit(x, y);
  const predicted = await model.predict(x);
  let squares = 0;
  for (let i = 0; i < y.length; i++) squares += (predicted[i]! - y[i]!) ** 2;
  assert.ok((model.state as BoostingState).trees.left.length > 7000);
  // Grown until no split helps: what is left are rows alike in all bins, and float32.
  assert.ok(squares / y.length < 1e-6, String(squares / y.length));
});

test('early stopping keeps the trees up to the best loss of the validation set', async () => {
  const { x, y } = draw(13, { rows: 1200 });
  const rows = Array.from({ length: 1200 }, (_, i) => i);
  const [inside, outside] = [rows.slice(0, 600), rows.slice(600)];
  const validation = { x: x.take(outside), y: outside.map((i) => y[i]!) };
  const options = { nEstimators: 500, learningRate: 0.3, nIterNoChange: 5 };
  const target = inside.map((i) => y[i]!);
  const model = await gradientBoostingRegressor(options).fit(x.take(inside), target, { validation });
  const losses = Array.from(model.validationLoss);
  const best = losses.indexOf(Math.min(...losses));
  assert.deepEqual([model.nIter, losses.length], [best, best + 6]);
  assert.ok(best > 3 && best < 400);
  const predicted = await model.predict(validation.x);
  const loss = outside.reduce((sum, i, at) => sum + (predicted[at]! - y[i]!) ** 2 / 2, 0) / outside.length;
  // The same sum in another order.
  assert.ok(Math.abs(loss - losses[best]!) < 1e-12);
  const all = await gradientBoostingRegressor({ ...options, nEstimators: 30, nIterNoChange: null }).fit(
    x.take(inside),
    target,
    { validation },
  );
  assert.deepEqual([all.nIter, all.validationLoss.length], [30, 31]);
});

test('a fit continued is as good as one in a single run', async () => {
  const { x, y, classes } = draw(14, { rows: 1500, missing: 0.1 });
  const half = await gradientBoostingRegressor({ nEstimators: 10 }).fit(x, y);
  const whole = await gradientBoostingRegressor({ nEstimators: 20 }).fit(x, y);
  const continued = await gradientBoostingRegressor({ nEstimators: 10 }).fit(x, y, { from: half });
  assert.deepEqual(continued.state, whole.state);
  const first = await gradientBoostingClassifier({ nEstimators: 6 }).fit(x, classes);
  const more = await gradientBoostingClassifier({ nEstimators: 6 }).fit(x, classes, { from: first });
  assert.equal(more.nIter, 12);
  const narrow = new Matrix({ rows: 1500, columns: 1, data: x.column(0) });
  await assert.rejects(gradientBoostingRegressor().fit(narrow, y, { from: half }), /5 columns/);
  const twoClasses = classes.map((c) => Number(c > 0));
  await assert.rejects(gradientBoostingClassifier().fit(x, twoClasses, { from: first }), /classes \[0,1,2\]/);
});

test('importances find the columns that matter and sum to 1', async () => {
  const { x, y } = draw(15, { rows: 3000 });
  const { featureImportances } = await gradientBoostingRegressor({ nEstimators: 30 }).fit(x, y);
  assert.ok(Math.abs(featureImportances.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  for (const noise of [3, 4]) assert.ok(Math.max(...featureImportances.subarray(noise, noise + 1)) < 0.02);
});

test('degenerate data are fitted: constant target, an all-missing column, one row, more leaves than rows', async () => {
  const constant = await gradientBoostingRegressor({ minSamplesLeaf: 1 }).fit(
    [[1], [2], [3]],
    [0.5, 0.5, 0.5],
  );
  assert.equal(constant.predictRow([9]), 0.5);
  assert.deepEqual(Array.from(constant.featureImportances), [0]);
  const gap = await gradientBoostingRegressor({ minSamplesLeaf: 1, maxLeafNodes: 200 }).fit(
    [
      [Number.NaN, 1],
      [Number.NaN, 2],
      [Number.NaN, 3],
    ],
    [1, 2, 3],
  );
  assert.ok(gap.predictRow([5, 3]) > 2.9);
  assert.equal((await gradientBoostingRegressor().fit([[1]], [7])).predictRow([2]), 7);
});

test('bad options are refused by name', () => {
  for (const options of [
    { maxBins: 256 },
    { maxDepth: 0 },
    { subsample: 0 },
    { maxLeafNodes: 1 },
    { validationFraction: 1 },
  ]) {
    assert.throws(() => gradientBoostingRegressor(options), new RegExp(Object.keys(options)[0]!));
  }
});
