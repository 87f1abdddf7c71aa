import type { Points } from '../points/points.ts';

/** How rows are split for sums that threads share out: by the data and the options only, never by the threads. */
export interface ClusterShards {
  readonly count: number;
  readonly rows: number;
}

const MOST_SHARDS = 32;
/** Numbers that the partial sums of all shards may take: 64 MiB. */
const MOST_NUMBERS = 1 << 23;
const NUMBERS_PER_CALL = 1 << 23;

/** Shards for partial sums of `size` numbers each. */
export function clusterShards({ rows }: Points, size: number): ClusterShards {
  const most = Math.max(2, Math.min(MOST_SHARDS, Math.floor(MOST_NUMBERS / size)));
  const each = Math.max(256, Math.ceil(rows / most));
  return { rows: each, count: Math.ceil(rows / each) };
}

/** Rows `first` … `last` − 1 of each shard that one kernel call takes, so that the caller can stop in between. */
export function* shardSlices(
  { rows, count }: ClusterShards,
  numbersPerRow: number,
): Generator<readonly [first: number, last: number]> {
  const step = Math.max(1, Math.floor(NUMBERS_PER_CALL / numbersPerRow / count));
  for (let first = 0; first < rows; first += step) yield [first, Math.min(rows, first + step)];
}
