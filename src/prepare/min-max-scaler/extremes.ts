import { andThen, type Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import type { NumberView } from '../number-view.ts';

export interface Extremes {
  /** NaN for a column that is never present. */
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

interface ExtremesPayload {
  readonly views: readonly NumberView[];
  /** Blocks × columns × (least, greatest). */
  readonly parts: Float64Array;
}

const MOST_SHARDS = 256;

/** The least and greatest present value of each view. */
export function extremesOf(job: Job, views: readonly NumberView[], rows: number): Eventually<Extremes> {
  const size = Math.max(1024, Math.ceil(rows / MOST_SHARDS));
  const shards = Math.ceil(rows / size);
  const parts = sharedArray(Float64Array, shards * views.length * 2);
  const work = {
    module: import.meta.url,
    name: 'findExtremes' as const,
    run: findExtremes,
    count: rows,
    size,
    cost: views.length,
  };
  return andThen(overBlocks(job, work, { views, parts }), () => {
    const least = new Float64Array(views.length).fill(Number.POSITIVE_INFINITY);
    const greatest = new Float64Array(views.length).fill(Number.NEGATIVE_INFINITY);
    for (let at = 0; at < parts.length; at += 2) {
      const j = (at / 2) % views.length;
      if (parts[at]! < least[j]!) least[j] = parts[at]!;
      if (parts[at + 1]! > greatest[j]!) greatest[j] = parts[at + 1]!;
    }
    for (let j = 0; j < views.length; j++) {
      if (least[j]! > greatest[j]!) least[j] = greatest[j] = Number.NaN;
    }
    return { least, greatest };
  });
}

/** The extremes of one shard of rows; (+∞, −∞) for a column that is not present there. */
export function findExtremes(
  { views, parts }: ExtremesPayload,
  from: number,
  to: number,
  shard: number,
): void {
  for (const [j, { values, offset, stride }] of views.entries()) {
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = from, at = offset + from * stride; i < to; i++, at += stride) {
      const value = values[at]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    parts.set([least, greatest], 2 * (shard * views.length + j));
  }
}
