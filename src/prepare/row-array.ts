import { sharedArray } from '../core/shared.ts';

/** Up to so many elements no thread but the caller's works on an array: blocks of rows are larger. */
const MOST_PRIVATE = 512;

interface ArrayKind<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): A;
  new (length: number): A;
}

/**
 * A zeroed array of `length` elements with one or more a row: on shared memory, but for a few rows, since allocating shared memory takes
 * longer than transforming them.
 */
export function rowArray<A>(Kind: ArrayKind<A>, length: number): A {
  return length <= MOST_PRIVATE ? new Kind(length) : sharedArray(Kind, length);
}
