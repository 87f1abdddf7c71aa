import type { ModelFactory } from '../define/specification.ts';

/**
 * All models that heddle brings, by the name of their definition. Imports are lazy: a command or a file loads the one it
 * names. Read only by select, store, serve, cli and testing.
 */
const models = {
  agglomerative: async () => (await import('./agglomerative/agglomerative.ts')).agglomerative,
  autoencoder: async () => (await import('./autoencoder/autoencoder.ts')).autoencoder,
  'calibrated-classifier': async () =>
    (await import('./calibrated/calibrated-classifier.ts')).calibratedClassifier,
  'conformal-regressor': async () => (await import('./conformal/conformal-regressor.ts')).conformalRegressor,
  'decision-tree-classifier': async () =>
    (await import('./decision-tree/decision-tree-classifier.ts')).decisionTreeClassifier,
  'decision-tree-regressor': async () =>
    (await import('./decision-tree/decision-tree-regressor.ts')).decisionTreeRegressor,
  dqn: async () => (await import('./dqn/dqn.ts')).dqn,
  'dummy-classifier': async () => (await import('./dummy/dummy-classifier.ts')).dummyClassifier,
  'dummy-regressor': async () => (await import('./dummy/dummy-regressor.ts')).dummyRegressor,
  'elastic-net-cv': async () => (await import('./elastic-net/elastic-net-cv.ts')).elasticNetCV,
  'elastic-net': async () => (await import('./elastic-net/elastic-net.ts')).elasticNet,
  'extra-trees-classifier': async () =>
    (await import('./random-forest/extra-trees-classifier.ts')).extraTreesClassifier,
  'extra-trees-regressor': async () =>
    (await import('./random-forest/extra-trees-regressor.ts')).extraTreesRegressor,
  'gradient-boosting-classifier': async () =>
    (await import('./gradient-boosting/gradient-boosting-classifier.ts')).gradientBoostingClassifier,
  'gradient-boosting-ranker': async () =>
    (await import('./gradient-boosting/gradient-boosting-ranker.ts')).gradientBoostingRanker,
  'gradient-boosting-regressor': async () =>
    (await import('./gradient-boosting/gradient-boosting-regressor.ts')).gradientBoostingRegressor,
  'image-classifier': async () => (await import('./image-classifier/image-classifier.ts')).imageClassifier,
  'k-neighbors-classifier': async () =>
    (await import('./k-neighbors/k-neighbors-classifier.ts')).kNeighborsClassifier,
  'k-neighbors-regressor': async () =>
    (await import('./k-neighbors/k-neighbors-regressor.ts')).kNeighborsRegressor,
  'k-means': async () => (await import('./k-means/k-means.ts')).kMeans,
  'lasso-cv': async () => (await import('./elastic-net/lasso-cv.ts')).lassoCV,
  lasso: async () => (await import('./elastic-net/lasso.ts')).lasso,
  'linear-regression': async () =>
    (await import('./linear-regression/linear-regression.ts')).linearRegression,
  'linear-svm-classifier': async () =>
    (await import('./support-vector/linear-svm-classifier.ts')).linearSvmClassifier,
  'linear-svm-regressor': async () =>
    (await import('./support-vector/linear-svm-regressor.ts')).linearSvmRegressor,
  'logistic-regression-cv': async () =>
    (await import('./logistic-regression/logistic-regression-cv.ts')).logisticRegressionCV,
  'local-outlier-factor': async () =>
    (await import('./local-outlier-factor/local-outlier-factor.ts')).localOutlierFactor,
  'logistic-regression': async () =>
    (await import('./logistic-regression/logistic-regression.ts')).logisticRegression,
  'mlp-classifier': async () => (await import('./mlp/mlp-classifier.ts')).mlpClassifier,
  'mlp-regressor': async () => (await import('./mlp/mlp-regressor.ts')).mlpRegressor,
  'neural-network-classifier': async () =>
    (await import('./neural-network/neural-network-classifier.ts')).neuralNetworkClassifier,
  'neural-network-regressor': async () =>
    (await import('./neural-network/neural-network-regressor.ts')).neuralNetworkRegressor,
  'mini-batch-k-means': async () =>
    (await import('./mini-batch-k-means/mini-batch-k-means.ts')).miniBatchKMeans,
  'one-class-svm': async () => (await import('./support-vector/one-class-svm.ts')).oneClassSvm,
  'onnx-classifier': async () => (await import('./onnx-model/onnx-classifier.ts')).onnxClassifier,
  'onnx-regressor': async () => (await import('./onnx-model/onnx-regressor.ts')).onnxRegressor,
  'onnx-transformer': async () => (await import('./onnx-model/onnx-transformer.ts')).onnxTransformer,
  'policy-gradient-classifier': async () =>
    (await import('./policy-gradient/policy-gradient-classifier.ts')).policyGradientClassifier,
  'policy-gradient-regressor': async () =>
    (await import('./policy-gradient/policy-gradient-regressor.ts')).policyGradientRegressor,
  'q-learning': async () => (await import('./q-learning/q-learning.ts')).qLearning,
  'random-forest-classifier': async () =>
    (await import('./random-forest/random-forest-classifier.ts')).randomForestClassifier,
  'random-forest-regressor': async () =>
    (await import('./random-forest/random-forest-regressor.ts')).randomForestRegressor,
  'incremental-pca': async () => (await import('./pca/incremental-pca.ts')).incrementalPca,
  pca: async () => (await import('./pca/pca.ts')).pca,
  'ridge-cv': async () => (await import('./ridge/ridge-cv.ts')).ridgeCV,
  ridge: async () => (await import('./ridge/ridge.ts')).ridge,
  'svm-classifier': async () => (await import('./support-vector/svm-classifier.ts')).svmClassifier,
  'svm-regressor': async () => (await import('./support-vector/svm-regressor.ts')).svmRegressor,
  'threshold-classifier': async () =>
    (await import('./threshold/threshold-classifier.ts')).thresholdClassifier,
  'date-parts': async () => (await import('../prepare/date-parts/date-parts.ts')).dateParts,
  'column-transformer': async () =>
    (await import('../prepare/column-transformer/column-transformer.ts')).columnTransformer,
  'min-max-scaler': async () => (await import('../prepare/min-max-scaler/min-max-scaler.ts')).minMaxScaler,
  'one-hot-encoder': async () =>
    (await import('../prepare/one-hot-encoder/one-hot-encoder.ts')).oneHotEncoder,
  'ordinal-encoder': async () =>
    (await import('../prepare/ordinal-encoder/ordinal-encoder.ts')).ordinalEncoder,
  'simple-imputer': async () => (await import('../prepare/simple-imputer/simple-imputer.ts')).simpleImputer,
  'standard-scaler': async () =>
    (await import('../prepare/standard-scaler/standard-scaler.ts')).standardScaler,
  'pipeline-classifier': async () => (await import('../prepare/pipeline/pipeline.ts')).pipelineClassifier,
  'pipeline-clusterer': async () => (await import('../prepare/pipeline/pipeline.ts')).pipelineClusterer,
  'pipeline-regressor': async () => (await import('../prepare/pipeline/pipeline.ts')).pipelineRegressor,
  'pipeline-transformer': async () => (await import('../prepare/pipeline/pipeline.ts')).pipelineTransformer,
} satisfies Record<string, () => Promise<unknown>>;

/** Names of all registered definitions, sorted. */
export function modelNames(): string[] {
  return Object.keys(models).sort();
}

/** The factory of a registered model, or `undefined`. */
export async function findModel(name: string): Promise<ModelFactory | undefined> {
  if (!Object.hasOwn(models, name)) return undefined;
  return (await (models as Record<string, () => Promise<unknown>>)[name]!()) as ModelFactory;
}

/**
 * What the command calls a model: its name without the problem, since `random-forest` serves
 * `random-forest-classifier` and `random-forest-regressor` alike.
 */
export function familyOf(name: string): string {
  return name.replace(/-(classifier|regressor)$/, '');
}
