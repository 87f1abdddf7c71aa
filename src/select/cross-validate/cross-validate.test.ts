import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { groupKFold } from '../../data/split/group-k-fold.ts';
import { kFold } from '../../data/split/k-fold.ts';
import { mean, mode } from '../../define/models.fixture.ts';
import { jobCount } from '../../jobs/pool.ts';
import { getScorer, type Scorer } from '../../metrics/registry.ts';
import { meanAbsoluteError } from '../../metrics/regression.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { assertClose } from '../close.fixture.ts';
import { moody } from '../moody.fixture.ts';
import { crossValidate, crossValScore } from './cross-validate.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/model_selection.json', import.meta.url), 'utf8'),
);
const x: number[][] = fixture.x;
const y: number[] = fixture.y;
const labels: string[] = fixture.labels;
const three: number[] = fixture.three;

// Both sides solve to rounding errors; scores are means over a dozen rows of numbers near 1.
const TOLERANCE = 1e-9;
// Converged as far as the reference.
const logistic = logisticRegression({ tol: 1e-12, maxIter: 1000, solver: 'newton-cholesky' });

test("a ridge regression's scores by fold are scikit-learn's, with its default folds", async () => {
  const scoring = ['r2', 'rmse', 'mae'];
  const result = await crossValidate(ridge({ alpha: 2 }), x, y, { scoring, returnTrainScore: true });
  for (const name of scoring) {
    assertClose(result.testScores[name], fixture.ridge.test[name], TOLERANCE);
    assertClose(result.trainScores[name], fixture.ridge.train[name], TOLERANCE);
  }
  assert.equal(result.fitSeconds.length, 5);
  assert.deepEqual(result.errors, []);
});

test('a splitter may be given', async () => {
  const cv = kFold({ nSplits: 4, shuffle: true, randomState: 3 });
  const result = await crossValidate(ridge({ alpha: 2 }), x, y, { cv });
  assertClose(result.testScores.r2, fixture.ridgeShuffled.test.r2, TOLERANCE);
});

test("a classifier's scores by fold are scikit-learn's, for two classes and for three", async () => {
  const scoring = ['accuracy', 'f1', 'rocAuc', 'logLoss'];
  const two = await crossValidate(logistic, x, labels, { scoring, returnTrainScore: true });
  const several = await crossValidate(logistic, x, three, { scoring, returnTrainScore: true, cv: 4 });
  for (const name of scoring) {
    assertClose(two.testScores[name], fixture.logistic.test[name], TOLERANCE);
    assertClose(two.trainScores[name], fixture.logistic.train[name], TOLERANCE);
    assertClose(several.testScores[name], fixture.logisticThree.test[name], TOLERANCE);
    assertClose(several.trainScores[name], fixture.logisticThree.train[name], TOLERANCE);
  }
});

test('the summary is mean and standard deviation of the folds', async () => {
  const { testScores, summary } = await crossValidate(ridge(), x, y);
  const mean = testScores.r2.reduce((sum, score) => sum + score, 0) / 5;
  const std = Math.sqrt(testScores.r2.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 5);
  assertClose([summary.r2.mean, summary.r2.std], [mean, std], 1e-15);
});

test('scores equal those of a loop over the folds with sample weights in fit and score', async () => {
  const sampleWeight: number[] = fixture.weights;
  const scores = await crossValScore(ridge(), x, y, { sampleWeight, scoring: 'mae' });
  const expected: number[] = [];
  for (const { train, test } of kFold().split(x.length)) {
    const take = <T>(values: readonly T[], rows: Int32Array) => Array.from(rows, (row) => values[row]);
    const weights = take(sampleWeight, train);
    const model = await ridge().fit(take(x, train), take(y, train), { sampleWeight: weights });
    const predicted = await model.predict(take(x, test));
    expected.push(meanAbsoluteError(take(y, test), predicted, { sampleWeight: take(sampleWeight, test) }));
  }
  // The same numbers by the same kernels.
  assert.deepEqual([...scores], expected);
});

test('scores are the same bits for any number of threads, and progress ends at 1', async () => {
  const fractions: number[] = [];
  const onProgress = ({ fraction }: { readonly fraction: number }) => fractions.push(fraction);
  const one = await crossValidate(logisticRegression(), x, three, {
    threads: 1,
    scoring: 'logLoss',
    onProgress,
  });
  const two = await crossValidate(logisticRegression(), x, three, { threads: 2, scoring: 'logLoss' });
  const many = await crossValidate(logisticRegression(), x, three, { threads: 9, scoring: 'logLoss' });
  assert.deepEqual(one.testScores, two.testScores);
  assert.deepEqual(one.testScores, many.testScores);
  assert.equal(fractions.at(-1), 1);
  assert.ok(fractions.every((fraction, i) => i === 0 || fraction >= fractions[i - 1]));
});

test('a scorer of your own is computed on the labels and values it would get elsewhere', async () => {
  const own: Scorer = { ...getScorer('rmse', 'regression'), name: 'own', title: 'own' };
  const { testScores } = await crossValidate(ridge({ alpha: 2 }), x, y, { scoring: [own, 'rmse'] });
  assert.deepEqual(testScores.own, testScores.rmse);
  const seen = new Set<unknown>();
  const labelled: Scorer = {
    ...getScorer('accuracy', 'classification'),
    name: 'labelled',
    compute(truth: ArrayLike<unknown>, predicted: ArrayLike<unknown>) {
      for (const label of [...Array.from(truth), ...Array.from(predicted)]) seen.add(label);
      return truth.length;
    },
  } as Scorer;
  const result = await crossValidate(logistic, x, labels, { scoring: labelled });
  assert.deepEqual([...result.testScores.labelled], [12, 12, 12, 12, 12]);
  assert.deepEqual(seen, new Set(['yes', 'no']));
});

