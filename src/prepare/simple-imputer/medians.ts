import { andThen, type Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import type { NumberView } from '../number-view.ts';
import { medianInPlace } from './select-kth.ts';

interface MediansPayload {
  readonly views: readonly NumberView[];
  readonly rows: number;
  readonly medians: Float64Array;
}

/** The median of the present values of each view; NaN where there is none. */
export function mediansOf(job: Job, views: readonly NumberView[], rows: number): Eventually<Float64Array> {
  const medians = sharedArray(Float64Array, views.length);
  const work = {
    module: import.meta.url,
    name: 'findMedians' as const,
    run: findMedians,
    count: views.length,
    size: 1,
    // Copying, and about three passes of selection.
    cost: 4 * rows,
  };
  return andThen(overBlocks(job, work, { views, rows, medians }), () => medians);
}

/** The medians of some of the views. */
export function findMedians({ views, rows, medians }: MediansPayload, from: number, to: number): void {
  const present = new Float64Array(rows);
  for (let j = from; j < to; j++) {
    const { values, offset, stride } = views[j]!;
    let count = 0;
    for (let i = 0, at = offset; i < rows; i++, at += stride) {
      const value = values[at]!;
      if (!Number.isNaN(value)) present[count++] = value;
    }
    medians[j] = medianInPlace(present.subarray(0, count));
  }
}
