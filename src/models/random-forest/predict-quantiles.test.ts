import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import { leafOf, type Trees } from '../../math/trees/trees.ts';
import { decisionTreeRegressor } from '../decision-tree/decision-tree-regressor.ts';
import { extraTreesRegressor } from './extra-trees-regressor.ts';
import { predictQuantiles } from './predict-quantiles.ts';
import { randomForestRegressor } from './random-forest-regressor.ts';

test('quantiles are those of the targets weighted by their shares of the leaves', async () => {
  const { x, y } = draw(51, { rows: 120, missing: 0.1 });
  const sampleWeight = Array.from({ length: 120 }, (_, i) => i % 3);
  const model = await randomForestRegressor({ nEstimators: 6, minSamplesLeaf: 3, quantiles: true }).fit(
    x,
    y,
    {
      sampleWeight,
    },
  );
  const { trees } = model.state as unknown as { readonly trees: Trees };
  /** The definition: every training row's mean share of the leaf. */
  const slow = (row: number, quantile: number) => {
    const weights = new Float64Array(120);
    for (let tree = 0; tree < 6; tree++) {
      const leaf = leafOf(trees, tree, x.data, row * 5);
      const members = [...weights.keys()].filter((i) => leafOf(trees, tree, x.data, i * 5) === leaf);
      const total = members.reduce((sum, i) => sum + sampleWeight[i]!, 0);
      for (const i of members) weights[i]! += sampleWeight[i]! / total / 6;
    }
    const order = [...weights.keys()].filter((i) => weights[i]! > 0).sort((a, b) => y[a]! - y[b]!);
    let sum = 0;
    for (const i of order) {
      sum += weights[i]!;
      if (sum >= quantile - 1e-9) return y[i]!;
    }
    return Number.NaN;
  };
  // In whatever order they are asked for.
  const found = await predictQuantiles(model, x, [0.9, 0, 0.5, 1]);
  for (let i = 0; i < 120; i += 7) {
    assert.deepEqual([...found.row(i)], [slow(i, 0.9), slow(i, 1e-9), slow(i, 0.5), slow(i, 1)]);
  }
});

test('intervals hold about the share of new rows that they claim', async () => {
  const { x, y } = draw(52, { rows: 3000 });
  const rows = Array.from({ length: 3000 }, (_, i) => i);
  const [train, held] = [x.take(rows.slice(0, 1500)), x.take(rows.slice(1500))];
  const options = { nEstimators: 50, minSamplesLeaf: 3, quantiles: true };
  for (const factory of [randomForestRegressor, extraTreesRegressor]) {
    const model = await factory(options).fit(train, y.slice(0, 1500));
    const bounds = await predictQuantiles(model, held, [0.1, 0.9]);
    const inside = rows
      .slice(1500)
      .filter((row, i) => y[row]! >= bounds.at(i, 0) && y[row]! <= bounds.at(i, 1)).length;
    // Leaves are wider than a point, so intervals hold rather more than 80%; 1500 rows have a standard error of 1%.
    assert.ok(inside / 1500 > 0.78 && inside / 1500 < 0.97, `${inside / 1500}`);
  }
});

test('quantiles rise with what is asked for', async () => {
  const { x, y } = draw(53, { rows: 200 });
  const model = await extraTreesRegressor({ nEstimators: 5, minSamplesLeaf: 4, quantiles: true }).fit(x, y);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(share, share, async (a, b) => {
      const found = await predictQuantiles(model, x.take([3, 50]), [Math.min(a, b), Math.max(a, b)]);
      for (let i = 0; i < 2; i++) assert.ok(found.at(i, 0) <= found.at(i, 1));
    }),
    { numRuns: 30 },
  );
});

test('a model without targets in its leaves, and what is no quantile, are refused', async () => {
  const { x, y } = draw(54, { rows: 60 });
  const plain = await randomForestRegressor({ nEstimators: 2 }).fit(x, y);
  await assert.rejects(predictQuantiles(plain, x, [0.5]), /fitted with quantiles: true/);
  await assert.rejects(
    predictQuantiles(await decisionTreeRegressor().fit(x, y), x, [0.5]),
    /keeps no targets/,
  );
  const model = await randomForestRegressor({ nEstimators: 2, quantiles: true }).fit(x, y);
  await assert.rejects(predictQuantiles(model, x, [1.5]), /from 0 to 1/);
  await assert.rejects(predictQuantiles(model, x, []), /at least one/);
  await assert.rejects(predictQuantiles(model, Matrix.zeros(1, 2), [0.5]), { code: /data/ });
});
