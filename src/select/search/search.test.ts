import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { choices, integers, logUniform, uniform } from '../../core/options.ts';
import { kFold } from '../../data/split/k-fold.ts';
import type { FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import { jobCount } from '../../jobs/pool.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { assertClose } from '../close.fixture.ts';
import { crossValScore } from '../cross-validate/cross-validate.ts';
import { moody } from '../moody.fixture.ts';
import { bayesSearch } from './bayes-search.ts';
import { gridSearch } from './grid-search.ts';
import { randomSearch } from './random-search.ts';
import type { Trial } from './trial.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/model_selection.json', import.meta.url), 'utf8'),
);
const x: number[][] = fixture.x;
const y: number[] = fixture.y;
const labels: ('no' | 'yes')[] = fixture.labels;
/** Without times, which differ from run to run. */
const plain = (trials: readonly Trial[]) => trials.map(({ seconds, cpuSeconds, ...rest }) => rest);

test("a grid search's scores, choice and model are scikit-learn's", async () => {
  const { alphas, scores, bestIndex, prediction } = fixture.grid;
  const found = await gridSearch(ridge(), x, y, {
    grid: { alpha: alphas, fitIntercept: [true, false] },
    cv: 4,
  });
  assert.equal(found.trials.length, 8);
  // Both sides solve to rounding errors; scores are near 1.
  for (const [i, trial] of found.trials.entries()) assertClose(trial.testScores.r2, scores[i], 1e-9);
  assert.equal(found.bestTrial.number, bestIndex);
  assertClose(await found.model.predict(x.slice(0, 5)), prediction, 1e-9);
});

test('a grid search equals an exhaustive loop, through a pipeline and with several metrics', async () => {
  const specification = pipeline(standardScaler(), logisticRegression());
  const cv = kFold({ nSplits: 3, shuffle: true, randomState: 2 });
  const found = await gridSearch(specification, x, labels, {
    grid: { 'standardScaler.withMean': [true, false], 'logisticRegression.C': [0.01, 1, 100] },
    ...{ cv, scoring: ['accuracy', 'logLoss'], rankBy: 'logLoss' },
  });
  const expected: { params: object; scores: number[]; mean: number }[] = [];
  for (const withMean of [true, false]) {
    for (const C of [0.01, 1, 100]) {
      const one = pipeline(standardScaler({ withMean }), logisticRegression({ C }));
      const scores = [...(await crossValScore(one, x, labels, { cv, scoring: 'logLoss' }))];
      const params = { 'standardScaler.withMean': withMean, 'logisticRegression.C': C };
      expected.push({ params, scores, mean: scores.reduce((sum, score) => sum + score, 0) / 3 });
    }
  }
  // The same jobs on the same rows: equal to the last bit.
  assert.deepEqual(
    found.trials.map(({ params, testScores, score }) => ({
      params,
      scores: testScores.logLoss,
      mean: score,
    })),
    expected,
  );
  const best = expected.reduce((a, b) => (b.mean < a.mean ? b : a));
  assert.deepEqual([found.bestParams, found.bestScore], [best.params, best.mean]);
  const model: FittedClassifier<'no' | 'yes'> = found.model;
  assert.equal((await model.predict(x)).length, x.length);
});

test('whole steps may be tried, each with options of its own', async () => {
  const specification = pipeline({ scale: standardScaler(), model: ridge() });
  const found = await gridSearch(specification, x, y, {
    grid: [{ 'model.alpha': [1, 10] }, { model: [moody(), moody({ level: 3 })], scale: [standardScaler()] }],
    cv: 3,
  });
  assert.equal(found.trials.length, 4);
  assert.deepEqual(found.trials[3].params.model, moody({ level: 3 }).toJSON());
  assert.ok('model.alpha' in found.bestParams);
  assert.doesNotThrow(() => structuredClone(found.trials));
});

test('the types of a search follow the specification and the target', async () => {
  const options = { grid: { alpha: [1] }, cv: 2 };
  const one = await gridSearch(ridge(), x, y, options);
  const regressor: FittedRegressor = one.model;
  const intercept: number = one.model.intercept;
  const pairs = y.map((value) => [value, value]);
  const several = await gridSearch(ridge(), x, pairs, options);
  assert.equal((await several.model.predict(x)).columns, 2);
  const none = await gridSearch(ridge(), x, y, { ...options, refit: false });
  const model: undefined = none.model;
  assert.equal(model, undefined);
  assert.ok(regressor.predictRow(x[0]) && intercept);
});

