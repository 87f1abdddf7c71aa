import { DataError } from '../../core/errors.ts';
import { type Column, columnLength, isMissing } from '../../core/frame.ts';
import { checkLength } from './labels.ts';

/** When each row was known: numbers in any unit, or dates (then units are milliseconds). */
export type Times = ArrayLike<number | bigint | Date> | Column;

/**
 * Times as numbers.
 * @throws DataError for another length than `n`, a missing or non-finite time, or text.
 */
export function timesOf(time: Times, n: number, owner: string): Float64Array {
  checkLength('kind' in time ? columnLength(time) : time.length, n, 'time', owner);
  if ('kind' in time) {
    if (time.kind === 'string' || time.kind === 'boolean') throw notTime(0, `${time.kind}s`, owner);
    for (let i = 0; i < n; i++) {
      if (isMissing(time, i) || !Number.isFinite(time.values[i])) throw notTime(i, 'no time', owner);
    }
    return time.values;
  }
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const given = time[i]!;
    if (typeof given === 'string' || typeof given === 'boolean') throw notTime(i, `a ${typeof given}`, owner);
    const value = Number(given ?? Number.NaN);
    if (!Number.isFinite(value)) throw notTime(i, 'no time', owner);
    values[i] = value;
  }
  return values;
}

function notTime(row: number, what: string, owner: string): DataError {
  return new DataError(
    'data/not-a-time',
    `${owner}: 'time' holds ${what} in row ${row}. Give finite numbers or dates; drop rows without a time.`,
    { owner, row },
  );
}

/** Row numbers from early to late; equal times stay in row order. */
export function timeOrder(times: Float64Array): Int32Array {
  const order = Int32Array.from(times, (_, i) => i);
  // The comparison ends ties by row number, so an unstable sort would do as well.
  return order.sort((a, b) => times[a]! - times[b]! || a - b);
}

/** Whether the values are dates, whose unit is the millisecond. */
export function areDates(time: Times): boolean {
  return 'kind' in time ? time.kind === 'date' : time[0] instanceof Date;
}
