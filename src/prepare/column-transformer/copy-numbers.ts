import type { Eventually } from '../../core/eventually.ts';
import type { Frame } from '../../core/frame.ts';
import type { ColumnBlock } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import { MAP_ROWS } from '../map-numbers.ts';
import { type NumberView, numberViews } from '../number-view.ts';

interface CopyPayload {
  readonly views: readonly NumberView[];
  readonly block: ColumnBlock;
}

/** The columns of `x` as they are. @throws DataError naming a column of text or dates */
export function copyNumbers(job: Job, x: Frame, block: ColumnBlock): Eventually<void> {
  const views = numberViews(x);
  const work = {
    module: import.meta.url,
    name: 'copyRows' as const,
    run: copyRows,
    count: x.rows,
    size: MAP_ROWS,
    cost: 2 * views.length,
  };
  return overBlocks(job, work, { views, block });
}

export function copyRows({ views, block }: CopyPayload, from: number, to: number): void {
  const { data, stride: step } = block;
  for (const [j, { values, offset, stride }] of views.entries()) {
    let at = offset + from * stride;
    let into = block.at + j + from * step;
    for (let i = from; i < to; i++, at += stride, into += step) data[into] = values[at]!;
  }
}
