/**
 * Count, mean and spread of columns in one pass over memory. Each block of rows, small enough to stay in the cache,
 * is read twice: first its mean m_b, then Σ w (v − m_b)², so no digits cancel however far the data lie from zero. Blocks and
 * shards are joined by Chan, Golub and LeVeque (1983):
 *
 *     M = M_a + M_b + d² W_a W_b / (W_a + W_b),   m = m_a + d W_b / (W_a + W_b),   d = m_b − m_a
 */

import { andThen, type Eventually } from '../core/eventually.ts';
import { sharedArray } from '../core/shared.ts';
import type { Job } from '../jobs/job.ts';
import { overBlocks } from '../kernels/host/over-blocks.ts';
import type { NumberView } from './number-view.ts';

/** Of one column, over the rows where it is present. */
export interface Moments {
  /** Number of rows, or the sum of their weights. */
  readonly weight: number;
  /** NaN when the weight is 0. */
  readonly mean: number;
  /** Σ w (v − mean)². */
  readonly squares: number;
}

interface MomentsPayload {
  readonly views: readonly NumberView[];
  readonly sampleWeight: Float64Array | undefined;
  /** Shards × columns × (weight, mean, squares). */
  readonly parts: Float64Array;
}

const BLOCK_ROWS = 1024;
const MOST_SHARDS = 256;

/** Moments of each view over `rows`; the same bits for any number of threads. */
export function momentsOf(
  job: Job,
  views: readonly NumberView[],
  rows: number,
  sampleWeight?: Float64Array,
): Eventually<Moments[]> {
  const size = BLOCK_ROWS * Math.max(1, Math.ceil(rows / BLOCK_ROWS / MOST_SHARDS));
  const shards = Math.ceil(rows / size);
  const parts = sharedArray(Float64Array, shards * views.length * 3);
  const work = {
    module: import.meta.url,
    name: 'addMoments' as const,
    run: addMoments,
    count: rows,
    size,
    cost: 2 * views.length,
  };
  return andThen(overBlocks(job, work, { views, sampleWeight, parts }), () =>
    views.map((_, j) => {
      const total = { weight: 0, mean: 0, squares: 0 };
      for (let shard = 0; shard < shards; shard++) {
        const at = 3 * (shard * views.length + j);
        join(total, parts[at]!, parts[at + 1]!, parts[at + 2]!);
      }
      return total.weight === 0 ? { ...total, mean: Number.NaN } : total;
    }),
  );
}

/** The moments of one shard of rows. */
export function addMoments(payload: MomentsPayload, from: number, to: number, shard: number): void {
  const { views, sampleWeight, parts } = payload;
  const totals = views.map(() => ({ weight: 0, mean: 0, squares: 0 }));
  for (let row = from; row < to; row += BLOCK_ROWS) {
    const end = Math.min(to, row + BLOCK_ROWS);
    for (const [j, view] of views.entries()) {
      if (sampleWeight === undefined) joinRows(totals[j]!, view, row, end);
      else joinWeightedRows(totals[j]!, view, sampleWeight, row, end);
    }
  }
  for (const [j, { weight, mean, squares }] of totals.entries()) {
    parts.set([weight, mean, squares], 3 * (shard * views.length + j));
  }
}

type Total = { -readonly [K in keyof Moments]: Moments[K] };

function joinRows(total: Total, { values, offset, stride }: NumberView, from: number, to: number): void {
  const end = offset + to * stride;
  let count = 0;
  let sum = 0;
  for (let at = offset + from * stride; at < end; at += stride) {
    const value = values[at]!;
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  }
  const mean = sum / count;
  let squares = 0;
  for (let at = offset + from * stride; at < end; at += stride) {
    const d = values[at]! - mean;
    if (!Number.isNaN(d)) squares += d * d;
  }
  join(total, count, mean, squares);
}

function joinWeightedRows(
  total: Total,
  { values, offset, stride }: NumberView,
  weights: Float64Array,
  from: number,
  to: number,
): void {
  let weight = 0;
  let sum = 0;
  for (let i = from, at = offset + from * stride; i < to; i++, at += stride) {
    const value = values[at]!;
    if (!Number.isNaN(value)) {
      sum += weights[i]! * value;
      weight += weights[i]!;
    }
  }
  const mean = sum / weight;
  let squares = 0;
  for (let i = from, at = offset + from * stride; i < to; i++, at += stride) {
    const d = values[at]! - mean;
    if (!Number.isNaN(d)) squares += weights[i]! * d * d;
  }
  join(total, weight, mean, squares);
}

function join(total: Total, weight: number, mean: number, squares: number): void {
  if (weight === 0) return;
  const both = total.weight + weight;
  const d = mean - total.mean;
  total.squares += squares + ((d * total.weight) / both) * d * weight;
  total.mean += (d * weight) / both;
  total.weight = both;
}
