/** `heddle/monitor`: drift between tables and in streams, and model files that know what they were trained on. */
export { chiSquared } from './drift/chi-squared.ts';
export type { Comparison, DriftStatistic } from './drift/comparison.ts';
export type { FeatureDriftOptions } from './drift/drift-options.ts';
export { type ColumnDrift, type FeatureDrift, featureDrift } from './drift/feature-drift.ts';
export { featureDriftAsync } from './drift/feature-drift-async.ts';
export { jensenShannon } from './drift/jensen-shannon.ts';
export { kolmogorovSmirnov } from './drift/kolmogorov-smirnov.ts';
export type { MissingDrift } from './drift/missing-drift.ts';
export { parseReferenceSummary } from './drift/parse-reference-summary.ts';
export { populationStability } from './drift/population-stability.ts';
export { quantileBinCounts } from './drift/quantile-bins.ts';
export {
  type ColumnSummary,
  type ReferenceSummary,
  type SummariseReferenceOptions,
  summariseReference,
} from './drift/summarise-reference.ts';
export type { UnseenLevels } from './drift/unseen-levels.ts';
export { wassersteinDistance } from './drift/wasserstein.ts';
export { countFeedback, type FeedbackCounts } from './log/count-feedback.ts';
export { openPredictionLog, type PredictionLogOptions } from './log/open-prediction-log.ts';
export { predictionId } from './log/prediction-id.ts';
export type { Feedback, LoggedPrediction, LogQuery, LogWindow, PredictionLog } from './log/prediction-log.ts';
export { readLog } from './log/read-log.ts';
export type { MonitorOptions } from './monitor-options.ts';
export { type MonitorReference, monitorWindow } from './monitor-window.ts';
export { type DomainDrift, type DomainDriftOptions, domainDrift } from './multivariate/domain-drift.ts';
export { type EstimatedLoss, estimateLoss } from './performance/estimated-loss.ts';
export type { EstimatedPerformance } from './performance/estimated-performance.ts';
export { type ExpectedScores, expectedScores } from './performance/expected-scores.ts';
export type { MeasuredMetric, MeasuredPerformance } from './performance/measured-performance.ts';
export type { QualityIssue, QualityIssueKind, QualityReport } from './quality/check-quality.ts';
export type { Comparison as ModelComparison, Scores } from './retrain/compare-models.ts';
export { type Decision, type Retraining, retrain } from './retrain/retrain.ts';
export type { RetrainOptions, SourcedTable } from './retrain/retrain-options.ts';
export { type AdwinOptions, type AdwinState, type AdwinUpdate, adwin } from './streaming/adwin.ts';
export {
  type PageHinkleyOptions,
  type PageHinkleyState,
  type PageHinkleyUpdate,
  pageHinkley,
} from './streaming/page-hinkley.ts';
export { type StreamChange, streamChanges } from './streaming/stream-changes.ts';
export {
  loadTrained,
  type SaveTrainedOptions,
  saveTrained,
  type TrainedFacts,
  type TrainedModel,
  trainedFacts,
} from './trained-model.ts';
export type { Alarm, Check, MonitoredWindow, WindowReport } from './window-report.ts';
