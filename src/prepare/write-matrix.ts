import { DataError } from '../core/errors.ts';
import { andThen, type Eventually } from '../core/eventually.ts';
import { Matrix } from '../core/matrix.ts';
import type { ColumnBlock } from '../define/definition.ts';
import { rowArray } from './row-array.ts';

export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
}

/**
 * A matrix of zeros that `write` fills.
 * @throws DataError when there is not so much memory.
 */
export function writeMatrix(
  { rows, columns, names }: MatrixShape,
  write: (block: ColumnBlock) => Eventually<void>,
): Eventually<Matrix> {
  const data = allocate(rows, columns);
  return andThen(
    write({ data, stride: columns, at: 0 }),
    () => new Matrix({ rows, columns, data, names: names && [...names] }),
  );
}

function allocate(rows: number, columns: number): Float64Array {
  try {
    return rowArray(Float64Array, rows * columns);
  } catch {
    const gigabytes = ((rows * columns * 8) / 2 ** 30).toFixed(1);
    throw new DataError(
      'data/too-large',
      `A table of ${rows} rows × ${columns} columns needs ${gigabytes} GiB, which is not to be had. Take fewer rows, or ` +
        'encode columns of many categories with ordinalEncoder or oneHotEncoder({ maxCategories }).',
      { rows, columns },
    );
  }
}
