import { DataError } from '../../core/errors.ts';
import { argsort } from '../../metrics/argsort.ts';
import { checkedSample } from './sample.ts';

export interface WassersteinOptions {
  /** Weights of the reference's values, not negative, not all 0. Default: all the same. */
  readonly referenceWeight?: ArrayLike<number>;
  /** Weights of the current values. */
  readonly currentWeight?: ArrayLike<number>;
}

export interface WassersteinResult {
  /** W₁ = ∫ |F(x) − G(x)| dx, in the unit of the values. */
  readonly distance: number;
  /** W₁ divided by the reference's standard deviation (÷ n): free of units. A constant reference gives 0 or Infinity. */
  readonly normalized: number;
}

/**
 * The Wasserstein-1 (earth mover's) distance between two windows. O(n log n). Agrees with
 * `scipy.stats.wasserstein_distance`.
 * @throws DataError when a window is empty, a value is not finite or weights do not fit.
 */
export function wassersteinDistance(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { referenceWeight, currentWeight }: WassersteinOptions = {},
): WassersteinResult {
  const a = sortedPoints(reference, referenceWeight, 'reference');
  const b = sortedPoints(current, currentWeight, 'current');
  const distance = distanceOfSorted(a, b);
  return { distance, normalized: normalize(distance, standardDeviation(a)) };
}

/** W₁ / σ, where 0 / 0 is no distance. */
export function normalize(distance: number, deviation: number): number {
  return distance === 0 ? 0 : distance / deviation;
}

/** Values in ascending order with their weights (undefined: 1 each). */
export interface SortedPoints {
  readonly values: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  /** The sum of the weights. */
  readonly total: number;
}

/** ∫ |F(x) − G(x)| dx in one walk over both. */
export function distanceOfSorted(a: SortedPoints, b: SortedPoints): number {
  let i = 0;
  let j = 0;
  let weightA = 0;
  let weightB = 0;
  let previous = Number.NaN;
  let distance = 0;
  while (i < a.values.length || j < b.values.length) {
    const takeA = j === b.values.length || (i < a.values.length && a.values[i] <= b.values[j]);
    const value = takeA ? a.values[i] : b.values[j];
    // Nothing lies below the first value of both.
    if (value > previous) distance += Math.abs(weightA / a.total - weightB / b.total) * (value - previous);
    previous = value;
    if (takeA) {
      weightA += a.weights === undefined ? 1 : a.weights[i];
      i++;
    } else {
      weightB += b.weights === undefined ? 1 : b.weights[j];
      j++;
    }
  }
  return distance;
}

/** √(Σ wᵢ(xᵢ − x̄)² / Σ wᵢ) in two passes. */
export function standardDeviation({ values, weights, total }: SortedPoints): number {
  // Sums of differences to one of the values, so that values far from 0 lose no digits.
  const origin = values[values.length >> 1];
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    sum += (weights === undefined ? 1 : weights[i]) * (values[i] - origin);
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    squares += (weights === undefined ? 1 : weights[i]) * (values[i] - origin - mean) ** 2;
  }
  return Math.sqrt(squares / total);
}

function sortedPoints(
  values: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
  what: string,
): SortedPoints {
  const numbers = checkedSample(values, what);
  if (weight === undefined) return { values: numbers.sort(), weights: undefined, total: numbers.length };
  if (weight.length !== numbers.length) {
    throw new DataError(
      'data/length-mismatch',
      `${what} has ${numbers.length} values but ${weight.length} weights: give one weight per value.`,
      { what, values: numbers.length, weights: weight.length },
    );
  }
  let total = 0;
  for (let i = 0; i < weight.length; i++) {
    if (!(weight[i] >= 0 && weight[i] < Infinity)) {
      throw new DataError(
        'data/negative-weight',
        `${what} weight ${i} is ${weight[i]}: weights are finite and not negative.`,
        { what, row: i },
      );
    }
    total += weight[i];
  }
  if (total === 0) throw new DataError('data/zero-weights', `All weights of ${what} are 0.`, { what });
  const order = argsort(numbers);
  return {
    values: Float64Array.from(order, (row) => numbers[row]),
    weights: Float64Array.from(order, (row) => weight[row]),
    total,
  };
}
