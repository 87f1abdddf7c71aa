/** Input that every user meets once, for each of the classical models that it concerns: what is refused, how, and what is done with the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeddleError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import { kFold } from '../data/split/k-fold.ts';
import { hasMethod } from '../define/run.ts';
import type { Specification } from '../define/specification.ts';
import { crossValidate } from '../select/cross-validate/cross-validate.ts';
import { agglomerative } from './agglomerative/agglomerative.ts';
import { calibratedClassifier } from './calibrated/calibrated-classifier.ts';
import { elasticNetCV } from './elastic-net/elastic-net-cv.ts';
import { lassoCV } from './elastic-net/lasso-cv.ts';
import { kMeans } from './k-means/k-means.ts';
import { kNeighborsClassifier } from './k-neighbors/k-neighbors-classifier.ts';
import { kNeighborsRegressor } from './k-neighbors/k-neighbors-regressor.ts';
import { neighborSearch } from './k-neighbors/neighbor-search.ts';
import { localOutlierFactor } from './local-outlier-factor/local-outlier-factor.ts';
import { logisticRegression } from './logistic-regression/logistic-regression.ts';
import { logisticRegressionCV } from './logistic-regression/logistic-regression-cv.ts';
import { miniBatchKMeans } from './mini-batch-k-means/mini-batch-k-means.ts';
import { incrementalPca } from './pca/incremental-pca.ts';
import { pca } from './pca/pca.ts';
import { ridgeCV } from './ridge/ridge-cv.ts';
import { linearSvmClassifier } from './support-vector/linear-svm-classifier.ts';
import { linearSvmRegressor } from './support-vector/linear-svm-regressor.ts';
import { oneClassSvm } from './support-vector/one-class-svm.ts';
import { svmClassifier } from './support-vector/svm-classifier.ts';
import { svmRegressor } from './support-vector/svm-regressor.ts';

const ROWS = 24;
const points = Array.from({ length: ROWS }, (_, i) => [i, (i * i) % 7, Math.sin(i)]);
/** Each class has neighbouring rows. */
const classes = points.map((_, i) => 'abc'[Math.floor((3 * i) / ROWS)]!);
const values = points.map(([a, b]) => a! + 2 * b!);

interface Fitted {
  readonly specification: Specification;
  readonly labels?: Int32Array;
  predict?(x: readonly number[][]): Promise<ArrayLike<unknown>>;
  transform?(x: readonly number[][]): Promise<Matrix>;
}
type Fit = (x: readonly number[][], more?: { sampleWeight?: number[] }) => Promise<Fitted>;

/** A fit of any kind of model on rows in the order of {@link points}. */
function fitOf(specification: Specification): Fit {
  const { fit } = specification as unknown as { fit(...values: unknown[]): Promise<Fitted> };
  const quiet = { onWarning() {} };
  switch (specification.kind) {
    case 'classifier':
      return (x, more) => fit(x, classes, { ...quiet, ...more });
    case 'regressor':
      return (x, more) => fit(x, values, { ...quiet, ...more });
    case 'transformer':
      return (x, more) => fit(x, undefined, { ...quiet, ...more });
    default:
      return (x, more) => fit(x, { ...quiet, ...more });
  }
}

/** What a model says of rows, all of it finite or a label. */
async function sane(model: Fitted, x: readonly number[][]): Promise<unknown[]> {
  const { definition } = model.specification;
  const found = hasMethod(definition, 'predict')
    ? Array.from(await model.predict!(x))
    : definition.kind === 'transformer'
      ? Array.from((await model.transform!(x)).data)
      : Array.from(model.labels!);
  for (const value of found) assert.ok(typeof value === 'string' || Number.isFinite(value), String(value));
  return found;
}

const classifiers = {
  'logistic regression': logisticRegression(),
  'cross-validated logistic regression': logisticRegressionCV({ cv: 3, Cs: 3 }),
  'the support vector classifier': svmClassifier(),
  'the linear support vector classifier': linearSvmClassifier(),
  'the nearest-neighbours classifier': kNeighborsClassifier(),
  'the calibrated classifier': calibratedClassifier({ estimator: linearSvmClassifier(), cv: 3 }),
};
const models = {
  ...classifiers,
  'the support vector regressor': svmRegressor(),
  'the linear support vector regressor': linearSvmRegressor(),
  'the one-class support vector machine': oneClassSvm(),
  'the nearest-neighbours regressor': kNeighborsRegressor(),
  'the local outlier factor': localOutlierFactor({ nNeighbors: 5 }),
  'k-means': kMeans({ nClusters: 3 }),
  'mini-batch k-means': miniBatchKMeans({ nClusters: 3 }),
  'hierarchical clustering': agglomerative({ nClusters: 3 }),
  'principal components': pca({ nComponents: 2 }),
  'incremental principal components': incrementalPca({ nComponents: 2 }),
  'ridge along a path': ridgeCV(),
  'lasso along a path': lassoCV({ cv: 3 }),
  'the elastic net along a path': elasticNetCV({ cv: 3 }),
} satisfies Record<string, Specification>;

