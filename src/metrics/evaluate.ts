/** The figures that a training run or an evaluation reports. */

import type { Label } from '../core/labels.ts';
import { accuracyOfCounts, balancedAccuracyOfCounts, matthewsOfCounts } from './agreement.ts';
import { averagePrecisionScore, rocAucScore } from './areas.ts';
import { type ClassCounts, countClasses } from './class-counts.ts';
import { explainedVarianceScore, r2Score } from './explained.ts';
import type { Labels } from './labels.ts';
import { checkTargets, type Targets } from './outputs.ts';
import { countsOfClass, scoreCounts } from './precision-recall.ts';
import { brierScoreLoss, logLoss } from './probabilistic.ts';
import {
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  medianAbsoluteError,
  rootMeanSquaredError,
} from './regression.ts';
import { scoreOfClass } from './score-of-class.ts';
import { isTable, type Numbers, type NumberTable, toDense } from './validate.ts';

export interface RegressionEvaluation {
  readonly r2: number;
  readonly rmse: number;
  readonly mae: number;
  readonly medianAbsoluteError: number;
  readonly mape: number;
  readonly explainedVariance: number;
  /** Over all outputs. */
  readonly maxError: number;
}

/** Figures of a regression, means over the outputs where there are several. `r2` is NaN for fewer than two rows. */
export function evaluateRegression(
  truth: Targets,
  prediction: Targets,
  { sampleWeight }: { readonly sampleWeight?: Numbers | undefined } = {},
): RegressionEvaluation {
  const { truth: t, prediction: p } = checkTargets(truth, prediction, sampleWeight);
  const options = { sampleWeight };
  return {
    r2: r2Score(t, p, options),
    rmse: rootMeanSquaredError(t, p, options),
    mae: meanAbsoluteError(t, p, options),
    medianAbsoluteError: medianAbsoluteError(t, p, options),
    mape: meanAbsolutePercentageError(t, p, options),
    explainedVariance: explainedVarianceScore(t, p, options),
    maxError: maxError(t.data, p.data),
  };
}

/** What a classifier said about the rows of `truth`. */
export interface ClassifierOutput<L extends Label> {
  readonly predicted: Labels<L>;
  /** (rows, classes), or for two classes the probability of the second. Absent: figures that need it are NaN. */
  readonly probabilities?: Numbers | NumberTable | undefined;
  /** The classes of the model, in the order of the probability columns. */
  readonly classes: readonly L[];
  /** Default: the second of two classes. */
  readonly positiveClass?: L | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

/** Figures of the positive class of two. */
export interface PositiveClassEvaluation<L extends Label> {
  readonly class: L;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly averagePrecision: number;
  readonly brier: number;
}

export interface ClassificationEvaluation<L extends Label> {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  /** Mean over the classes present in truth or prediction, as are precision and recall. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly matthewsCorrcoef: number;
  /** More than two classes: mean of each against the rest. NaN when a class is absent from the truth. */
  readonly rocAuc: number;
  readonly logLoss: number;
  /** Classes of the truth that the model does not know; with any, figures of probabilities are NaN. */
  readonly unknownClasses: readonly L[];
  /** With two classes only. */
  readonly positive?: PositiveClassEvaluation<L>;
}

/** Figures of a classification; those that are undefined for these rows are NaN. */
export function evaluateClassification<L extends Label>(
  truth: Labels<L>,
  { predicted, probabilities, classes, positiveClass, sampleWeight }: ClassifierOutput<L>,
): ClassificationEvaluation<L> {
  const counts = countClasses(truth, predicted, { sampleWeight });
  const known = new Set(classes);
  const unknownClasses = counts.present.filter((label) => !known.has(label));
  const table =
    probabilities === undefined || unknownClasses.length > 0 ? undefined : toColumns(probabilities);
  const { precision, recall, fscore } = scoreCounts(counts, 'macro');
  const options = { labels: classes, sampleWeight };
  return {
    accuracy: accuracyOfCounts(counts),
    balancedAccuracy: balancedAccuracyOfCounts(counts),
    f1: fscore,
    precision,
    recall,
    matthewsCorrcoef: matthewsOfCounts(counts),
    rocAuc: table === undefined ? NaN : rocAucScore(truth, table, options),
    logLoss: table === undefined || classes.length < 2 ? NaN : logLoss(truth, table, options),
    unknownClasses,
    ...(classes.length === 2 && {
      positive: evaluatePositive(truth, counts, table, classes, positiveClass ?? classes[1], sampleWeight),
    }),
  };
}

/** Checked and converted once; a single column stays one. */
function toColumns(probabilities: Numbers | NumberTable): Numbers | NumberTable {
  const dense = toDense(probabilities, 'probability');
  return isTable(probabilities) && dense.columns > 1 ? dense : dense.data;
}

function evaluatePositive<L extends Label>(
  truth: Labels<L>,
  counts: ClassCounts<L>,
  table: Numbers | NumberTable | undefined,
  classes: readonly L[],
  positiveClass: L,
  sampleWeight: Numbers | undefined,
): PositiveClassEvaluation<L> {
  const { precision, recall, fscore } = scoreCounts(countsOfClass(counts, positiveClass), 'binary');
  const score = table && scoreOfClass(table, classes, positiveClass);
  return {
    class: positiveClass,
    precision,
    recall,
    f1: fscore,
    averagePrecision: score ? averagePrecisionScore(truth, score, { positiveClass, sampleWeight }) : NaN,
    brier: table ? brierScoreLoss(truth, table, { labels: classes, sampleWeight }) : NaN,
  };
}
