/**
 * Two spirals wound about each other, which no straight line divides: a support vector machine with an RBF kernel beside a linear one, its C and gamma chosen by
 * cross-validation, its scores turned into probabilities, and its answers to rows that it never saw.
 */
import assert from 'node:assert/strict';
import {
  accuracyScore,
  calibratedClassifier,
  linearSvmClassifier,
  logLoss,
  Matrix,
  pipeline,
  RandomState,
  standardScaler,
  svmClassifier,
  trainTestSplit,
} from '../src/index.ts';
import { gridSearch } from '../src/select/index.ts';

// 1. The data: 600 points on two arms of one and a half turns each, a little off them.
const random = new RandomState(7);
const names = ['inner', 'outer'] as const;
const y = Array.from({ length: 600 }, (_, i) => names[i % 2]!);
const rows = y.map((arm) => {
  const turn = Math.sqrt(random.uniform(0.05, 1)) * 3 * Math.PI;
  const angle = turn + (arm === 'outer' ? Math.PI : 0);
  return [
    turn * Math.cos(angle) + 0.4 * random.standardNormal(),
    turn * Math.sin(angle) + 0.4 * random.standardNormal(),
  ];
});
const x = Matrix.fromRows(rows, ['east', 'north']);
const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, y, {
  testSize: 0.25,
  stratify: y,
  randomState: 0,
});

// 2. A straight boundary, for comparison.
const straight = await pipeline(standardScaler(), linearSvmClassifier()).fit(xTrain, yTrain);

// 3. A boundary of any shape: how curved (gamma) and how strict (C) is chosen by cross-validation.
const machine = pipeline(standardScaler(), svmClassifier());
const { bestSpecification, bestParams, bestScore, model } = await gridSearch(machine, xTrain, yTrain, {
  grid: { 'svmClassifier.C': [1, 10, 100], 'svmClassifier.gamma': [0.5, 2, 8, 32] },
  cv: 5,
});

// 4. Scores become probabilities by a step of their own.
const calibrated = await calibratedClassifier({ estimator: bestSpecification }).fit(xTrain, yTrain);
const probabilities = await calibrated.predictProba(xTest);

const scores = {
  straight: accuracyScore(yTest, await straight.predict(xTest)),
  curved: accuracyScore(yTest, await model.predict(xTest)),
  logLoss: logLoss(yTest, probabilities),
};
const chosen = Object.entries(bestParams).map(([path, value]) => `${path.split('.').at(-1)} ${value}`);
console.log(`data        ${xTrain.rows} rows to learn from, ${xTest.rows} to test on`);
console.log(`chosen      ${chosen.join(', ')} (accuracy ${bestScore.toFixed(3)} in cross-validation)`);
console.log(
  `accuracy    ${scores.straight.toFixed(3)} straight, ${scores.curved.toFixed(3)} curved, on the test rows`,
);
console.log(`log loss    ${scores.logLoss.toFixed(3)} of the calibrated probabilities`);
console.log(`one row     [0, 0] is ${model.predictRow({ east: 0, north: 0 })}`);

assert.ok(scores.straight < 0.75, 'A straight line cannot divide the spirals.');
assert.ok(scores.curved >= 0.95, 'The curved boundary follows them.');
assert.ok(scores.logLoss < 0.2, 'The probabilities say so.');