for (const [name, specification] of Object.entries(classifiers)) {
  test(`one class only is refused by ${name}, which names it`, async () => {
    await assert.rejects(
      specification.fit(
        points,
        points.map(() => '猫'),
      ),
      { code: 'data/one-class', message: /猫/ },
    );
  });

  test(`a class that the training rows of a fold lack is never predicted there by ${name}`, async () => {
    // Of rows sorted by class each third is a class of its own.
    const own = specification.name.startsWith('calibrated')
      ? calibratedClassifier({ estimator: linearSvmClassifier(), cv: 2 })
      : specification;
    const found = await crossValidate(own, points, classes, {
      cv: kFold({ nSplits: 3 }),
      scoring: ['accuracy'],
      onWarning() {},
    });
    assert.deepEqual(Array.from(found.testScores.accuracy), [0, 0, 0]);
  });
}

test('a class that the training rows of a fold lack is named by the calibrated classifier', async () => {
  const cv = { name: 'kFold', options: { nSplits: 3 } };
  for (const ensemble of [true, false]) {
    const calibrated = calibratedClassifier({ estimator: logisticRegression(), cv, ensemble });
    await assert.rejects(calibrated.fit(points, classes), {
      code: 'data/class-absent',
      message: /fold 1 have none of class "a"/,
    });
  }
});

test('a class of one row, absent from a fold, is still learned by cross-validated logistic regression', async () => {
  const y = classes.map((label, i) => (i === ROWS - 1 ? 'd' : label));
  for (const scoring of ['logLoss', 'accuracy'] as const) {
    const model = await logisticRegressionCV({ cv: 3, Cs: [1, 1000], scoring }).fit(points, y, {
      onWarning() {},
    });
    assert.deepEqual(model.classes, ['a', 'b', 'c', 'd']);
    assert.ok(model.scores.data.every(Number.isFinite));
  }
});

test('a fold whose training rows are of one class is refused by cross-validated logistic regression', async () => {
  const groups = points.map((_, i) => (i < ROWS / 2 ? 1 : 2));
  const y = groups.map((group) => (group === 1 ? 'x' : 'y'));
  await assert.rejects(logisticRegressionCV({ cv: 2 }).fit(points, y, { groups }), {
    code: 'data/class-absent',
    message: /training rows of fold 1 are all of class "[xy]"/,
  });
});

