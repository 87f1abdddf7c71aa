/** `heddle/select`: cross-validation, search, curves, thresholds, intervals, and training on whole tables. */
export type { AutoTrainOptions, ChoiceBudget } from './auto/auto-options.ts';
export { autoTrain } from './auto/auto-train.ts';
export {
  type ChooseClustersOptions,
  type ClusterCandidate,
  type ClusterChoice,
  chooseClusters,
} from './cluster/choose-clusters.ts';
export { type ClusterProfile, type ColumnContrast, profileClusters } from './cluster/cluster-profile.ts';
export { type ClusterScores, type ClusterScoresOptions, clusterScores } from './cluster/cluster-scores.ts';
export { type ClusteredTable, type ClusterTableOptions, clusterTable } from './cluster/cluster-table.ts';
export { drawDendrogram } from './cluster/draw-dendrogram.ts';
export { type ReducedTable, type ReduceTableOptions, reduceTable } from './cluster/reduce-table.ts';
export { type ConformalRegressor, conformalIntervals } from './conformal/conformal-intervals.ts';
export { predictIntervals } from './conformal/predict-intervals.ts';
export { crossValPredict } from './cross-validate/cross-val-predict.ts';
export {
  type CrossValidateOptions,
  type CrossValidationResult,
  crossValidate,
  crossValScore,
} from './cross-validate/cross-validate.ts';
export { learningCurve } from './curves/learning-curve.ts';
export { validationCurve } from './curves/validation-curve.ts';
export {
  type DrawPartialDependenceOptions,
  drawPartialDependence,
} from './draw-partial-dependence.ts';
export { evaluateModel } from './evaluate-model.ts';
export {
  type GridValue,
  type PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from './partial-dependence.ts';
export {
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './permutation-importance.ts';
export { predictTable } from './predict-table.ts';
export { type PreparedTable, type PrepareTableOptions, prepareTable } from './prepare-table.ts';
export { type InferredProblem, inferProblem, type Problem } from './problem.ts';
export { type DataReportFacts, renderDataReport } from './report/render-data-report.ts';
export { buildReport, renderReport } from './report/render-report.ts';
export type { Report, SectionSummary } from './report/report.ts';
export { type RunRecordOptions, runRecord } from './run/record-run.ts';
export { readRun, runModelPath, saveRun } from './run/run-folder.ts';
export type { ChoiceRecord, LeaderboardEntry, MetricRecord, RunRecord } from './run/run-record.ts';
export { type BayesSearchOptions, bayesSearch } from './search/bayes-search.ts';
export type { Budget, Spent } from './search/budget.ts';
export { type GridSearchOptions, gridSearch } from './search/grid-search.ts';
export { type HalvingSearchOptions, halvingSearch } from './search/halving-search.ts';
export { nestedCrossValidate } from './search/nested-cross-validate.ts';
export { listOptions, withOptions } from './search/option-paths.ts';
export { type RandomSearchOptions, randomSearch } from './search/random-search.ts';
export type { SearchResult } from './search/search-result.ts';
export type { Trial } from './search/trial.ts';
export { predictAtThreshold } from './threshold/predict-at-threshold.ts';
export { tuneThreshold } from './threshold/tune-threshold.ts';
export type { TrainTableOptions } from './train-options.ts';
export { type TrainedTable, trainTable } from './train-table.ts';
