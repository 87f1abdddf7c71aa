/**
 * Errors of numeric predictions. All take truth and prediction of shape (rows) or (rows, outputs), in the units of the target
 * unless said otherwise, and throw DataError for empty, unequal or non-finite input and negative weights.
 * Definitions: scikit-learn user guide, section "Regression metrics".
 */
import { DataError } from '../core/errors.ts';
import {
  type CheckedTargets,
  checkSingleOutput,
  checkTargets,
  columnOf,
  combineOutputs,
  type Multioutput,
  type MultioutputResult,
  meanLossPerOutput,
  type RegressionMetricOptions,
  type Targets,
} from './outputs.ts';
import { checkOption } from './validate.ts';
import { weightedQuantile } from './weighted-quantile.ts';

const squaredError = (t: number, p: number): number => (t - p) * (t - p);

/** Σ w (y − ŷ)² / Σ w, in squared units of the target. */
export function meanSquaredError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  return combineOutputs(meanLossPerOutput(targets, squaredError), multioutput);
}

/** √(mean squared error) of every output, then combined: the mean of roots, not the root of the mean. */
export function rootMeanSquaredError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  return combineOutputs(meanLossPerOutput(targets, squaredError).map(Math.sqrt), multioutput);
}

/** Σ w |y − ŷ| / Σ w. */
export function meanAbsoluteError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  const means = meanLossPerOutput(targets, (t, p) => Math.abs(t - p));
  return combineOutputs(means, multioutput);
}

/** The (weighted) median of |y − ŷ|; outliers do not move it. */
export function medianAbsoluteError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  const medians = new Float64Array(targets.truth.columns);
  for (let j = 0; j < medians.length; j++) {
    const t = columnOf(targets.truth, j);
    const p = columnOf(targets.prediction, j);
    const errors = new Float64Array(t.length);
    for (let i = 0; i < errors.length; i++) errors[i] = Math.abs(t[i] - p[i]);
    medians[j] = weightedQuantile(errors, targets.weights, 0.5);
  }
  return combineOutputs(medians, multioutput);
}

/** Mean of |y − ŷ| / max(|y|, ε) with ε = 2⁻⁵²: a fraction (0.1 is 10%), huge where a true value is 0. */
export function meanAbsolutePercentageError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  const means = meanLossPerOutput(targets, (t, p) => Math.abs(p - t) / Math.max(Math.abs(t), Number.EPSILON));
  return combineOutputs(means, multioutput);
}

const squaredLogError = (t: number, p: number): number => squaredError(Math.log1p(t), Math.log1p(p));

/** Mean of (ln(1 + y) − ln(1 + ŷ))². @throws DataError for a truth or prediction ≤ −1. */
export function meanSquaredLogError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkLogTargets(checkTargets(truth, prediction, sampleWeight));
  return combineOutputs(meanLossPerOutput(targets, squaredLogError), multioutput);
}

/** √(mean squared log error) of every output, then combined. @throws DataError for a truth or prediction ≤ −1. */
export function rootMeanSquaredLogError<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput }: RegressionMetricOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkLogTargets(checkTargets(truth, prediction, sampleWeight));
  return combineOutputs(meanLossPerOutput(targets, squaredLogError).map(Math.sqrt), multioutput);
}

function checkLogTargets(targets: CheckedTargets): CheckedTargets {
  for (const what of ['truth', 'prediction'] as const) {
    const { data, columns } = targets[what];
    const at = data.findIndex((value) => value <= -1);
    if (at === -1) continue;
    const row = Math.floor(at / columns);
    const message = `${what} row ${row} is ${data[at]}: a logarithmic error needs values above -1; use rootMeanSquaredError.`;
    throw new DataError('data/out-of-range', message, { what, row });
  }
  return targets;
}

export interface PinballOptions<M extends Multioutput = Multioutput> extends RegressionMetricOptions<M> {
  /** The quantile that is predicted, 0 to 1. Default 0.5, half the mean absolute error. */
  readonly alpha?: number | undefined;
}

/** Mean of α (y − ŷ) where y ≥ ŷ and (1 − α)(ŷ − y) elsewhere: smallest for the α-quantile. */
export function meanPinballLoss<M extends Multioutput = 'uniformAverage'>(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, multioutput, alpha = 0.5 }: PinballOptions<M> = {},
): MultioutputResult<M> {
  const targets = checkTargets(truth, prediction, sampleWeight);
  return combineOutputs(pinballPerOutput(targets, alpha), multioutput);
}

/** {@link meanPinballLoss} of every output. */
export function pinballPerOutput(targets: CheckedTargets, alpha: number): Float64Array {
  checkOption(alpha >= 0 && alpha <= 1, 'alpha', alpha, 'lie between 0 and 1');
  return meanLossPerOutput(targets, (t, p) => (t >= p ? alpha * (t - p) : (1 - alpha) * (p - t)));
}

/** The largest |y − ŷ|, of one output. */
export function maxError(truth: Targets, prediction: Targets): number {
  const targets = checkTargets(truth, prediction, undefined);
  checkSingleOutput(targets, 'maxError');
  const t = targets.truth.data;
  const p = targets.prediction.data;
  let largest = 0;
  for (let i = 0; i < t.length; i++) largest = Math.max(largest, Math.abs(t[i] - p[i]));
  return largest;
}
