import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupKFold } from '../../data/split/group-k-fold.ts';
import { kFold } from '../../data/split/k-fold.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { gridSearch } from './grid-search.ts';
import { nestedCrossValidate } from './nested-cross-validate.ts';

const x = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
const y = x.map(([a, b], i) => a + 2 * b + Math.cos(11 * i));
const grid = { alpha: [0.01, 1, 10, 100] };

test('each outer fold is scored by the model that a search on its training rows alone would choose', async () => {
  const cv = kFold({ nSplits: 4, shuffle: true, randomState: 1 });
  const result = await nestedCrossValidate(ridge(), x, y, {
    ...{ search: { kind: 'grid', grid }, cv, innerCv: 3, scoring: ['r2', 'mae'], rankBy: 'mae' },
  });
  for (const [fold, { train, test: rows }] of cv.split(x.length).entries()) {
    const take = <T>(values: readonly T[], indices: Int32Array) => Array.from(indices, (row) => values[row]);
    const inner = await gridSearch(ridge(), take(x, train), take(y, train), { grid, cv: 3, scoring: 'mae' });
    assert.deepEqual(result.searches[fold].bestParams, inner.bestParams);
    assert.deepEqual(
      result.searches[fold].trials.map(({ score }) => score),
      inner.trials.map(({ score }) => score),
    );
    const predicted = await inner.model.predict(take(x, rows));
    const mae =
      take(y, rows).reduce((sum, value, i) => sum + Math.abs(value - predicted[i]), 0) / rows.length;
    // The metric adds up pairwise.
    assert.ok(Math.abs(result.testScores.mae[fold] - mae) < 1e-14);
  }
  assert.equal(result.spent.trials, 16);
  assert.equal(result.summary.r2.mean, result.testScores.r2.reduce((sum, score) => sum + score, 0) / 4);
});

test('groups stay whole within and without, for classifiers too, by any kind of search', async () => {
  const labels = y.map((value) => (value > 0 ? 'high' : 'low'));
  const groups = x.map((_, i) => Math.floor(i / 6));
  const result = await nestedCrossValidate(logisticRegression(), x, labels, {
    ...{ groups, cv: groupKFold({ nSplits: 3 }), innerCv: groupKFold({ nSplits: 2 }) },
    search: { kind: 'bayes', nTrials: 3 },
  });
  assert.equal(result.testScores.accuracy.length, 3);
  assert.ok(result.searches.every(({ trials }) => trials.length === 3));
});

test('unknown kinds and options of a search are named with the nearest', async () => {
  const run = (search: object, more: object = {}) =>
    nestedCrossValidate(ridge(), x, y, { search, ...more } as never);
  await assert.rejects(run({ kind: 'gird', grid }), /Did you mean 'grid'/);
  await assert.rejects(
    run({ kind: 'random', trials: 3 }),
    /search of kind 'random' has no option 'trials'.*'nTrials'/,
  );
  await assert.rejects(run({ kind: 'grid', grid }, { innerCV: 3 }), /'innerCv'/);
});
