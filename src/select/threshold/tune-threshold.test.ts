import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { kFold } from '../../data/split/k-fold.ts';
import { f1Score } from '../../metrics/precision-recall.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { crossValPredict } from '../cross-validate/cross-val-predict.ts';
import { predictAtThreshold } from './predict-at-threshold.ts';
import { tuneThreshold } from './tune-threshold.ts';

const random = new RandomState(4);
// One row in eight is fraud, and the two overlap: at 0.5 most of it is missed.
const x = Array.from({ length: 240 }, () => [random.standardNormal(), random.standardNormal()]);
const y = x.map(([a], i): 'fraud' | 'good' =>
  i % 8 === 0 || a + random.standardNormal() > 2.5 ? 'fraud' : 'good',
);
const cv = kFold({ nSplits: 4, shuffle: true, randomState: 2 });

test('the threshold is the one that an exhaustive loop over the folds finds', async () => {
  const thresholds = [0.1, 0.2, 0.3, 0.5, 0.7];
  const tuned = await tuneThreshold(logisticRegression(), x, y, {
    ...{ cv, thresholds, scoring: 'f1Positive', positiveClass: 'fraud' },
  });
  const probabilities = await crossValPredict(logisticRegression(), x, y, { cv, method: 'predictProba' });
  const expected = thresholds.map((threshold) => {
    const scores = cv.split(x.length).map(({ test: rows }) => {
      const truth = Array.from(rows, (row) => y[row]);
      const predicted = Array.from(rows, (row) => (probabilities.at(row, 0) >= threshold ? 'fraud' : 'good'));
      return f1Score(truth, predicted, { positiveClass: 'fraud' });
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  });
  assert.deepEqual([...tuned.curve.scores], expected);
  const best = expected.indexOf(Math.max(...expected));
  assert.deepEqual([tuned.threshold, tuned.score], [thresholds[best], expected[best]]);
  assert.equal(tuned.scoreAtHalf, expected[3]);
  assert.ok(tuned.score > tuned.scoreAtHalf);
});

test('thresholds by default lie between the probabilities, and the tuned one can be applied', async () => {
  const tuned = await tuneThreshold(logisticRegression(), x, y, { cv, positiveClass: 'fraud' });
  assert.ok(tuned.curve.thresholds.length > 50);
  assert.ok(tuned.curve.thresholds.every((value, i, all) => i === 0 || value > all[i - 1]));
  const model = await logisticRegression().fit(x, y);
  const predicted: ('fraud' | 'good')[] = await predictAtThreshold(model, x, tuned);
  const probabilities = await model.predictProba(x);
  assert.deepEqual(
    predicted,
    x.map((_, i) => (probabilities.at(i, 0) >= tuned.threshold ? 'fraud' : 'good')),
  );
  assert.ok(predicted.filter((label) => label === 'fraud').length > 10);
});

test('metrics that no threshold changes, several classes and unfit thresholds are refused', async () => {
  await assert.rejects(
    tuneThreshold(logisticRegression(), x, y, { scoring: 'rocAuc' }),
    /no threshold changes it/,
  );
  await assert.rejects(
    tuneThreshold(
      logisticRegression(),
      x,
      x.map((_, i) => i % 3),
      { cv },
    ),
    /y holds 3/,
  );
  await assert.rejects(tuneThreshold(logisticRegression(), x, y, { thresholds: [2] }), /from 0 to 1/);
  await assert.rejects(tuneThreshold(logisticRegression(), x, y, { threshold: 3 } as object), /'thresholds'/);
  await assert.rejects(tuneThreshold(ridge() as never, x, y), /not regression/);
});