const tooLarge: [string, Specification, RegExp][] = [
  ['the nearest-neighbours classifier', kNeighborsClassifier({ nNeighbors: 25 }), /nNeighbors to at most 24/],
  ['the nearest-neighbours regressor', kNeighborsRegressor({ nNeighbors: 25 }), /nNeighbors to at most 24/],
  ['k-means', kMeans({ nClusters: 25 }), /24 rows/],
  ['mini-batch k-means', miniBatchKMeans({ nClusters: 25 }), /24 rows/],
  ['hierarchical clustering', agglomerative({ nClusters: 25 }), /24 rows/],
  ['principal components', pca({ nComponents: 4 }), /at most 3/],
  ['incremental principal components', incrementalPca({ nComponents: 4 }), /at most 3/],
  [
    'the calibrated classifier',
    calibratedClassifier({ estimator: logisticRegression(), cv: 25 }),
    /25 splits.*24.*Lower cv/,
  ],
  ['cross-validated logistic regression', logisticRegressionCV({ cv: 25 }), /25 splits.*24.*Lower cv/],
  ['ridge along a path', ridgeCV({ cv: 25 }), /25 splits.*24.*Lower cv/],
  ['lasso along a path', lassoCV({ cv: 25 }), /25 splits.*24.*Lower cv/],
  ['the elastic net along a path', elasticNetCV({ cv: 25 }), /25 splits.*24.*Lower cv/],
];
for (const [name, specification, message] of tooLarge) {
  test(`more neighbours, clusters, components or folds than there can be are refused by ${name}`, async () => {
    await assert.rejects(fitOf(specification)(points), (error: HeddleError) => {
      assert.match(error.code, /^(data\/too-few-rows|option\/invalid)$/);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('more neighbours than rows are refused by plain neighbour queries', async () => {
  const search = await neighborSearch(points);
  await assert.rejects(async () => search.kneighbors(points, { nNeighbors: 25 }), {
    code: 'data/too-few-rows',
    message: /24/,
  });
});

for (const [name, specification] of Object.entries(models)) {
  const fit = fitOf(specification);

  test(`constant features are no trouble to ${name}`, async () => {
    await sane(
      await fit(points.map(([a]) => [a!, 5, 5])),
      points.map(([a]) => [a!, 5, 6]),
    );
    const flat = points.map(() => [1, 2, 3]);
    await sane(await fit(flat), flat);
  });

  test(`NaN is refused by ${name}, which names its column and row`, async () => {
    const holed = points.map((row, i) => (i === 7 ? [row[0]!, Number.NaN, row[2]!] : row));
    await assert.rejects(fit(holed), { code: 'data/missing-value', message: /Column 1 .*row 7/ });
  });

  test(`negative weights are refused by ${name}`, async () => {
    const sampleWeight = points.map((_, i) => (i === 3 ? -1 : 1));
    await assert.rejects(fit(points, { sampleWeight }), { code: 'data/bad-weight', message: /3/ });
  });

  test(`points that are all repeated are no trouble to ${name}`, async () => {
    // Two places, where each class is at both; fewer than clusters.
    const repeated = points.map((_, i) => (i % 2 ? [1, 2, 0.5] : [3, 4, 0.25]));
    const found = await sane(await fit(repeated), repeated);
    // Three clusters of two places put some equal rows apart.
    if (specification.name === 'agglomerative') return;
    const width = found.length / ROWS;
    for (let i = 2 * width; i < found.length; i++) assert.equal(found[i], found[i - 2 * width]);
  });
}

const nonPositive: [string, (value: number) => Specification, string][] = [
  ['logistic regression', (C) => logisticRegression({ C }), "'C'"],
  ['cross-validated logistic regression', (C) => logisticRegressionCV({ Cs: [1, C] }), "'Cs"],
  ['the support vector classifier', (C) => svmClassifier({ C }), "'C'"],
  ['the support vector regressor', (C) => svmRegressor({ C }), "'C'"],
  ['the linear support vector classifier', (C) => linearSvmClassifier({ C }), "'C'"],
  ['the linear support vector regressor', (C) => linearSvmRegressor({ C }), "'C'"],
  ['the one-class support vector machine', (nu) => oneClassSvm({ nu }), "'nu'"],
];
for (const [name, make, option] of nonPositive) {
  test(`C ≤ 0 (or what stands for it) is refused by ${name}`, () => {
    for (const value of [0, -1, Number.NaN]) {
      assert.throws(
        () => make(value),
        (error: HeddleError) => {
          assert.equal(error.code, 'option/invalid');
          assert.ok(error.message.includes(option), error.message);
          return true;
        },
      );
    }
  });
}

/** tanh(x z / 20 − 3/2), whose matrix has eigenvalues of both signs. */
const indefinite = points.map(([a]) => points.map(([b]) => Math.tanh(0.05 * a! * b! - 1.5)));
for (const [name, machine] of [
  ['classifier', svmClassifier],
  ['regressor', svmRegressor],
  ['one-class machine', oneClassSvm],
] as const) {
  test(`a kernel that is not positive semi-definite ends converged in the support vector ${name}, given or computed`, async () => {
    const given = await fitOf(machine({ kernel: 'precomputed' }))(indefinite);
    const column = points.map(([a]) => [a!]);
    const computed = await fitOf(machine({ kernel: 'sigmoid', gamma: 0.05, coef0: -1.5 }))(column);
    for (const model of [given, computed]) assert.ok((model as { converged?: boolean }).converged);
    const [one, other] = [await sane(given, indefinite), await sane(computed, column)];
    one.forEach((value, i) => {
      if (typeof value === 'string') assert.equal(value, other[i]);
      // Kernel rows are in float32: 1e-7 of sums of up to some hundred, beside a stopping rule of 1e-3 that both pass alike.
      else assert.ok(Math.abs((value as number) - (other[i] as number)) < 0.05, `${value} and ${other[i]}`);
    });
  });
}
