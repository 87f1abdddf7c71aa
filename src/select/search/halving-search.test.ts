import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { kFold } from '../../data/split/k-fold.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { encodeRows } from '../cross-validate/labelled-rows.ts';
import { moody } from '../moody.fixture.ts';
import { gridSearch } from './grid-search.ts';
import { halvingSearch, rungsOf } from './halving-search.ts';
import { subsampleTraining } from './subsample.ts';
import { lossOf, type Trial } from './trial.ts';

const x = Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
const y = x.map(([a, b], i) => a + 2 * b + Math.cos(11 * i));
const plain = (trials: readonly Trial[]) => trials.map(({ seconds, cpuSeconds, ...rest }) => rest);

test("rounds have scikit-learn's candidates and resources", () => {
  // HalvingGridSearchCV on 200 rows: n_candidates_, n_resources_ and min_resources_.
  const cases: [number, number, number, number[], number[]][] = [
    [8, 3, 66, [8, 3], [66, 198]],
    [20, 3, 22, [20, 7, 3], [22, 66, 198]],
    [9, 3, 22, [9, 3, 1], [22, 66, 198]],
    [8, 2, 25, [8, 4, 2, 1], [25, 50, 100, 200]],
    [27, 3, 10, [27, 9, 3], [10, 30, 90]],
  ];
  for (const [count, factor, min, candidates, resources] of cases) {
    const rungs = rungsOf(count, min, 200, factor);
    assert.deepEqual(
      rungs.map((rung) => rung.candidates),
      candidates,
    );
    assert.deepEqual(
      rungs.map(({ resource }) => resource),
      resources,
    );
  }
});

test('each round keeps the best of the round before, and the last one decides', async () => {
  const alpha = Array.from({ length: 9 }, (_, i) => 10 ** (i - 4));
  const found = await halvingSearch(ridge(), x, y, { grid: { alpha }, cv: 4, scoring: 'rmse' });
  const rounds = [0, 1, 2].map((index) => found.trials.filter(({ rung }) => rung!.index === index));
  assert.deepEqual(
    rounds.map(({ length }) => length),
    [9, 3, 1],
  );
  assert.deepEqual(
    rounds.map(([first]) => first.rung!.resource),
    [10, 30, 90],
  );
  for (const round of [0, 1]) {
    const best = rounds[round]
      .toSorted((a, b) => lossOf(a, found.ranking) - lossOf(b, found.ranking) || a.number - b.number)
      .slice(0, rounds[round + 1].length);
    assert.deepEqual(
      rounds[round + 1].map(({ params }) => params),
      best.map(({ params }) => params),
    );
  }
  assert.deepEqual(found.bestTrial, rounds[2][0]);
  // 90 are all training rows of a fold: the last round is a plain cross-validation.
  const whole = await gridSearch(ridge(), x, y, {
    ...{ grid: { alpha: [found.bestParams.alpha as number] }, cv: 4, scoring: 'rmse', refit: false },
  });
  assert.deepEqual(whole.bestTrial.testScores, found.bestTrial.testScores);
});

test('random candidates fill the first round, and an option may be the resource', async () => {
  const options = { spaces: ['level'], resource: 'steps', maxResource: 9, cv: 2, scoring: 'mae' };
  const found = await halvingSearch(moody(), x, y, options);
  assert.deepEqual(
    found.trials.map(({ rung }) => rung!.resource),
    [...Array(9).fill(1), 3, 3, 3, 9],
  );
  assert.ok(found.trials.every(({ params, rung }) => params.steps === rung!.resource));
  assert.equal(found.bestParams.steps, 9);
  const counted = await halvingSearch(ridge(), x, y, { nCandidates: 4, cv: 4 });
  assert.deepEqual(
    counted.trials.map(({ rung }) => rung!.resource),
    [30, 30, 30, 30, 90, 90],
  );
});

test('the same trials come for any number of threads and from a study', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-halving-'));
  const study = { path: join(folder, 'a.db'), name: 'halving' };
  const options = { nCandidates: 9, cv: 3, refit: false as const };
  const one = await halvingSearch(ridge(), x, y, { ...options, threads: 1, study });
  const two = await halvingSearch(ridge(), x, y, { ...options, threads: 2 });
  assert.deepEqual(plain(one.trials), plain(two.trials));
  assert.deepEqual((await halvingSearch(ridge(), x, y, { ...options, study })).trials, one.trials);
  rmSync(folder, { recursive: true });
});

test('smaller draws of rows are contained in larger ones and keep the shares of the classes', async () => {
  const labels = x.map((_, i) => (i % 4 === 0 ? 'rare' : 'common'));
  const { logisticRegression } = await import('../../models/logistic-regression/logistic-regression.ts');
  const data = await encodeRows(logisticRegression(), x, labels, {});
  const splits = kFold({ nSplits: 3 }).split(x.length);
  const [small] = subsampleTraining(data, splits, 20, 5);
  const [large] = subsampleTraining(data, splits, 60, 5);
  assert.deepEqual([small.train.length, large.train.length], [20, 60]);
  assert.ok(small.train.every((row) => large.train.includes(row)));
  assert.ok(large.train.every((row) => splits[0].train.includes(row)));
  assert.equal(small.train.filter((row) => labels[row] === 'rare').length, 5);
  assert.deepEqual(small.test, splits[0].test);
  const [again] = subsampleTraining(data, splits, 20, 5);
  assert.deepEqual(again.train, small.train);
});

test('limits and options that do not fit are refused', async () => {
  const grid = { alpha: [1, 2, 3] };
  await assert.rejects(halvingSearch(ridge(), x, y, { grid, nCandidates: 3 }), { code: 'option/conflict' });
  await assert.rejects(halvingSearch(ridge(), x, y, { grid, factor: 1 }), /above 1/);
  await assert.rejects(
    halvingSearch(moody(), x, y, { spaces: ['level'], resource: 'steps' }),
    /needs maxResource/,
  );
  await assert.rejects(
    halvingSearch(moody(), x, y, { spaces: ['level'], resource: 'step', maxResource: 3 }),
    /Did you mean 'steps'/,
  );
  await assert.rejects(halvingSearch(ridge(), x, y, { grid, minResource: 1000 }), /maxResource/);
});
