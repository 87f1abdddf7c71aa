/**
 * Losses of predicted probabilities: (rows) numbers for the positive of two classes, or (rows, classes). A row's probabilities must
 * sum to 1. Lower is better; D² is 1 − loss / loss of the class frequencies, higher is better.
 */
import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { checkProbabilities, isFloat32, toClassScores } from './class-scores.ts';
import { codeLabels, type Labels, resolvePositiveClass } from './labels.ts';
import { weightedMean, weightedSum } from './sum.ts';
import {
  type Dense,
  describe,
  isTable,
  type Numbers,
  type NumberTable,
  toDense,
  toWeights,
} from './validate.ts';

export interface ProbabilityOptions<L extends Label = Label> {
  /** The classes of the columns, in order; of one column, [negative, positive]. Default: those of the truth, sorted. */
  readonly labels?: Labels<L> | undefined;
  /** The class of a single column. Default: the second of `labels`, or 1 of {0, 1} or {-1, 1}, or true. */
  readonly positiveClass?: L | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

export interface LogLossOptions<L extends Label = Label> extends ProbabilityOptions<L> {
  /** Default true: the mean over rows; false: the sum. */
  readonly normalize?: boolean | undefined;
}

/** Probabilities with two or more columns; `codes[i]` is the column of row `i`'s true class. */
interface CheckedProbabilities {
  readonly codes: Int32Array;
  readonly probabilities: Dense;
  readonly weights: Float64Array | undefined;
  /** The least probability that a logarithm may see. */
  readonly epsilon: number;
}

/**
 * −Σ w ln p(true class) / Σ w in nats, with p clipped to [ε, 1 − ε], ε the rounding step of the numbers given (2⁻⁵², float32 2⁻²³).
 * @throws DataError naming the row of a probability outside [0, 1], of a sum that is not 1, of a label outside `labels`.
 */
export function logLoss<L extends Label>(
  truth: Labels<L>,
  probabilities: Numbers | NumberTable,
  { normalize = true, ...options }: LogLossOptions<L> = {},
): number {
  const checked = check(truth, probabilities, options);
  const losses = logLossPerRow(checked, checked.probabilities);
  return normalize ? weightedMean(losses, checked.weights) : weightedSum(losses, checked.weights);
}

export interface BrierOptions<L extends Label = Label> extends ProbabilityOptions<L> {
  /** Halve the sum over classes, so that two classes give (p − y)². Default `'auto'`: with two classes only. */
  readonly scaleByHalf?: boolean | 'auto' | undefined;
}

/**
 * Σ w Σₖ (pₖ − yₖ)² / Σ w, with yₖ 1 for the true class: 0 to 1 for two classes (halved), 0 to 2 for more.
 * Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.
 */
export function brierScoreLoss<L extends Label>(
  truth: Labels<L>,
  probabilities: Numbers | NumberTable,
  { scaleByHalf = 'auto', ...options }: BrierOptions<L> = {},
): number {
  const checked = check(truth, probabilities, options);
  const mean = weightedMean(brierPerRow(checked, checked.probabilities), checked.weights);
  const halve = scaleByHalf === 'auto' ? checked.probabilities.columns === 2 : scaleByHalf;
  return halve ? mean / 2 : mean;
}

/** 1 − log loss / log loss of always predicting the class frequencies. NaN for fewer than two rows. */
export function d2LogLossScore<L extends Label>(
  truth: Labels<L>,
  probabilities: Numbers | NumberTable,
  options: ProbabilityOptions<L> = {},
): number {
  return explainedShare(check(truth, probabilities, options), logLossPerRow);
}

/** 1 − Brier loss / Brier loss of always predicting the class frequencies. NaN for fewer than two rows. */
export function d2BrierScore<L extends Label>(
  truth: Labels<L>,
  probabilities: Numbers | NumberTable,
  options: ProbabilityOptions<L> = {},
): number {
  return explainedShare(check(truth, probabilities, options), brierPerRow);
}

function explainedShare(
  checked: CheckedProbabilities,
  lossPerRow: (checked: CheckedProbabilities, probabilities: Dense) => Float64Array,
): number {
  const { codes, probabilities, weights } = checked;
  const { rows, columns } = probabilities;
  if (rows < 2) return NaN;
  const frequencies = Array.from({ length: columns }, (_, k) =>
    weightedMean(
      Float64Array.from(codes, (code) => (code === k ? 1 : 0)),
      weights,
    ),
  );
  const constant = {
    rows,
    columns,
    data: Float64Array.from({ length: rows * columns }, (_, at) => frequencies[at % columns]),
  };
  return (
    1 -
    weightedSum(lossPerRow(checked, probabilities), weights) /
      weightedSum(lossPerRow(checked, constant), weights)
  );
}

function logLossPerRow({ codes, epsilon }: CheckedProbabilities, { columns, data }: Dense): Float64Array {
  const losses = new Float64Array(codes.length);
  for (let i = 0; i < losses.length; i++) {
    const probability = data[i * columns + codes[i]];
    losses[i] = -Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
  }
  return losses;
}

function brierPerRow({ codes }: CheckedProbabilities, { columns, data }: Dense): Float64Array {
  const losses = new Float64Array(codes.length);
  for (let i = 0; i < losses.length; i++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      const difference = data[i * columns + k] - (k === codes[i] ? 1 : 0);
      sum += difference * difference;
    }
    losses[i] = sum;
  }
  return losses;
}

function check<L extends Label>(
  truth: Labels<L>,
  values: Numbers | NumberTable,
  { labels, positiveClass, sampleWeight }: ProbabilityOptions<L>,
): CheckedProbabilities {
  const given = toDense(values, 'probability');
  checkProbabilities(given, 'probability');
  const single = given.columns === 1;
  const table = single ? withComplement(given) : isTable(values) ? values : given;
  const order = single ? orderOfSingleColumn(truth, labels, positiveClass) : labels;
  const { codes, classes, scores } = toClassScores(truth, table, order, 'probability');
  if (classes.length < 2) {
    const message = `truth holds only ${describe(classes[0])}: pass labels with all classes.`;
    throw new OptionError('option/labels', message, { classes: classes.length });
  }
  return {
    codes,
    probabilities: scores,
    weights: toWeights(sampleWeight, codes.length),
    epsilon: isFloat32(values) ? 2 ** -23 : Number.EPSILON,
  };
}

/** [negative, positive] for probabilities in one column. */
function orderOfSingleColumn<L extends Label>(
  truth: Labels<L>,
  labels: Labels<L> | undefined,
  positiveClass: L | undefined,
): Labels<L> {
  const { classes } = codeLabels({ truth }, labels);
  if (classes.length > 2) {
    const message = `probability has one column but there are ${classes.length} classes: pass one column per class.`;
    throw new OptionError('option/labels', message, { classes: classes.length });
  }
  const named = positiveClass ?? (labels === undefined ? undefined : classes[1]);
  const positive = resolvePositiveClass(classes, named);
  const negative = classes.find((label) => label !== positive);
  return [negative ?? absentNegative(positive), positive];
}

/** A stand-in for a class that no row has. */
function absentNegative<L extends Label>(positive: L): L {
  if (typeof positive === 'number') return (positive === 0 ? 1 : 0) as L;
  return (typeof positive === 'boolean' ? !positive : `not ${positive}`) as L;
}

function withComplement({ rows, data }: Dense): Dense {
  const both = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    both[2 * i] = 1 - data[i];
    both[2 * i + 1] = data[i];
  }
  return { rows, columns: 2, data: both };
}
