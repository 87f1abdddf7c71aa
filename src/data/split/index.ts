export { groupKFold } from './group-k-fold.ts';
export { groupShuffleSplit } from './group-shuffle-split.ts';
export { groupTimeSeriesSplit } from './group-time-series-split.ts';
export { kFold, repeatedKFold } from './k-fold.ts';
export type { RowLabels } from './labels.ts';
export { leaveOneGroupOut, leaveOneOut } from './leave-one-out.ts';
export { predefinedSplit } from './predefined-split.ts';
export { shuffleSplit } from './shuffle-split.ts';
export type { Split, SplitData, Splitter } from './splitter.ts';
export { splitterFrom } from './splitter-from.ts';
export { stratifiedGroupKFold } from './stratified-group-k-fold.ts';
export { repeatedStratifiedKFold, stratifiedKFold } from './stratified-k-fold.ts';
export { stratifiedShuffleSplit } from './stratified-shuffle-split.ts';
export { timeSeriesSplit } from './time-series-split.ts';
export type { Times } from './times.ts';
export {
  type TrainTestIndices,
  type TrainTestOptions,
  type TrainValidationTestIndices,
  trainTestIndices,
} from './train-test-indices.ts';
export { type Divisible, type Part, type Rows, trainTestSplit } from './train-test-split.ts';
