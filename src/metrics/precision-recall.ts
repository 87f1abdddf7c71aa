/**
 * Precision, recall, F-beta and Jaccard, per class and averaged.
 * Source: M. Sokolova & G. Lapalme, "A systematic analysis of performance measures for classification tasks", Information
 * Processing & Management 45 (2009); averaging as in scikit-learn's user guide.
 */
import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { type ClassCounts, countClasses } from './class-counts.ts';
import { type Labels, resolvePositiveClass } from './labels.ts';
import { pairwiseSum } from './sum.ts';
import { checkOneOf, checkOption, type Numbers } from './validate.ts';

/**
 * How figures of the classes combine: `binary` reports the positive class; `micro` pools all counts; `macro` is the plain mean over
 * classes; `weighted` weighs that mean by the true rows of each class; `none` returns one figure per class.
 */
export type Average = 'binary' | 'micro' | 'macro' | 'weighted' | 'none';
export const averages: readonly Average[] = ['binary', 'micro', 'macro', 'weighted', 'none'];

export type Averaged<A> = A extends 'none' ? Float64Array : number;

export interface ClassMetricOptions<L extends Label = Label, A extends Average = Average> {
  /** Default `'binary'`. */
  readonly average?: A | undefined;
  /** The positive class of `binary`. Default: 1 of {0, 1} or {-1, 1}, true of booleans; other classes must name it. */
  readonly positiveClass?: L | undefined;
  /** The classes to report or average, in this order. Default: all present, sorted. Not used by `binary`. */
  readonly labels?: Labels<L> | undefined;
  readonly sampleWeight?: Numbers | undefined;
  /** The value of 0/0: 0, 1, or NaN, which also leaves the class out of averages. Default 0. */
  readonly zeroDivision?: number | undefined;
}

export interface FbetaOptions<L extends Label = Label, A extends Average = Average>
  extends ClassMetricOptions<L, A> {
  /** Weight of recall against precision, ≥ 0; 1 is F1, 0 precision, Infinity recall. */
  readonly beta: number;
}

/** Figures per class (`average: 'none'`) or averaged. `support` is the true rows per class, `null` when averaged. */
export interface PrecisionRecallFscoreSupport<L extends Label, A> {
  readonly labels: readonly L[];
  readonly precision: Averaged<A>;
  readonly recall: Averaged<A>;
  readonly fscore: Averaged<A>;
  readonly support: A extends 'none' ? Float64Array : null;
}

/**
 * Precision tp / (tp + fp), recall tp / (tp + fn) and F = (1 + β²) tp / ((1 + β²) tp + β² fn + fp), in one count of the rows.
 * `average` defaults to `'none'` here. @throws OptionError for `binary` with more than two classes.
 */
export function precisionRecallFscoreSupport<L extends Label, A extends Average = 'none'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A> & { readonly beta?: number | undefined } = {},
): PrecisionRecallFscoreSupport<L, A> {
  const average: Average = options.average ?? 'none';
  return scoreCounts(countReported(truth, prediction, { ...options, average }), average as A, options);
}

/** {@link precisionRecallFscoreSupport} of rows that are already counted. */
export function scoreCounts<L extends Label, A extends Average>(
  counts: ClassCounts<L>,
  average: A,
  { beta = 1, zeroDivision = 0 }: { beta?: number | undefined; zeroDivision?: number | undefined } = {},
): PrecisionRecallFscoreSupport<L, A> {
  checkOption(beta >= 0, 'beta', beta, 'be at least 0');
  checkOneOf('zeroDivision', zeroDivision, [0, 1, NaN]);
  const { hits, predicted, actual } = pool(counts, average);
  const precision = divide(hits, predicted, zeroDivision);
  const recall = divide(hits, actual, zeroDivision);
  const fscore = fbeta(precision, recall, { hits, predicted, actual }, beta, zeroDivision);
  const over = (figures: Float64Array) => averageFigures(figures, average, actual) as Averaged<A>;
  return {
    labels: counts.classes.slice(0, counts.reported),
    precision: over(precision),
    recall: over(recall),
    fscore: over(fscore),
    support: (average === 'none' ? actual : null) as A extends 'none' ? Float64Array : null,
  };
}

function fbeta(
  precision: Float64Array,
  recall: Float64Array,
  { hits, predicted, actual }: Pooled,
  beta: number,
  zeroDivision: number,
): Float64Array {
  if (beta === Infinity) return recall;
  if (beta === 0) return precision;
  const b = beta * beta;
  const numerator = hits.map((tp) => (1 + b) * tp);
  const denominator = actual.map((count, k) => b * count + predicted[k]);
  return divide(numerator, denominator, zeroDivision);
}

