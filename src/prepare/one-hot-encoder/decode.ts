import { DataError } from '../../core/errors.ts';
import { type Column, Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Job } from '../../jobs/job.ts';
import { decodeColumn, INFREQUENT } from '../decode-column.ts';
import { listCategories } from '../learned-categories.ts';
import { labelsOf, type OneHotColumn } from './layout.ts';

/** The categories whose columns are largest, the first among equals; of a row without any, the dropped one or a missing value. */
export function decodeRows(job: Job, columns: readonly OneHotColumn[], x: Matrix): Frame {
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  if (x.columns !== width) {
    throw new DataError(
      'data/column-count',
      `one-hot-encoder gives ${width} columns, but the table to turn back has ${x.columns}.`,
      { expected: width, columns: x.columns },
    );
  }
  let start = 0;
  return new Frame(
    columns.map((column): [string, Column] => {
      job.checkpoint();
      const from = start;
      start += column.width;
      const labels = labelsOf(column);
      const none = droppedLabel(column);
      const decoded = decodeColumn(column.categories, x.rows, (row) => {
        const best = largest(x, row, from, column.width);
        return best < 0 ? none : labels[best]!;
      });
      return [column.categories.name, decoded];
    }),
    x.rows,
  );
}

function droppedLabel({ categories, grouped, rare, drop }: OneHotColumn) {
  if (drop < 0) return null;
  const place = grouped.indexOf(drop);
  return rare.includes(place) ? INFREQUENT : listCategories(categories)[place]!;
}

/** Position of the largest value of a row; −1 when all are 0. */
function largest({ data, columns }: Matrix, row: number, from: number, width: number): number {
  let best = -1;
  const start = row * columns + from;
  for (let k = 0; k < width; k++) {
    if (data[start + k] !== 0 && (best < 0 || data[start + k]! > data[start + best]!)) best = k;
  }
  return best;
}
