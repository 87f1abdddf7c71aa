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
/** Values of the table that one kernel call may sweep over on each thread: a few milliseconds. */
const VALUES_PER_CALL = 1 << 21;

/** Shards for partial sums of `size` numbers each. */
export function shardsFor({ paddedRows }: Design, size: number): Shards {
  const most = Math.min(MOST_SHARDS, Math.max(1, Math.floor(MOST_NUMBERS / size)));
  const rows = Math.max(1, Math.ceil(paddedRows / 64 / most)) * 64;
  return { rows, count: Math.ceil(paddedRows / rows) };
}

/** The ranges of shards for one kernel call each, so that the caller can stop in between. */
export function* shardRanges(
  shards: Shards,
  { stride }: Design,
  threads: number,
  workPerValue = 1,
): Generator<readonly [from: number, to: number]> {
  const perThread = Math.max(1, Math.floor(VALUES_PER_CALL / (shards.rows * stride * workPerValue)));
  for (let from = 0; from < shards.count; from += perThread * threads) {
    yield [from, Math.min(shards.count, from + perThread * threads)];
  }
}
