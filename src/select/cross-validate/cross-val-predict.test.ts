import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kFold } from '../../data/split/k-fold.ts';
import { shuffleSplit } from '../../data/split/shuffle-split.ts';
import { mode } from '../../define/models.fixture.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { svmClassifier } from '../../models/support-vector/svm-classifier.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { assertClose } from '../close.fixture.ts';
import { crossValPredict } from './cross-val-predict.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/model_selection.json', import.meta.url), 'utf8'),
);
const x: number[][] = fixture.x;
const y: number[] = fixture.y;
const labels: ('no' | 'yes')[] = fixture.labels;
const three: number[] = fixture.three;
const logistic = logisticRegression({ tol: 1e-12, maxIter: 1000, solver: 'newton-cholesky' });
// Both sides solve to rounding errors; decision values reach 5.
const TOLERANCE = 1e-9;

test("predictions of unseen rows are scikit-learn's", async () => {
  const { predict } = fixture;
  assertClose(await crossValPredict(ridge({ alpha: 2 }), x, y), predict.ridge, TOLERANCE);
  const classes: ('no' | 'yes')[] = await crossValPredict(logistic, x, labels);
  assert.deepEqual(classes, predict.logistic);
  const probabilities = await crossValPredict(logistic, x, three, { method: 'predictProba' });
  assertClose(probabilities.data, predict.probabilities.flat(), TOLERANCE);
  const decisions = await crossValPredict(logistic, x, labels, { method: 'decisionFunction' });
  assert.equal(decisions.columns, 1);
  assertClose(decisions.data, predict.decisions, TOLERANCE);
});

test('several targets come back as a matrix in row order', async () => {
  const pairs = y.map((value) => [value, -value]);
  const predicted = await crossValPredict(ridge({ alpha: 2 }), x, pairs, {
    cv: kFold({ shuffle: true, randomState: 1 }),
  });
  assert.deepEqual([predicted.rows, predicted.columns], [60, 2]);
  // The second target is the first one negated.
  assertClose(
    predicted.column(1),
    predicted.column(0).map((value) => -value),
    1e-12,
  );
});

test('decision values of pairs of classes have a column a pair, also behind a preparation', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => [(i % 4) + 0.01 * i, (i % 4) ** 2 - 0.02 * i]);
  const classes = rows.map((_, i) => `class ${i % 4}`);
  const svm = svmClassifier({ decisionFunctionShape: 'ovo' });
  for (const model of [svm, pipeline(standardScaler(), svm)]) {
    const test = Int32Array.from({ length: 8 }, (_, i) => i);
    const train = Int32Array.from({ length: 32 }, (_, i) => i + 8);
    const cv = [
      { train, test },
      { train: test, test: train },
    ];
    const scores = await crossValPredict(model, rows, classes, { cv, method: 'decisionFunction' });
    assert.deepEqual([scores.rows, scores.columns], [40, 6]);
    const fitted = await model.fit(
      Array.from(train, (i) => rows[i]!),
      Array.from(train, (i) => classes[i]!),
    );
    const direct = await fitted.decisionFunction(rows.slice(0, 8));
    assert.deepEqual([direct.rows, direct.columns], [8, 6]);
    assert.deepEqual(scores.toRows().slice(0, 8), direct.toRows());
  }
});

test('probabilities of a class that a fold does not know are 0', async () => {
  const classes = ['a', 'a', 'b', 'b', 'c', 'c'];
  const rows = classes.map((_, i) => [i]);
  const cv = kFold({ nSplits: 3 });
  const probabilities = await crossValPredict(mode(), rows, classes, { cv, method: 'predictProba' });
  assert.deepEqual(probabilities.toRows()[0], [0, 0.5, 0.5]);
  assert.deepEqual(probabilities.toRows()[2], [0.5, 0, 0.5]);
  assert.deepEqual(await crossValPredict(mode(), rows, classes, { cv }), ['b', 'b', 'a', 'a', 'a', 'a']);
  await assert.rejects(
    crossValPredict(logisticRegression(), rows, classes, { cv, method: 'decisionFunction' }),
    { code: 'data/absent-class' },
  );
});

test('folds that predict a row never or twice, and methods that are lacking, are refused', async () => {
  await assert.rejects(crossValPredict(ridge(), x, y, { cv: shuffleSplit() }), /row \d+ is in/);
  await assert.rejects(
    crossValPredict(mode(), x, labels, { method: 'decisionFunction' }),
    /no decisionFunction/,
  );
  await assert.rejects(crossValPredict(ridge(), x, y, { methods: 'predict' } as object), /'method'/);
});
