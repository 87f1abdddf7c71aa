import { DataError, OptionError } from '../../core/errors.ts';
import { sharedArray } from '../../core/shared.ts';
import { shiftedOrderStatistic } from './order-statistic.ts';

/**
 * Place, from 1 and in ascending order, of the calibration error that reaches a coverage: ⌈coverage · (n + 1)⌉ of n.
 * @throws OptionError for a coverage that is not between 0 and 1; DataError for one higher than n errors allow.
 */
export function coverageRank(coverage: number, count: number): number {
  if (!(coverage > 0 && coverage < 1)) {
    throw new OptionError('option/invalid', `coverage must be above 0 and below 1, got ${coverage}.`, {
      option: 'coverage',
    });
  }
  // Shares such as 0.9 are no binary fractions: 0.9 · 10 must not round up to 10.
  const rank = Math.ceil(coverage * (count + 1) - 1e-9);
  if (rank <= count) return rank;
  throw new DataError(
    'data/too-few-rows',
    `${count} calibration rows allow a coverage of at most ${(count / (count + 1)).toFixed(4)}, not ${coverage}. Give more rows or lower it.`,
    { rows: count, coverage },
  );
}

/** Absolute errors of rows that a model did not see, ascending. */
export function sortedResiduals(truth: Float64Array, predicted: Float64Array): Float64Array {
  return Float64Array.from(truth, (value, i) => Math.abs(value - predicted[i]!)).sort();
}

/**
 * With n residuals R_i, each of the model μ_i that did not see row i, and r = ⌈coverage · (n + 1)⌉: the interval reaches from the
 * r-th largest μ_i(x) − R_i to the r-th smallest μ_i(x) + R_i. With one model that is μ(x) ± the r-th smallest residual.
 * @param predictions Of each model, one a row.
 * @param residuals Of each model, ascending.
 * @returns row-major, rows × 2: lower and upper bound.
 */
export function conformalBounds(
  predictions: readonly Float64Array[],
  residuals: readonly Float64Array[],
  coverage: number,
): Float64Array {
  const rank = coverageRank(
    coverage,
    residuals.reduce((sum, list) => sum + list.length, 0),
  );
  const rows = predictions[0]!.length;
  const bounds = sharedArray(Float64Array, 2 * rows);
  for (let i = 0; i < rows; i++) {
    const centers = predictions.map((values) => values[i]!);
    const mirrored = centers.map((value) => -value);
    bounds[2 * i] = -shiftedOrderStatistic(residuals, mirrored, rank);
    bounds[2 * i + 1] = shiftedOrderStatistic(residuals, centers, rank);
  }
  return bounds;
}
