/** 10⁵ classes, as when an identifier is taken for the target: each classifier finishes, or says at once what that would take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../core/matrix.ts';
import type { ClassifierSpecification } from '../define/define-classifier.ts';
import { pipeline } from '../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../prepare/standard-scaler/standard-scaler.ts';
import { calibratedClassifier } from './calibrated/calibrated-classifier.ts';
import { decisionTreeClassifier } from './decision-tree/decision-tree-classifier.ts';
import { dummyClassifier } from './dummy/dummy-classifier.ts';
import { gradientBoostingClassifier } from './gradient-boosting/gradient-boosting-classifier.ts';
import { kNeighborsClassifier } from './k-neighbors/k-neighbors-classifier.ts';
import { logisticRegression } from './logistic-regression/logistic-regression.ts';
import { logisticRegressionCV } from './logistic-regression/logistic-regression-cv.ts';
import { mlpClassifier } from './mlp/mlp-classifier.ts';
import { neuralNetworkClassifier } from './neural-network/neural-network-classifier.ts';
import { extraTreesClassifier } from './random-forest/extra-trees-classifier.ts';
import { randomForestClassifier } from './random-forest/random-forest-classifier.ts';
import { linearSvmClassifier } from './support-vector/linear-svm-classifier.ts';
import { svmClassifier } from './support-vector/svm-classifier.ts';
import { thresholdClassifier } from './threshold/threshold-classifier.ts';

const CLASSES = 100_000;

/** Class c has the rows `each · c` and those that follow, near the point (c, c mod 317). */
function table(each: number): { readonly x: Matrix; readonly y: Int32Array } {
  const x = Matrix.zeros(each * CLASSES, 2);
  const y = new Int32Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    const c = Math.floor(i / each);
    x.data.set([c + (i % each) / (10 * each), c % 317], 2 * i);
    y[i] = c;
  }
  return { x, y };
}

const single = table(1);
const pairs = table(2);

const refused: [string, () => ClassifierSpecification, RegExp][] = [
  ['logistic regression', () => logisticRegression(), /100000 rows .* 100000 classes.* \d+ hours.*maxIter/],
  [
    'logistic regression with an L1 penalty',
    () => logisticRegression({ l1Ratio: 1 }),
    /100000 classes.* \d+ hours/,
  ],
  ['cross-validated logistic regression', () => logisticRegressionCV(), /100000 classes.* \d+ hours/],
  ['the linear support vector machine', () => linearSvmClassifier(), /100000 classes.* \d+ hours/],
  [
    'the linear support vector machine with the hinge',
    () => linearSvmClassifier({ loss: 'hinge' }),
    /100000 classes.* \d+ hours/,
  ],
  ['the support vector machine', () => svmClassifier(), /4999950000 models and up to 75 GiB/],
  ['a tree without limits', () => decisionTreeClassifier(), /199999 nodes .* 800 MB.*maxDepth/],
  ['the random forest', () => randomForestClassifier(), /100000 classes needs \d+ GiB more/],
  ['the forest of extra trees', () => extraTreesClassifier(), /100000 classes needs \d+ GiB more/],
  ['gradient boosting', () => gradientBoostingClassifier(), /100000 classes.* \d+ hours.*nEstimators/],
  [
    'gradient boosting of one iteration',
    () => gradientBoostingClassifier({ nEstimators: 1 }),
    /100000 classes needs \d+ GiB more/,
  ],
  ['the multilayer perceptron', () => mlpClassifier(), /100000 classes.* \d+ hours.*maxIter/],
  ['a neural network', () => neuralNetworkClassifier(), /100000 classes.* \d+ hours.*epochs/],
  [
    'a pipeline around logistic regression',
    () => pipeline(standardScaler(), logisticRegression()) as ClassifierSpecification,
    /100000 classes.* \d+ hours/,
  ],
];

for (const [name, specification, message] of refused) {
  test(`10⁵ classes are refused by ${name}, with what they would take`, async () => {
    const { x, y } = single;
    await assert.rejects(specification().fit(x, y), { code: 'data/too-many-classes', message });
  });
}

for (const method of ['sigmoid', 'isotonic'] as const) {
  test(`10⁵ classes are refused by ${method} calibration before any fit, with what their scores would take`, async () => {
    const { x, y } = pairs;
    await assert.rejects(
      calibratedClassifier({ estimator: kNeighborsClassifier(), cv: 2, method }).fit(x, y),
      {
        code: 'data/too-many-classes',
        message: /each of 100000 rows and 100000 classes takes 75 GiB/,
      },
    );
  });
}

test('10⁵ classes have no single threshold', async () => {
  const { x, y } = single;
  await assert.rejects(thresholdClassifier({ estimator: dummyClassifier() }).fit(x, y), {
    code: 'data/not-two-classes',
    message: /100000/,
  });
});

const finished: [string, () => ClassifierSpecification, number][] = [
  ['nearest neighbours', () => kNeighborsClassifier({ nNeighbors: 1 }), 1],
  [
    'a pipeline around nearest neighbours',
    () => pipeline(standardScaler(), kNeighborsClassifier({ nNeighbors: 1 })) as ClassifierSpecification,
    1,
  ],
  // Each split takes one row off, all being equally good: 4 leaves of 10⁵ shares.
  ['a tree with a limit', () => decisionTreeClassifier({ maxDepth: 3 }), 4 / CLASSES],
  ['the most frequent class', () => dummyClassifier(), 1 / CLASSES],
  // Expected is 1 row, five standard deviations of a Poisson number more are 6.
  ['a drawn class', () => dummyClassifier({ strategy: 'stratified' }), -6 / CLASSES],
];

for (const [name, specification, share] of finished) {
  test(`10⁵ classes are fitted and predicted by ${name}`, async () => {
    const { x, y } = single;
    const model = await specification().fit(x, y);
    const predicted = await model.predict(x);
    const right = predicted.filter((label, i) => label === y[i]).length / x.rows;
    assert.ok(share < 0 ? right <= -share : Math.abs(right - share) < 1e-12, `${right} of ${share}`);
    await assert.rejects(model.predictProba(x), {
      code: 'data/too-many-classes',
      message: /100000 rows and 100000 classes takes 75 GiB.*fewer rows at a time/,
    });
    assert.equal((await model.predictProba(x.take([0, 1]))).columns, CLASSES);
  });
}
