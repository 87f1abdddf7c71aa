/** heddle: the machine-learning loop in TypeScript. Choosing, searching and judging models is in `heddle/select`,
 * drift in `heddle/monitor`, the checks for models of one's own in `heddle/testing`: what a program does not import, it does not load. */
export {
  AbortError,
  DataError,
  DependencyError,
  type ErrorDetails,
  FileError,
  HeddleError,
  JobError,
  OptionError,
} from './core/errors.ts';
export {
  type BooleanColumn,
  type Cell,
  type Column,
  countMissing,
  type DateColumn,
  Frame,
  isMissing,
  type NumberColumn,
  type StringColumn,
} from './core/frame.ts';
export type { Label } from './core/labels.ts';
export { Matrix, type MatrixInit } from './core/matrix.ts';
export {
  choices,
  describeOptions,
  integers,
  logUniform,
  type OptionDescription,
  option,
  type SearchSpace,
  uniform,
} from './core/options.ts';
export { RandomState } from './core/random.ts';
export type { Table, TableLike } from './core/table.ts';
export { type Augmentation, augmentationPresets } from './data/pictures/augment/augmentation.ts';
export { decodePicture } from './data/pictures/decode-picture.ts';
export type { PictureFormat, PictureShape } from './data/pictures/picture-format.ts';
export { PictureSet, type SkippedPicture } from './data/pictures/picture-set.ts';
export { type SheetOptions, type Tile, writePictureSheet } from './data/pictures/picture-sheet.ts';
export { readPictureFiles, readPictures } from './data/pictures/read-pictures.ts';
export { profileTable, type TableProfile } from './data/profile/profile-table.ts';
export type { CsvOptions } from './data/read/csv/options.ts';
export { type QueryOptions, query } from './data/read/query.ts';
export { readCsv } from './data/read/read-csv.ts';
export { readJson } from './data/read/read-json.ts';
export { readParquet, type TableOptions } from './data/read/read-parquet.ts';
export type { Source } from './data/read/source.ts';
export * from './data/split/index.ts';
export { type WriteCsvOptions, writeCsv } from './data/write/write-csv.ts';
export { type WriteParquetOptions, writeParquet } from './data/write/write-parquet.ts';
export {
  type ClassifierSpecification,
  defineClassifier,
  type FittedClassifier,
} from './define/define-classifier.ts';
export {
  type ClustererSpecification,
  defineClusterer,
  type FittedClusterer,
} from './define/define-clusterer.ts';
export {
  defineRegressor,
  type FittedRegressor,
  type RegressorSpecification,
} from './define/define-regressor.ts';
export {
  defineTransformer,
  type FittedTransformer,
  type TransformerSpecification,
} from './define/define-transformer.ts';
export { restoreModel } from './define/factory.ts';
export type { ClassifierFitOptions, FitOptions, PredictOptions } from './define/fit-options.ts';
export type { FittedModel, FittedRecord, RowLike, TrainingSummary } from './define/fitted.ts';
export type { OnnxBuilder, OnnxColumn, OnnxFrame, OnnxMatrix, OnnxTable, OnnxValue } from './define/onnx.ts';
export { type Specification, type SpecificationJson, specificationFromJson } from './define/specification.ts';
export {
  type CheckEnvironmentOptions,
  checkEnvironment,
  type EnvironmentReport,
} from './environments/check-environment.ts';
export type {
  Action,
  Environment,
  EnvironmentReference,
  Grid,
  Observation,
  ResetOptions,
  Step,
} from './environments/environment.ts';
export {
  type EvaluateOptions,
  evaluatePolicy,
  type PolicyEvaluation,
} from './environments/evaluate-policy.ts';
export { generateRandomMap } from './environments/frozen-lake.ts';
export {
  type EnvironmentDescription,
  listEnvironments,
  type MakeOptions,
  makeEnvironment,
} from './environments/make-environment.ts';
export {
  type ContinuousPolicySpecification,
  defineContinuousPolicy,
  type FittedContinuousPolicy,
} from './environments/policy/define-continuous-policy.ts';
export {
  definePolicy,
  type FittedPolicy,
  type PolicySpecification,
  policyActor,
} from './environments/policy/define-policy.ts';
export { drawLearningCurve } from './environments/policy/draw-learning-curve.ts';
export type { EnvironmentSource } from './environments/policy/environment-source.ts';
export type { LearnOptions } from './environments/policy/learn-policy.ts';
export type {
  Actor,
  ContinuousPolicyParts,
  Learned,
  LearningContext,
  LearningCurve,
  LearningRecord,
  PolicyParts,
} from './environments/policy/learning.ts';
export { type RandomSource, SeededSource } from './environments/random-source.ts';
export { type EpisodeRecord, type RecordOptions, recordEpisode } from './environments/record-episode.ts';
export type { SimulatedEnvironment } from './environments/simulate.ts';
export {
  type BoxSpace,
  box,
  type DiscreteSpace,
  discrete,
  type MultiDiscreteSpace,
  multiDiscrete,
  type Space,
  sampleSpace,
  spaceContains,
} from './environments/space.ts';
export type { TransitionTable } from './environments/transition-table.ts';
export {
  makeVectorEnvironment,
  type VectorEnvironment,
  type VectorOptions,
} from './environments/vector-environment.ts';
export { clipAction } from './environments/wrappers/clip-action.ts';
export { clipReward } from './environments/wrappers/clip-reward.ts';
export { discretizeObservation } from './environments/wrappers/discretize-observation.ts';
export { frameStack } from './environments/wrappers/frame-stack.ts';
export { normalizeObservation } from './environments/wrappers/normalize-observation.ts';
export { normalizeReward } from './environments/wrappers/normalize-reward.ts';
export { timeLimit } from './environments/wrappers/time-limit.ts';
export type { Job, JobOptions, Progress } from './jobs/job.ts';
export { closeIdleThreads } from './jobs/pool.ts';
export { cophenet, copheneticCorrelation, leavesList } from './math/hierarchical/cophenet.ts';
export { type FlatCut, fcluster } from './math/hierarchical/fcluster.ts';
export * from './metrics/index.ts';
export { agglomerative } from './models/agglomerative/agglomerative.ts';
export { type LinkageOptions, linkage } from './models/agglomerative/linkage.ts';
export { autoencoder } from './models/autoencoder/autoencoder.ts';
export { reconstructionError } from './models/autoencoder/reconstruction-error.ts';
export { calibratedClassifier } from './models/calibrated/calibrated-classifier.ts';
export { conformalRegressor } from './models/conformal/conformal-regressor.ts';
export { costComplexityPruningPath } from './models/decision-tree/cost-complexity-pruning-path.ts';
export { decisionTreeClassifier } from './models/decision-tree/decision-tree-classifier.ts';
export { decisionTreeRegressor } from './models/decision-tree/decision-tree-regressor.ts';
export { type DqnAttributes, dqn } from './models/dqn/dqn.ts';
export { dqnPresets } from './models/dqn/dqn-presets.ts';
export { dummyClassifier } from './models/dummy/dummy-classifier.ts';
export { dummyRegressor } from './models/dummy/dummy-regressor.ts';
export { elasticNet } from './models/elastic-net/elastic-net.ts';
export { elasticNetCV } from './models/elastic-net/elastic-net-cv.ts';
export { lasso } from './models/elastic-net/lasso.ts';
export { lassoCV } from './models/elastic-net/lasso-cv.ts';
export {
  type CustomLoss,
  customLoss,
  type LossDerivatives,
  type LossRows,
} from './models/gradient-boosting/custom-loss.ts';
export type { CustomMetric, MetricFunction, MetricRows } from './models/gradient-boosting/eval-metric.ts';
export { gradientBoostingClassifier } from './models/gradient-boosting/gradient-boosting-classifier.ts';
export { gradientBoostingRanker } from './models/gradient-boosting/gradient-boosting-ranker.ts';
export { gradientBoostingRegressor } from './models/gradient-boosting/gradient-boosting-regressor.ts';
export {
  type LightgbmModel,
  type ReadLightgbmOptions,
  readLightgbm,
} from './models/gradient-boosting/read-lightgbm.ts';
export { type ReadXgboostOptions, readXgboost } from './models/gradient-boosting/read-xgboost.ts';
export type { ForeignBooster } from './models/gradient-boosting/restore-foreign.ts';
export { writeLightgbm } from './models/gradient-boosting/write-lightgbm.ts';
export {
  type Explanation,
  type GradCamOptions,
  gradCam,
  type MaximizeOptions,
  maximizeActivations,
} from './models/image-classifier/explain/explain-pictures.ts';
export { firstLayerFilters } from './models/image-classifier/explain/first-layer-filters.ts';
export {
  type FitPicturesOptions,
  type FittedImageClassifier,
  fitPictures,
} from './models/image-classifier/fit-pictures.ts';
export {
  type ImageClassifierAttributes,
  imageClassifier,
} from './models/image-classifier/image-classifier.ts';
export {
  type PicturePredictions,
  predictPictures,
} from './models/image-classifier/predict-pictures.ts';
export { kMeans } from './models/k-means/k-means.ts';
export { kNeighborsClassifier } from './models/k-neighbors/k-neighbors-classifier.ts';
export { kNeighborsRegressor } from './models/k-neighbors/k-neighbors-regressor.ts';
export {
  type NeighborSearch,
  type NeighborSearchOptions,
  neighborSearch,
} from './models/k-neighbors/neighbor-search.ts';
export { linearRegression } from './models/linear-regression/linear-regression.ts';
export { localOutlierFactor } from './models/local-outlier-factor/local-outlier-factor.ts';
export { logisticRegression } from './models/logistic-regression/logistic-regression.ts';
export { logisticRegressionCV } from './models/logistic-regression/logistic-regression-cv.ts';
export { miniBatchKMeans } from './models/mini-batch-k-means/mini-batch-k-means.ts';
export { mlpClassifier } from './models/mlp/mlp-classifier.ts';
export { mlpRegressor } from './models/mlp/mlp-regressor.ts';
export { type FitStreamOptions, fitStream } from './models/neural-network/fit-stream.ts';
export { neuralNetworkClassifier } from './models/neural-network/neural-network-classifier.ts';
export { neuralNetworkRegressor } from './models/neural-network/neural-network-regressor.ts';
export type { RowPart, RowStream } from './models/neural-network/row-stream.ts';
export { type ImportedOnnx, type ImportOnnxOptions, importOnnx } from './models/onnx-model/import-onnx.ts';
export { onnxClassifier } from './models/onnx-model/onnx-classifier.ts';
export { onnxRegressor } from './models/onnx-model/onnx-regressor.ts';
export { onnxTransformer } from './models/onnx-model/onnx-transformer.ts';
export { type IncrementalPcaAttributes, incrementalPca } from './models/pca/incremental-pca.ts';
export { pca } from './models/pca/pca.ts';
export {
  a2c,
  type FittedPolicyGradient,
  type PolicyGradient,
  type PolicyGradientInput,
  policyGradient,
  ppo,
  reinforce,
} from './models/policy-gradient/policy-gradient.ts';
export {
  type PolicyGradientAttributes,
  policyGradientClassifier,
} from './models/policy-gradient/policy-gradient-classifier.ts';
export {
  type ContinuousPolicyGradientAttributes,
  policyGradientRegressor,
} from './models/policy-gradient/policy-gradient-regressor.ts';
export { drawQTable } from './models/q-learning/draw-q-table.ts';
export { type QLearningAttributes, qLearning } from './models/q-learning/q-learning.ts';
export { extraTreesClassifier } from './models/random-forest/extra-trees-classifier.ts';
export { extraTreesRegressor } from './models/random-forest/extra-trees-regressor.ts';
export { predictQuantiles } from './models/random-forest/predict-quantiles.ts';
export { randomForestClassifier } from './models/random-forest/random-forest-classifier.ts';
export { randomForestRegressor } from './models/random-forest/random-forest-regressor.ts';
export { ridge } from './models/ridge/ridge.ts';
export { ridgeCV } from './models/ridge/ridge-cv.ts';
export { linearSvmClassifier } from './models/support-vector/linear-svm-classifier.ts';
export { linearSvmRegressor } from './models/support-vector/linear-svm-regressor.ts';
export { oneClassDecisions, oneClassSvm } from './models/support-vector/one-class-svm.ts';
export { svmClassifier } from './models/support-vector/svm-classifier.ts';
export { svmRegressor } from './models/support-vector/svm-regressor.ts';
export { thresholdClassifier } from './models/threshold/threshold-classifier.ts';
export {
  type DecisionPath,
  type DecisionPathOptions,
  type DecisionStep,
  decisionPath,
} from './models/tree-explanations/decision-path.ts';
export { type DrawShapOptions, drawBeeswarm, drawWaterfall } from './models/tree-explanations/draw-shap.ts';
export { type DrawTreeOptions, drawTree } from './models/tree-explanations/draw-tree.ts';
export { type ExportTextOptions, exportText } from './models/tree-explanations/export-text.ts';
export { type ShapImportance, shapSummary } from './models/tree-explanations/shap-summary.ts';
export {
  type ShapOutput,
  type ShapValues,
  shapValues,
} from './models/tree-explanations/shap-values.ts';
export { type NetworkFunctions, type NetworkTensor, networkOf } from './nets/network-of.ts';
export { networkTable } from './nets/network-table.ts';
export { type DrawTrainingCurveOptions, drawTrainingCurve } from './nets/train/draw-training-curve.ts';
export { columnTransformer } from './prepare/column-transformer/column-transformer.ts';
export { dateParts } from './prepare/date-parts/date-parts.ts';
export { minMaxScaler } from './prepare/min-max-scaler/min-max-scaler.ts';
export { oneHotEncoder } from './prepare/one-hot-encoder/one-hot-encoder.ts';
export { ordinalEncoder } from './prepare/ordinal-encoder/ordinal-encoder.ts';
export { pipeline } from './prepare/pipeline/pipeline.ts';
export { simpleImputer } from './prepare/simple-imputer/simple-imputer.ts';
export { standardScaler } from './prepare/standard-scaler/standard-scaler.ts';
export { type LoadedModel, type LoadOptions, loadModel, saveModel } from './store/model-file.ts';
export { openRegistry, type RegistryOptions } from './store/registry/open-registry.ts';
export type {
  AliasMove,
  Lineage,
  ModelReference,
  ModelVersion,
  PruneResult,
  RegisteredModel,
  RegisterFacts,
  Registry,
  RegistryEvent,
  VerifyResult,
} from './store/registry/registry.ts';
export { type WatchOptions, watchAlias } from './store/registry/watch-alias.ts';
export { type ExportOnnxOptions, exportOnnx, type OnnxExport } from './tensor/onnx/export-onnx.ts';
export { type OnnxFile, readOnnx } from './tensor/onnx/read-onnx.ts';