/** tp / (tp + fp): how many of the rows predicted as a class belong to it. */
export function precisionScore<L extends Label, A extends Average = 'binary'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A> = {},
): Averaged<A> {
  return scoreAs(truth, prediction, options, 1).precision;
}

/** tp / (tp + fn): how many of the rows of a class were found. */
export function recallScore<L extends Label, A extends Average = 'binary'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A> = {},
): Averaged<A> {
  return scoreAs(truth, prediction, options, 1).recall;
}

/** The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn). */
export function f1Score<L extends Label, A extends Average = 'binary'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A> = {},
): Averaged<A> {
  return scoreAs(truth, prediction, options, 1).fscore;
}

/** The harmonic mean of precision and recall in which recall counts β times as much. */
export function fbetaScore<L extends Label, A extends Average = 'binary'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: FbetaOptions<L, A>,
): Averaged<A> {
  return scoreAs(truth, prediction, options, options.beta).fscore;
}

function scoreAs<L extends Label, A extends Average>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A>,
  beta: number,
): PrecisionRecallFscoreSupport<L, A> {
  const average = (options.average ?? 'binary') as A;
  return precisionRecallFscoreSupport(truth, prediction, { ...options, average, beta });
}

/** tp / (tp + fp + fn): intersection over union of the predicted and the true rows. */
export function jaccardScore<L extends Label, A extends Average = 'binary'>(
  truth: Labels<L>,
  prediction: Labels<L>,
  options: ClassMetricOptions<L, A> = {},
): Averaged<A> {
  const { zeroDivision = 0, average = 'binary' } = options;
  checkOneOf('zeroDivision', zeroDivision, [0, 1, NaN]);
  const { hits, predicted, actual } = pool(
    countReported(truth, prediction, { ...options, average }),
    average,
  );
  const union = actual.map((count, k) => count + predicted[k] - hits[k]);
  return averageFigures(divide(hits, union, zeroDivision), average, actual) as Averaged<A>;
}

/** Counts with the classes that `average` needs in front: the positive class, or those in `labels`. */
function countReported<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { average, labels, positiveClass, sampleWeight }: ClassMetricOptions<L>,
): ClassCounts<L> {
  checkOneOf('average', average, averages);
  if (average !== 'binary') return countClasses(truth, prediction, { labels, sampleWeight });
  const counts = countClasses(truth, prediction, { sampleWeight });
  if (counts.classes.length > 2) {
    const message = `average is 'binary' but there are ${counts.classes.length} classes: use average 'macro', 'weighted', 'micro' or 'none'.`;
    throw new OptionError('option/invalid', message, { option: 'average', classes: counts.classes.length });
  }
  return countsOfClass(counts, resolvePositiveClass(counts.classes, positiveClass));
}

/** The counts of one class alone; a class that never appears counts 0. */
export function countsOfClass<L extends Label>(counts: ClassCounts<L>, label: L): ClassCounts<L> {
  const k = counts.classes.indexOf(label);
  const only = (values: Float64Array) => Float64Array.of(k === -1 ? 0 : values[k]);
  return {
    ...counts,
    classes: [label],
    reported: 1,
    truePositives: only(counts.truePositives),
    predicted: only(counts.predicted),
    actual: only(counts.actual),
  };
}

interface Pooled {
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

function pool<L extends Label>(counts: ClassCounts<L>, average: Average): Pooled {
  const micro = average === 'micro';
  const take = (values: Float64Array) => {
    const reported = values.slice(0, counts.reported);
    return micro ? Float64Array.of(pairwiseSum(reported)) : reported;
  };
  return { hits: take(counts.truePositives), predicted: take(counts.predicted), actual: take(counts.actual) };
}

function divide(numerator: Float64Array, denominator: Float64Array, zeroDivision: number): Float64Array {
  return numerator.map((value, k) => (denominator[k] === 0 ? zeroDivision : value / denominator[k]));
}

/** The mean over classes with a defined figure; when those have no weight at all, the plain mean. */
function averageFigures(
  figures: Float64Array,
  average: Average,
  support: Float64Array,
): Float64Array | number {
  if (average === 'none') return figures;
  if (figures.length === 1) return figures[0];
  let sum = 0;
  let total = 0;
  let plainSum = 0;
  let defined = 0;
  for (let k = 0; k < figures.length; k++) {
    if (Number.isNaN(figures[k])) continue;
    const weight = average === 'weighted' ? support[k] : 1;
    sum += weight * figures[k];
    total += weight;
    plainSum += figures[k];
    defined++;
  }
  return total === 0 ? plainSum / defined : sum / total;
}
