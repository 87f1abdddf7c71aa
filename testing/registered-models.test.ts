import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Specification } from '../src/define/specification.ts';
import { elasticNet } from '../src/models/elastic-net/elastic-net.ts';
import { linearRegression } from '../src/models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../src/models/logistic-regression/logistic-regression.ts';
import { findModel, modelNames } from '../src/models/registry.ts';
import { svmClassifier } from '../src/models/support-vector/svm-classifier.ts';
import { oneHotEncoder } from '../src/prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../src/prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../src/prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../src/prepare/standard-scaler/standard-scaler.ts';
import type { CheckOptions } from './check-model.ts';
import { classifierFile, regressorFile, transformerFile } from './onnx-files.fixture.ts';
import { registerChecks } from './register-checks.ts';
import { halves } from './sound-models.fixture.ts';

const penalised =
  'the penalty is weighed against the sum of the losses, which grows with the weights, as in scikit-learn';
const foldsCountRows = 'folds count rows whatever they weigh, so other rows come together';
const lastCannot = 'a pipeline continues with its last step, and the one here cannot continue';

/** A pipeline that takes missing values, with the last step given. */
const prepared = (last: Specification) => ({
  steps: [
    ['impute', simpleImputer()],
    ['scale', standardScaler()],
    ['last', last],
  ],
});
/** The same as a model, for those made of one. */
const fill = (last: Specification) => pipeline(simpleImputer(), standardScaler(), last);
/** Checks with three classes. */
const alwaysTwo = Object.fromEntries(
  (['labels-keep-their-type', 'classes-in-order', 'positive-class'] as const).map((name) => [
    name,
    'a threshold divides two classes; more are refused',
  ]),
);
const numbers = { kinds: ['number'] };

const drawsBatches = 'batches are drawn row by row, so other rows or weights make other batches';
const leavesCountRows = 'minSamplesLeaf counts rows whatever they weigh, as in LightGBM and scikit-learn';
const leavesWeigh =
  'minHessianLeaf is a sum of second derivatives, which grows with the weights, as in LightGBM';
const drawsRows = 'a bootstrap draws rows one by one, so rows repeated make other samples than rows weighted';
const dividesRows = 'folds are made of rows whatever they weigh, so rows repeated make other folds';
const learnsNothing = 'a baseline does not look at the columns';
const fileDecides = 'the graph of the file, which is taken as it is, gives NaN or infinities for such cells';
const fileTargets = 'the graph of the file has one target';
const fileClasses = 'the classes are those of the file';
/** With leaves of many rows only, boosting agrees with itself as far as its float32 gradients do. */
const largeLeaves: CheckOptions = {
  options: [{ maxDepth: 2, minSamplesLeaf: 1, minHessianLeaf: 0, nEstimators: 20 }],
  tolerance: 1e-5,
};

/** Layers that are more than dense, for rows of any number of columns. */
const rowLayers = [
  { kind: 'residual', layers: [{ kind: 'layerNorm' }, { kind: 'activation', function: 'gelu' }] },
  { kind: 'dense', units: 8 },
  { kind: 'batchNorm' },
  { kind: 'activation', function: 'relu' },
  { kind: 'reshape', shape: [2, 2, 2] },
  { kind: 'conv2d', filters: 3, kernelSize: 2 },
];

/** Boosting on columns of text, small ones. */
const setsOfText: CheckOptions = {
  columns: 'text',
  options: [{ minSamplesLeaf: 2, catSmooth: 1, minDataPerGroup: 1, nEstimators: 20 }],
  exceptions: { 'weights-repeat-rows': leavesCountRows },
};

/**
 * How each registered model is checked where the defaults do not suit it, more than once where it takes different kinds of
 * columns; and all exceptions, each with its reason.
 */
