/**
 * Deviances of the Tweedie family, for targets such as counts (power 1), claims (1 to 2) and positive amounts (2, 3).
 * Source: B. Jørgensen, "The Theory of Dispersion Models" (1997), unit deviances; P. McCullagh & J. A. Nelder, "Generalized
 * Linear Models" (1989).
 */
import { DataError } from '../core/errors.ts';
import { type CheckedTargets, checkSingleOutput, checkTargets, type Targets } from './outputs.ts';
import { weightedMean } from './sum.ts';
import { checkOption, type Numbers } from './validate.ts';

export interface DevianceOptions {
  /** One weight ≥ 0 per row. */
  readonly sampleWeight?: Numbers | undefined;
}

export interface TweedieOptions extends DevianceOptions {
  /** Variance ∝ meanᵖ: ≤ 0 or ≥ 1. 0 normal, 1 Poisson, 2 gamma, 3 inverse Gaussian. Default 0. */
  readonly power?: number | undefined;
}

/**
 * The mean unit deviance of a Tweedie distribution.
 * @throws DataError where the power does not allow a value: power < 0 needs ŷ > 0; 1 to 2 needs y ≥ 0 and ŷ > 0; from 2 on
 * both must be positive. OptionError for a power between 0 and 1, for which no distribution exists.
 */
export function meanTweedieDeviance(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, power = 0 }: TweedieOptions = {},
): number {
  const targets = checkTargets(truth, prediction, sampleWeight);
  checkTweedieTargets(targets, power, 'meanTweedieDeviance');
  return meanDeviance(targets.truth.data, targets.prediction.data, targets.weights, power);
}

/** Mean of 2 (y ln(y / ŷ) − y + ŷ), for counts: y ≥ 0, ŷ > 0. */
export function meanPoissonDeviance(
  truth: Targets,
  prediction: Targets,
  options: DevianceOptions = {},
): number {
  return meanTweedieDeviance(truth, prediction, { ...options, power: 1 });
}

/** Mean of 2 (ln(ŷ / y) + y / ŷ − 1), for positive amounts; scaling both by a constant changes nothing. */
export function meanGammaDeviance(
  truth: Targets,
  prediction: Targets,
  options: DevianceOptions = {},
): number {
  return meanTweedieDeviance(truth, prediction, { ...options, power: 2 });
}

/**
 * D² = 1 − deviance(ŷ) / deviance(mean of y): the share of the deviance explained, R² for power 0. NaN for fewer than two rows.
 */
export function d2TweedieScore(
  truth: Targets,
  prediction: Targets,
  { sampleWeight, power = 0 }: TweedieOptions = {},
): number {
  const targets = checkTargets(truth, prediction, sampleWeight);
  checkTweedieTargets(targets, power, 'd2TweedieScore');
  const { truth: t, prediction: p, weights } = targets;
  if (t.rows < 2) return NaN;
  const constant = new Float64Array(t.rows).fill(weightedMean(t.data, weights));
  return 1 - meanDeviance(t.data, p.data, weights, power) / meanDeviance(t.data, constant, weights, power);
}

function meanDeviance(
  truth: Float64Array,
  prediction: Float64Array,
  weights: Float64Array | undefined,
  power: number,
): number {
  const deviance = unitDeviance(power);
  const deviances = new Float64Array(truth.length);
  for (let i = 0; i < deviances.length; i++) deviances[i] = deviance(truth[i], prediction[i]);
  return weightedMean(deviances, weights);
}

function unitDeviance(power: number): (y: number, mean: number) => number {
  if (power === 0) return (y, mean) => (y - mean) * (y - mean);
  if (power === 1) return (y, mean) => 2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - y + mean);
  if (power === 2) return (y, mean) => 2 * (Math.log(mean / y) + y / mean - 1);
  const a = 1 - power;
  const b = 2 - power;
  // For power < 0 the first term counts max(y, 0).
  return (y, mean) => 2 * (Math.max(y, 0) ** b / (a * b) - (y * mean ** a) / a + mean ** b / b);
}

function checkTweedieTargets(targets: CheckedTargets, power: number, metric: string): void {
  checkSingleOutput(targets, metric);
  checkOption(power <= 0 || power >= 1, 'power', power, 'be at most 0 or at least 1');
  if (power === 0) return;
  const { truth, prediction } = targets;
  if (power >= 2) checkEvery(truth.data, (y) => y > 0, 'truth', 'above 0', metric, power);
  else if (power >= 1) checkEvery(truth.data, (y) => y >= 0, 'truth', 'at least 0', metric, power);
  checkEvery(prediction.data, (y) => y > 0, 'prediction', 'above 0', metric, power);
}

function checkEvery(
  values: Float64Array,
  valid: (value: number) => boolean,
  what: string,
  rule: string,
  metric: string,
  power: number,
): void {
  const row = values.findIndex((value) => !valid(value));
  if (row === -1) return;
  const message = `${what} row ${row} is ${values[row]}: ${metric} with power ${power} needs values ${rule}.`;
  throw new DataError('data/out-of-range', message, { what, row, power });
}
