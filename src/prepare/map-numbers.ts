import { andThen, type Eventually } from '../core/eventually.ts';
import type { Frame } from '../core/frame.ts';
import type { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import type { ColumnBlock } from '../define/definition.ts';
import type { Job } from '../jobs/job.ts';
import { type BlockWork, overBlocks } from '../kernels/host/over-blocks.ts';
import { columnsOf, infiniteError, type NumberView, namesOf, numberViews } from './number-view.ts';

/** What a function gets that computes columns of numbers from columns of numbers, row by row. */
export interface NumberMap<P> {
  readonly views: readonly NumberView[];
  readonly block: ColumnBlock;
  readonly parameters: P;
  /** Element 0, shared: the function sets it to 1 when it meets an infinity. */
  readonly infinite: Int32Array;
}

/**
 * Rows that one thread handles at a time: with a hundred columns they and their results fill a second-level cache about once.
 */
export const MAP_ROWS = 1024;

/**
 * Runs `map.run` over the rows of `x`, all numbers.
 * @throws DataError naming a column of text or dates, or an infinity.
 */
export function mapNumbers<P>(
  job: Job,
  map: Pick<BlockWork<NumberMap<P>>, 'module' | 'name' | 'run'>,
  x: Frame | Matrix,
  block: ColumnBlock,
  parameters: P,
  model: string,
): Eventually<void> {
  const views = numberViews(x);
  const infinite = sharedArray(Int32Array, 1);
  const work = { ...map, count: x.rows, size: MAP_ROWS, cost: 2 * columnsOf(x) };
  return andThen(overBlocks(job, work, { views, block, parameters, infinite }), () => {
    const error = infinite[0] === 1 ? infiniteError(views, x.rows, namesOf(x), model) : undefined;
    if (error !== undefined) throw error;
  });
}
