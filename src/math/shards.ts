import type { Design } from './place-design.ts';

/** How the rows of a design are split for sums that threads share out. It depends on the data only, never on the threads. */
export interface Shards {
  readonly count: number;
  /** Rows of each shard but the last, a multiple of 64. */
  readonly rows: number;
}

const MOST_SHARDS = 64;
/** Numbers that all shards' partial sums may take: 128 MiB. */
const MOST_NUMBERS = 1 << 24;
/** Multiplications that one kernel call may take on each thread: a few milliseconds. */
const WORK_PER_CALL = 1 << 22;

/** Shards for partial sums of `size` numbers each. */
export function shardsFor({ paddedRows }: Design, size: number): Shards {
  const most = Math.min(MOST_SHARDS, Math.max(1, Math.floor(MOST_NUMBERS / size)));
  const rows = Math.max(1, Math.ceil(paddedRows / 64 / most)) * 64;
  return { rows, count: Math.ceil(paddedRows / rows) };
}

/** What one kernel call covers: rows `first` … `last` − 1, counted within each shard, of shards `from` … `to` − 1. */
export type ShardRange = readonly [from: number, to: number, first: number, last: number];

/** The kernel calls that cover all rows, so that the caller can stop in between. `workPerRow` counts multiplications. */
export function* shardRanges(
  { rows, count }: Shards,
  threads: number,
  workPerRow: number,
): Generator<ShardRange> {
  const rowsPerCall = Math.max(1, Math.floor(WORK_PER_CALL / workPerRow / 64)) * 64;
  const step = threads * Math.max(1, Math.floor(rowsPerCall / rows));
  for (let from = 0; from < count; from += step) {
    for (let first = 0; first < rows; first += rowsPerCall) {
      yield [from, Math.min(count, from + step), first, Math.min(rows, first + rowsPerCall)];
    }
  }
}
