import { andThen, type Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import type { NumberView } from '../number-view.ts';

export interface Survey {
  /** Rows without a value of each column. */
  readonly missing: Float64Array;
  readonly hasInfinity: boolean;
}

interface SurveyPayload {
  readonly views: readonly NumberView[];
  /** Blocks × columns. */
  readonly missing: Int32Array;
  /** Element 0, shared: set to 1 when an infinity was met. */
  readonly infinite: Int32Array;
}

const MOST_BLOCKS = 256;

/** Counts the gaps of each view and looks for infinities, in one pass over the rows. */
export function surveyOf(job: Job, views: readonly NumberView[], rows: number): Eventually<Survey> {
  const size = Math.max(1024, Math.ceil(rows / MOST_BLOCKS));
  const parts = sharedArray(Int32Array, Math.ceil(rows / size) * views.length);
  const infinite = sharedArray(Int32Array, 1);
  const work = {
    module: import.meta.url,
    name: 'surveyRows' as const,
    run: surveyRows,
    count: rows,
    size,
    cost: views.length,
  };
  return andThen(overBlocks(job, work, { views, missing: parts, infinite }), () => {
    const missing = new Float64Array(views.length);
    for (let at = 0; at < parts.length; at++) missing[at % views.length]! += parts[at]!;
    return { missing, hasInfinity: infinite[0] === 1 };
  });
}

/** Rows of a block that stay in the cache while its columns are read one by one. */
const CACHED_ROWS = 1024;

export function surveyRows(
  { views, missing, infinite }: SurveyPayload,
  from: number,
  to: number,
  block: number,
): void {
  for (let row = from; row < to; row += CACHED_ROWS) {
    const end = Math.min(to, row + CACHED_ROWS);
    for (const [j, { values, offset, stride }] of views.entries()) {
      let count = 0;
      let largest = 0;
      for (let i = row, at = offset + row * stride; i < end; i++, at += stride) {
        const size = Math.abs(values[at]!);
        if (Number.isNaN(size)) count++;
        else if (size > largest) largest = size;
      }
      missing[block * views.length + j]! += count;
      if (largest === Number.POSITIVE_INFINITY) infinite[0] = 1;
    }
  }
}
