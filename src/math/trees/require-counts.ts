import { DataError } from '../../core/errors.ts';

/** @throws DataError naming the first row whose target no Poisson rate can explain. */
export function requireCounts(y: Float64Array, what = 'the poisson criterion'): void {
  const row = y.findIndex((value) => value < 0);
  if (row >= 0) {
    throw new DataError(
      'data/negative-target',
      `The target y is ${y[row]} in row ${row}; ${what} needs targets of at least 0. Use squaredError instead.`,
      { row },
    );
  }
  if (y.some((value) => value > 0)) return;
  throw new DataError(
    'data/zero-target',
    `All targets y are 0; ${what} has no rate to learn. Use squaredError instead.`,
  );
}