test('a random search draws from spaces, repeats itself and never tries a discrete point twice', async () => {
  const spaces = {
    level: uniform(-1, 1),
    scale: logUniform(0.1, 10),
    steps: integers(1, 9),
    bonus: choices('some', null),
  };
  const options = { spaces, nTrials: 12, cv: 2, scoring: 'mae' };
  const first = await randomSearch(moody(), x, y, { ...options, threads: 1 });
  const again = await randomSearch(moody(), x, y, { ...options, threads: 2 });
  assert.deepEqual(plain(first.trials), plain(again.trials));
  const other = await randomSearch(moody(), x, y, { ...options, randomState: 1 });
  assert.notDeepEqual(plain(first.trials), plain(other.trials));
  const longer = await randomSearch(moody(), x, y, { ...options, nTrials: 15 });
  assert.deepEqual(plain(longer.trials).slice(0, 12), plain(first.trials));
  const discrete = await randomSearch(moody(), x, y, {
    spaces: { steps: [1, 2, 3], bonus: ['some', null] },
    cv: 2,
    nTrials: 50,
  });
  assert.equal(discrete.trials.length, 6);
  assert.equal(new Set(discrete.trials.map(({ params }) => JSON.stringify(params))).size, 6);
});

test("a search takes the options' own spaces, all of them or those of some paths", async () => {
  const specification = pipeline(standardScaler(), ridge());
  const all = await randomSearch(specification, x, y, { nTrials: 1, cv: 2, refit: false });
  assert.deepEqual(Object.keys(all.bestParams), [
    'standardScaler.withMean',
    'standardScaler.withStd',
    'ridge.alpha',
  ]);
  const some = await randomSearch(specification, x, y, {
    spaces: ['ridge'],
    nTrials: 1,
    cv: 2,
    refit: false,
  });
  assert.deepEqual(Object.keys(some.bestParams), ['ridge.alpha']);
});

test('a Bayesian search is the same for any number of threads and finds what random search does not', async () => {
  // All of y is below what the options reach, so the lowest prediction is best: level −5, scale 1, four steps, a bonus.
  const low = y.map((value) => value - 20);
  const options = { nTrials: 60, cv: 3, scoring: 'mae', spaces: ['level', 'scale', 'steps', 'bonus'] };
  const one = await bayesSearch(moody(), x, low, { ...options, threads: 1 });
  const two = await bayesSearch(moody(), x, low, { ...options, threads: 2 });
  const eight = await bayesSearch(moody(), x, low, { ...options, threads: 8 });
  assert.deepEqual(plain(one.trials), plain(two.trials));
  assert.deepEqual(plain(one.trials), plain(eight.trials));
  const random = await randomSearch(moody(), x, low, { ...options });
  assert.ok(one.bestScore < random.bestScore, `${one.bestScore} ${random.bestScore}`);
  const pruned = one.trials.filter(({ state }) => state === 'pruned');
  assert.ok(pruned.length > 5, `${pruned.length} pruned`);
  assert.ok(pruned.every(({ testScores }) => testScores.mae.length < 3));
  const whole = await bayesSearch(moody(), x, low, { ...options, nTrials: 12, pruner: 'none' });
  assert.ok(whole.trials.every(({ testScores }) => testScores.mae.length === 3));
});

test('failed trials do not win, say why, and end the search only when nothing else is left', async () => {
  const options = { cv: 2, scoring: 'mae', grid: { level: [0, 1, 2], steps: [4, 9], bonus: ['some'] } };
  const found = await gridSearch(moody({ refuseLevel: 1 }), x, y, options);
  assert.deepEqual(
    found.trials.map(({ state }) => state),
    ['complete', 'failed', 'complete', 'failed', 'failed', 'failed'],
  );
  assert.match(found.trials[1].error!, /nine steps take no bonus/);
  assert.match(found.trials[4].error!, /level 2 is too high/);
  assert.ok(Number.isNaN(found.trials[1].score));
  const scored = await gridSearch(moody({ refuseLevel: 1 }), x, y, {
    ...options,
    errorScore: 50,
    refit: false,
  });
  assert.deepEqual([scored.trials[4].state, scored.trials[4].score], ['complete', 50]);
  await assert.rejects(
    gridSearch(moody({ refuseLevel: 1 }), x, y, { ...options, errorScore: 'raise' }),
    /nine steps/,
  );
  await assert.rejects(gridSearch(moody({ refuseLevel: -1 }), x, y, { cv: 2, grid: { level: [0, 1] } }), {
    code: 'search/nothing-found',
    message: /None of the 2 trials.*level 0 is too high/,
  });
  const bayes = await bayesSearch(moody({ refuseLevel: 0 }), x, y, {
    cv: 2,
    nTrials: 30,
    scoring: 'mae',
    spaces: ['level'],
  });
  assert.ok(bayes.trials.some(({ state }) => state === 'failed'));
  assert.ok((bayes.bestParams.level as number) <= 0);
});

