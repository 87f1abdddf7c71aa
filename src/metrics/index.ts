/** Metrics: pure functions of truth and prediction. */
export {
  type AgreementOptions,
  accuracyScore,
  type BalancedAccuracyOptions,
  balancedAccuracyScore,
  type CohenKappaOptions,
  type CountableOptions,
  cohenKappaScore,
  hammingLoss,
  matthewsCorrcoef,
  zeroOneLoss,
} from './agreement.ts';
export {
  type AreaAverage,
  type AveragePrecisionOptions,
  averagePrecisionScore,
  type RocAucOptions,
  rocAucScore,
} from './areas.ts';
export { auc } from './auc.ts';
export {
  type CalibrationCurve,
  type CalibrationCurveOptions,
  calibrationCurve,
} from './calibration-curve.ts';
export {
  calinskiHarabaszScore,
  daviesBouldinScore,
  type SilhouetteMetric,
  type SilhouetteOptions,
  type SilhouetteScoreOptions,
  silhouetteSamples,
  silhouetteScore,
} from './cluster-separation.ts';
export {
  adjustedMutualInfoScore,
  adjustedRandScore,
  completenessScore,
  fowlkesMallowsScore,
  homogeneityScore,
  type InformationAverage,
  type InformationOptions,
  mutualInfoScore,
  normalizedMutualInfoScore,
  pairConfusionMatrix,
  randScore,
  type VMeasureOptions,
  vMeasureScore,
} from './clustering.ts';
export {
  ConfusionMatrix,
  type ConfusionMatrixOptions,
  type ConfusionNormalization,
  confusionMatrix,
} from './confusion-matrix.ts';
export {
  type DetCurve,
  type DetCurveOptions,
  detCurve,
  type PrecisionRecallCurve,
  type PrecisionRecallCurveOptions,
  precisionRecallCurve,
  type RocCurve,
  type RocCurveOptions,
  rocCurve,
} from './curves.ts';
export {
  type DevianceOptions,
  d2TweedieScore,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanTweedieDeviance,
  type TweedieOptions,
} from './deviance.ts';
export {
  type ClassificationEvaluation,
  type ClassifierOutput,
  evaluateClassification,
  evaluateRegression,
  type PositiveClassEvaluation,
  type RegressionEvaluation,
} from './evaluate.ts';
export {
  d2AbsoluteErrorScore,
  d2PinballScore,
  explainedVarianceScore,
  r2Score,
  type ScoreOptions,
} from './explained.ts';
export type { Labels } from './labels.ts';
export type {
  Multioutput,
  MultioutputResult,
  RegressionMetricOptions,
  ScoreMultioutput,
  Targets,
} from './outputs.ts';
export {
  type Average,
  type ClassMetricOptions,
  type FbetaOptions,
  f1Score,
  fbetaScore,
  jaccardScore,
  type PrecisionRecallFscoreSupport,
  precisionRecallFscoreSupport,
  precisionScore,
  recallScore,
} from './precision-recall.ts';
export {
  type BrierOptions,
  brierScoreLoss,
  d2BrierScore,
  d2LogLossScore,
  type LogLossOptions,
  logLoss,
  type ProbabilityOptions,
} from './probabilistic.ts';
export { type DcgOptions, dcgScore, ndcgScore } from './ranking.ts';
export {
  type ClassificationScorer,
  getScorer,
  type LabelScorer,
  type ProbabilityScorer,
  type RegressionScorer,
  type Scorer,
  type ScorerContext,
  type ScoreScorer,
  scorers,
} from './registry.ts';
export {
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanPinballLoss,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  type PinballOptions,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
} from './regression.ts';
export {
  ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
  type ReportClass,
  type ReportFigures,
} from './report.ts';
export type { CurveOptions } from './thresholds.ts';
export { type TopKAccuracyOptions, topKAccuracyScore } from './top-k.ts';
export type { MatrixLike, Numbers, NumberTable } from './validate.ts';
