import { sharedArray } from '../../core/shared.ts';

/** Row numbers on shared memory. */
export function shareRows(rows: ArrayLike<number>): Int32Array {
  const shared = sharedArray(Int32Array, rows.length);
  shared.set(rows);
  return shared;
}