test('budgets end a search, and every report states what was spent', async () => {
  const busy = moody({ milliseconds: 20 });
  const options = { cv: 2, nTrials: 1000, scoring: 'mae', refit: false as const };
  const byTime = await randomSearch(busy, x, y, { ...options, budget: { seconds: 0.3 } });
  assert.ok(byTime.trials.length > 0 && byTime.trials.length < 1000);
  assert.equal(byTime.spent.cost, null);
  const byCost = await randomSearch(busy, x, y, {
    ...options,
    budget: { cost: 0.2, pricePerCpuHour: 3600 },
  });
  // A price of 1 per CPU-second; each fit keeps a core busy for 20 ms.
  assert.ok(byCost.trials.length < 1000);
  // cpuSeconds / 3600 * 3600 may differ from cpuSeconds in its last bits.
  assertClose([byCost.spent.cost!], [byCost.spent.cpuSeconds], 1e-12);
  assert.ok(byCost.spent.cost! >= 0.2, String(byCost.spent.cost));
  await assert.rejects(randomSearch(busy, x, y, { ...options, budget: { cost: 1 } }), /pricePerCpuHour/);
  await assert.rejects(
    randomSearch(busy, x, y, { ...options, budget: { second: 1 } as object }),
    /'seconds'/,
  );
});

test('an abort leaves nothing running; progress grows to 1', async () => {
  const abort = new AbortController();
  const running = bayesSearch(moody({ milliseconds: 10 }), x, y, { signal: abort.signal, threads: 2 });
  setTimeout(() => abort.abort(), 100);
  await assert.rejects(running, { code: 'job/aborted' });
  assert.equal(jobCount(), 0);
  const fractions: number[] = [];
  const onProgress = ({ fraction }: { readonly fraction: number }) => fractions.push(fraction);
  await gridSearch(ridge(), x, y, { grid: { alpha: [1, 2, 3] }, cv: 2, onProgress, refit: false });
  assertClose(fractions, [1 / 3, 2 / 3, 1], 1e-15);
});

test('misspelt options, paths and unfit values are named with the nearest before anything runs', async () => {
  const grid = { alpha: [1] };
  await assert.rejects(gridSearch(ridge(), x, y, { grid, refits: true } as never), /'refit'/);
  await assert.rejects(gridSearch(ridge(), x, y, { grid: { alfa: [1] } }), /Did you mean 'alpha'/);
  await assert.rejects(gridSearch(ridge(), x, y, { grid: { alpha: [1, -1] } }), /'alpha' to -1/);
  await assert.rejects(gridSearch(ridge(), x, y, { grid: { alpha: [] } }), /list of values for 'alpha'/);
  await assert.rejects(gridSearch(ridge(), x, y, { grid: {} }), /grid is empty/);
  await assert.rejects(gridSearch(ridge(), x, y, { grid, rankBy: 'mae' }), /not measured; scoring has r2/);
  await assert.rejects(randomSearch(ridge(), x, y, { spaces: { alpha: logUniform(0, 1) } }), /above 0/);
  await assert.rejects(randomSearch(ridge(), x, y, { spaces: { alpha: uniform(-1, 1) } }), /'alpha' to -1/);
  await assert.rejects(randomSearch(ridge(), x, y, { spaces: ['alhpa'] }), /Did you mean 'alpha'/);
  await assert.rejects(randomSearch(ridge(), x, y, { nTrials: 0 }), /nTrials/);
  await assert.rejects(bayesSearch(ridge(), x, y, { pruner: 'mean' as never }), /'median' or 'none'/);
  await assert.rejects(bayesSearch(ridge(), x, y, { randomState: -1 }), { code: 'random/seed' });
});