test('several targets are scored by their mean', async () => {
  const pairs = y.map((value, i) => [value, x[i][0]]);
  const { testScores } = await crossValidate(ridge(), x, pairs, { scoring: 'mae' });
  const first = await crossValScore(ridge(), x, y, { scoring: 'mae' });
  const second = await crossValScore(
    ridge(),
    x,
    x.map((row) => row[0]),
    { scoring: 'mae' },
  );
  // Targets solved together or apart share a factorisation but not the order of sums.
  assertClose(
    testScores.mae,
    first.map((score, i) => (score + second[i]) / 2),
    1e-12,
  );
});

test('the fitted models of the folds come back on demand, and predict as models do', async () => {
  const { models, splits } = await crossValidate(ridge({ alpha: 2 }), x, y, { returnModels: true });
  for (const [fold, model] of models.entries()) {
    const rows = [...splits[fold].train];
    const own = await ridge({ alpha: 2 }).fit(
      rows.map((row) => x[row]),
      rows.map((row) => y[row]),
    );
    assert.deepEqual(model!.coef, own.coef);
    assert.deepEqual(await model!.predict(x), await own.predict(x));
  }
  const classified = await crossValidate(logistic, x, labels, { returnModels: true, cv: 2 });
  assert.deepEqual(classified.models[0]!.classes, ['no', 'yes']);
  assert.equal((await crossValidate(ridge(), x, y)).models, undefined);
});

test('a failed fold counts as errorScore and says why; when all fail, an error does', async () => {
  const specification = moody({ refuseFirst: 0 });
  const some = await crossValidate(specification, [[0], [1], [2], [3]], [1, 2, 3, 4], {
    cv: 4,
    scoring: 'mae',
  });
  assert.deepEqual([...some.testScores.mae].map(Number.isNaN), [false, true, true, true]);
  assert.deepEqual(
    some.errors.map(({ fold }) => fold),
    [1, 2, 3],
  );
  assert.match(some.errors[0].message, /row 0/);
  const scored = await crossValidate(specification, [[0], [1], [2], [3]], [1, 2, 3, 4], {
    ...{ cv: 4, scoring: 'mae', errorScore: 7 },
  });
  assert.deepEqual([...scored.testScores.mae].slice(1), [7, 7, 7]);
  await assert.rejects(
    crossValidate(specification, [[0], [1], [2], [3]], [1, 2, 3, 4], {
      cv: 4,
      scoring: 'mae',
      errorScore: 'raise',
    }),
    /row 0/,
  );
  await assert.rejects(crossValidate(mean({ misbehave: 'throw' }), x, y), {
    code: 'select/all-folds-failed',
    message: /all 5 folds.*out of range/,
  });
});

test('groups reach the splitter and, row by row, the fits', async () => {
  const groups = x.map((_, i) => i % 7);
  const cv = groupKFold({ nSplits: 2 });
  const { models, splits } = await crossValidate(moody(), x, y, { cv, groups, returnModels: true });
  for (const [fold, { train }] of splits.entries()) {
    assert.deepEqual(
      models[fold]!.groups,
      Array.from(train, (row) => row % 7),
    );
  }
});

test('a metric that throws fails alone', async () => {
  const broken: Scorer = {
    ...getScorer('accuracy', 'classification'),
    name: 'broken',
    compute() {
      throw new RangeError('no opinion');
    },
  } as Scorer;
  const result = await crossValidate(logistic, x, labels, { cv: 3, scoring: [broken, 'accuracy'] });
  assert.ok(result.testScores.broken.every(Number.isNaN));
  assert.ok(result.testScores.accuracy.every(Number.isFinite));
  assert.deepEqual(
    result.errors,
    [0, 1, 2].map((fold) => ({ fold, message: 'no opinion' })),
  );
});

test('a class that the training rows lack is unknown to the model of that fold', async () => {
  const classes = ['a', 'a', 'b', 'b', 'c'];
  const rows = classes.map((_, i) => [i]);
  const cv = [{ train: [0, 1, 2, 3], test: [4, 0] }];
  const { testScores } = await crossValidate(mode(), rows, classes, { cv });
  assert.deepEqual([...testScores.accuracy], [0.5]);
});

test('an abort leaves nothing running', async () => {
  const abort = new AbortController();
  const running = crossValidate(mean({ rounds: 1000 }), x, y, { signal: abort.signal, threads: 2 });
  setTimeout(() => abort.abort(), 100);
  await assert.rejects(running, { code: 'job/aborted' });
  assert.equal(jobCount(), 0);
  await assert.rejects(crossValidate(mean(), x, y, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
});

test('misspelt options and metrics are named with the nearest', async () => {
  await assert.rejects(crossValidate(ridge(), x, y, { scorings: 'r2' } as object), /'scoring'/);
  await assert.rejects(crossValidate(ridge(), x, y, { scoring: 'rsme' }), /'rmse'/);
  await assert.rejects(crossValidate(ridge(), x, y, { scoring: 'accuracy' }), /not regression/);
  await assert.rejects(crossValidate(ridge(), x, y, { scoring: [] }), /scoring is empty/);
  await assert.rejects(crossValidate(ridge(), x, y, { scoring: ['r2', 'r2'] }), /twice/);
  await assert.rejects(crossValidate(ridge(), x, y, { cv: [{ train: [0], test: [99] }] }), /row 99/);
  await assert.rejects(crossValidate(ridge(), x, y.slice(1)), { code: 'data/length-mismatch' });
  await assert.rejects(crossValidate(ridge(), x, y, { threads: 0 }), /threads/);
});
