import { DataError } from '../../core/errors.ts';

/** @throws DataError when a sample is empty or a value is NaN (or infinite, unless `infinite` is 'allowed'). */
export function sortedSample(
  values: ArrayLike<number>,
  what: string,
  infinite: 'allowed' | 'refused' = 'refused',
): Float64Array {
  return checkedSample(values, what, infinite).sort();
}

/** A checked copy. @throws DataError as {@link sortedSample}. */
export function checkedSample(
  values: ArrayLike<number>,
  what: string,
  infinite: 'allowed' | 'refused' = 'refused',
): Float64Array {
  if (values.length === 0) {
    throw new DataError('data/empty', `${what} is empty: drift needs at least one value on each side.`, {
      what,
    });
  }
  const copy = Float64Array.from(values);
  for (let i = 0; i < copy.length; i++) {
    const refused = infinite === 'allowed' ? Number.isNaN(copy[i]) : !Number.isFinite(copy[i]);
    if (refused) {
      throw new DataError(
        'data/not-finite',
        `${what} row ${i} is ${copy[i]}: drop missing values first; their share is compared apart.`,
        { what, row: i },
      );
    }
  }
  return copy;
}

/** Counts of two windows over the same cells, checked. @throws DataError naming the cell. */
export function checkCounts(reference: ArrayLike<number>, current: ArrayLike<number>): void {
  if (reference.length !== current.length) {
    throw new DataError(
      'data/length-mismatch',
      `The reference has counts of ${reference.length} cells, the current window of ${current.length}: count both over the same cells, 0 where a cell is empty.`,
      { reference: reference.length, current: current.length },
    );
  }
  checkCountsOf(reference, 'reference');
  checkCountsOf(current, 'current');
}

function checkCountsOf(counts: ArrayLike<number>, what: string): void {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!(counts[i] >= 0 && counts[i] < Infinity)) {
      throw new DataError(
        'data/bad-count',
        `${what} cell ${i} is ${counts[i]}: counts are finite and not negative.`,
        { what, cell: i },
      );
    }
    total += counts[i];
  }
  if (total === 0) {
    throw new DataError('data/empty', `${what} counts no row: drift needs at least one on each side.`, {
      what,
    });
  }
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