const how: Readonly<Record<string, CheckOptions | readonly CheckOptions[]>> = {
  agglomerative: {
    options: [
      { nClusters: 3 },
      { distanceThreshold: 4, linkage: 'average', metric: 'manhattan' },
      { linkage: 'single', nClusters: 3 },
      { linkage: 'complete', connectivity: 5, nClusters: 3 },
    ],
  },
  autoencoder: {
    options: [
      { hiddenLayerSizes: [6], maxIter: 20, learningRateInit: 0.01 },
      { hiddenLayerSizes: [5, 4], nComponents: 1, maxIter: 8, corruption: 0.2, validationFraction: 0.2 },
      { hiddenLayerSizes: [], maxIter: 8, variational: true },
    ],
    largeRows: 1000,
    // Trained in float32, where weights in another unit round otherwise.
    tolerance: 1e-5,
    exceptions: {
      'weights-repeat-rows': drawsBatches,
      'weights-of-zero': drawsBatches,
      'transform-undone': 'a code of fewer numbers cannot hold all of a row',
    },
  },
  'calibrated-classifier': {
    options: [
      {
        estimator: pipeline(simpleImputer(), standardScaler(), svmClassifier({ tol: 1e-9, gamma: 0.1 })),
        cv: 3,
      },
      {
        estimator: pipeline(
          simpleImputer(),
          standardScaler(),
          logisticRegression({ tol: 1e-10, maxIter: 1000 }),
        ),
        method: 'isotonic',
        ensemble: false,
        cv: 2,
      },
    ],
    largeRows: 600,
    exceptions: {
      'rare-class': 'a class of one row is in no training part of one fold, and is refused by name',
      'weights-repeat-rows': foldsCountRows,
      'weights-of-zero': foldsCountRows,
      'weights-in-any-unit': penalised,
    },
  },
  'column-transformer': [
    {
      exceptions: { 'infinity-refused': 'what is passed through is passed through as it is' },
      options: [
        { transformers: [{ name: 'numbers', transformer: standardScaler(), columns: numbers }] },
        { transformers: [], remainder: 'passthrough' },
      ],
    },
    {
      columns: 'text',
      options: [{ transformers: [], remainder: oneHotEncoder() }],
    },
  ],
  'conformal-regressor': {
    options: [
      { estimator: fill(linearRegression()), coverage: 0.8, cv: 3 },
      { estimator: fill(linearRegression()), method: 'split', calibrationSize: 0.5, coverage: 0.5 },
    ],
    largeRows: 2000,
    exceptions: { 'weights-repeat-rows': dividesRows, 'weights-of-zero': dividesRows },
  },
  'date-parts': { columns: 'dates' },
  'decision-tree-classifier': {
    options: [{}, { criterion: 'entropy', maxLeafNodes: 6 }, { maxDepth: 3, ccpAlpha: 0.01 }],
  },
  'decision-tree-regressor': {
    options: [
      {},
      { maxLeafNodes: 12 },
      { maxDepth: 6, ccpAlpha: 0.001 },
      { splitter: 'random' },
      { criterion: 'absoluteError', maxDepth: 5 },
    ],
  },
  'dummy-classifier': { exceptions: { 'classifier-learns': learnsNothing } },
  'dummy-regressor': { exceptions: { 'regressor-learns': learnsNothing } },
  'elastic-net': {
    options: [{}, { alpha: 0.1, l1Ratio: 0.9, fitIntercept: false }, { selection: 'random' }],
  },
  'extra-trees-classifier': { options: [{ nEstimators: 10 }, { nEstimators: 4, criterion: 'entropy' }] },
  'extra-trees-regressor': { options: [{ nEstimators: 10 }, { nEstimators: 4, maxFeatures: 2 }] },
  'gradient-boosting-classifier': [
    { exceptions: { 'weights-repeat-rows': leavesCountRows, 'weights-in-any-unit': leavesWeigh } },
    largeLeaves,
    setsOfText,
  ],
  'gradient-boosting-regressor': [
    {
      options: [{}, { loss: 'huber' }, { loss: 'quantile', quantile: 0.8 }],
      exceptions: { 'weights-repeat-rows': leavesCountRows },
    },
    largeLeaves,
    setsOfText,
  ],
  'image-classifier': {
    options: [
      { filters: [8], hiddenUnits: 8, epochs: 40, dropout: 0, learningRate: 0.02, augmentation: 'none' },
      { preset: 'residual', filters: [6, 8], hiddenUnits: 0, epochs: 30, balance: 0.5, learningRate: 0.02 },
    ],
    largeRows: 400,
    // Trained in float32, where weights in another unit round otherwise.
    tolerance: 1e-5,
    exceptions: { 'weights-repeat-rows': drawsBatches },
  },
  lasso: { options: [{}, { alpha: 0.1, positive: true }, { selection: 'random', randomState: 3 }] },
  'linear-regression': { options: [{}, { fitIntercept: false }, { positive: true }] },
  'local-outlier-factor': {
    options: [{ nNeighbors: 5 }, { nNeighbors: 8, contamination: 0.1, metric: 'manhattan' }],
    exceptions: {
      'labels-agree-with-predict': 'a training row that is asked about is its own neighbour',
    },
  },
  'logistic-regression': {
    // Fits that agree in exact arithmetic meet only where the solver has converged.
    options: [
      { tol: 1e-10, maxIter: 1000 },
      { tol: 1e-10, maxIter: 1000, solver: 'lbfgs', C: 0.1 },
      { tol: 1e-10, maxIter: 1000, classWeight: 'balanced', fitIntercept: false },
      { tol: 1e-10, maxIter: 1000, l1Ratio: 0.5 },
      { tol: 1e-10, maxIter: 1000, l1Ratio: 1, solver: 'lbfgs' },
    ],
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'logistic-regression-cv': {
    options: [{ cv: 2, Cs: 4, tol: 1e-10, maxIter: 1000 }],
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'mini-batch-k-means': [
    {
      options: [{ nClusters: 3 }, { nClusters: 3, init: 'random', batchSize: 16 }],
      exceptions: { 'weights-repeat-rows': drawsBatches, 'weights-of-zero': drawsBatches },
    },
  ],
  ...Object.fromEntries(
    ['mlp-classifier', 'mlp-regressor'].map((name) => [
      name,
      [
        {
          options: [{ hiddenLayerSizes: [12], learningRateInit: 0.01, maxIter: 60 }],
          largeRows: 1000,
          exceptions: {
            'weights-repeat-rows': drawsBatches,
            'weights-of-zero': drawsBatches,
            'weights-in-any-unit': penalised,
          },
        },
        // Without hidden layers there is one minimum, where fits that agree in exact arithmetic meet.
        {
          options: [{ hiddenLayerSizes: [], solver: 'lbfgs', tol: 1e-10, maxIter: 1000, alpha: 0.1 }],
          largeRows: 600,
          exceptions: { 'weights-in-any-unit': penalised },
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['neural-network-classifier', 'neural-network-regressor'].map((name) => [
      name,
      [
        {
          options: [
            {
              layers: [
                { kind: 'dense', units: 12 },
                { kind: 'activation', function: 'tanh' },
              ],
              learningRate: 0.02,
              epochs: 40,
            },
          ],
          ...{
            largeRows: 1000,
            exceptions: { 'weights-repeat-rows': drawsBatches, 'weights-of-zero': drawsBatches },
          },
          // Trained in float32, where weights in another unit round otherwise.
          tolerance: 1e-5,
        },
        {
          options: [
            {
              layers: rowLayers,
              learningRate: 0.02,
              epochs: 25,
              validationFraction: 0.2,
              schedule: 'cosine',
            },
          ],
          ...{ largeRows: 300, tolerance: 1e-4 },
          exceptions: {
            'weights-repeat-rows': drawsBatches,
            'weights-of-zero': drawsBatches,
          },
        },
      ],
    ]),
  ),
  'linear-svm-classifier': {
    options: [{ tol: 1e-10 }, { tol: 1e-10, loss: 'hinge', maxIter: 20_000 }],
    largeRows: 1000,
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'linear-svm-regressor': {
    options: [
      { tol: 1e-10, maxIter: 20_000 },
      { tol: 1e-10, loss: 'squaredEpsilonInsensitive', epsilon: 0.1 },
    ],
    largeRows: 1000,
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'min-max-scaler': { options: [{}, { featureRange: [-1, 2], clip: true }] },
  'one-hot-encoder': [
    { columns: 'text', options: [{}, { handleUnknown: 'ignore', drop: 'first' }] },
    { columns: 'categories' },
  ],
  'ordinal-encoder': [{ columns: 'text' }, { columns: 'categories' }],
  // γ is given, since 'scale' is by the variance of the rows whatever they weigh, as in scikit-learn.
  'one-class-svm': { options: [{ tol: 1e-9, nu: 0.2, gamma: 0.1 }], largeRows: 400 },
  'onnx-classifier': {
    options: [{ file: classifierFile }],
    exceptions: {
      'missing-in-fit': fileDecides,
      'missing-in-predict': fileDecides,
      'infinity-refused': fileDecides,
      'output-shapes': fileClasses,
      'rare-class': fileClasses,
      'labels-keep-their-type': fileClasses,
      'classes-in-order': fileClasses,
      'positive-class': fileClasses,
      'probabilities-valid': fileClasses,
      'predict-agrees-with-scores': fileClasses,
      'classifier-learns': fileClasses,
      'row-at-once': fileClasses,
      'onnx-agrees': fileClasses,
    },
  },
  'onnx-regressor': {
    options: [{ file: regressorFile }],
    exceptions: {
      'missing-in-fit': fileDecides,
      'missing-in-predict': fileDecides,
      'infinity-refused': fileDecides,
      'several-targets': fileTargets,
      'attributes-are-data': fileTargets,
    },
  },
  'onnx-transformer': {
    options: [{ file: transformerFile }],
    exceptions: { 'infinity-refused': fileDecides },
  },
  'pipeline-classifier': {
    options: [prepared(logisticRegression({ tol: 1e-10, maxIter: 1000 }))],
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'pipeline-clusterer': {
    options: [prepared(halves())],
    exceptions: { 'continues-from-a-model': lastCannot },
  },
  'pipeline-regressor': { options: [prepared(elasticNet())] },
  'pipeline-transformer': {
    options: [{ steps: [['scale', standardScaler()]] }],
    exceptions: { 'continues-from-a-model': lastCannot },
  },
  'random-forest-classifier': [
    { options: [{ nEstimators: 20 }], exceptions: { 'weights-repeat-rows': drawsRows } },
    { options: [{ nEstimators: 4, bootstrap: false, criterion: 'entropy' }] },
    { options: [{ nEstimators: 4, bootstrap: false, splits: 'histogram' }] },
  ],
  'random-forest-regressor': [
    { options: [{ nEstimators: 20 }], exceptions: { 'weights-repeat-rows': drawsRows } },
    { options: [{ nEstimators: 4, bootstrap: false, maxFeatures: 2 }] },
    { options: [{ nEstimators: 4, bootstrap: false, splits: 'histogram' }] },
  ],
  'ridge-cv': [
    { exceptions: { 'weights-in-any-unit': penalised } },
    {
      options: [{ cv: 3 }],
      exceptions: {
        'weights-in-any-unit': penalised,
        'weights-repeat-rows': dividesRows,
        'weights-of-zero': dividesRows,
      },
    },
  ],
  ridge: {
    options: [{}, { alpha: 10, fitIntercept: false }],
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'simple-imputer': [
    { options: [{}, { strategy: 'median', addIndicator: true }] },
    { columns: 'text', options: [{ strategy: 'mostFrequent' }] },
  ],
  'svm-classifier': {
    options: [
      { tol: 1e-9, gamma: 0.1 },
      { tol: 1e-9, kernel: 'linear', C: 0.1, maxIter: 50_000, classWeight: 'balanced' },
      { tol: 1e-9, kernel: 'sigmoid', gamma: 0.05 },
    ],
    largeRows: 400,
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'svm-regressor': {
    options: [
      { tol: 1e-9, gamma: 0.1 },
      { tol: 1e-9, kernel: 'poly', degree: 2, coef0: 1, gamma: 0.1, maxIter: 50_000 },
    ],
    largeRows: 400,
    exceptions: { 'weights-in-any-unit': penalised },
  },
  'threshold-classifier': [
    {
      ...{ mostClasses: 2, largeRows: 1000 },
      options: [
        { estimator: fill(logisticRegression({ tol: 1e-10, maxIter: 1000 })), threshold: 0.3 },
        { estimator: fill(svmClassifier({ tol: 1e-9, gamma: 0.1 })), threshold: 0.01 },
      ],
      exceptions: { ...alwaysTwo, 'weights-in-any-unit': penalised },
    },
    {
      ...{ mostClasses: 2, largeRows: 600 },
      options: [
        { estimator: fill(logisticRegression({ tol: 1e-10, maxIter: 1000 })), cv: 3 },
        { estimator: fill(svmClassifier({ tol: 1e-9, gamma: 0.1 })), cv: 0.4, thresholds: 20 },
      ],
      exceptions: {
        ...alwaysTwo,
        'predict-agrees-with-scores': 'another threshold than the usual one is what it is for',
        'weights-of-zero': foldsCountRows,
        'weights-in-any-unit': penalised,
      },
    },
  ],
};

test('only registered models are listed here', () => {
  assert.deepEqual(
    Object.keys(how).filter((name) => !modelNames().includes(name)),
    [],
  );
});

for (const name of modelNames()) {
  const factory = (await findModel(name))!;
  // A policy is not fitted to rows: `policies/` holds the checks that suit it.
  const { learnsFrom = 'rows' } = factory.definition;
  if (learnsFrom !== 'rows') continue;
  for (const options of [how[name] ?? {}].flat()) registerChecks(factory, options);
}
