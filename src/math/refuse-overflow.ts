import { DataError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';

/**
 * @param squares Sum or mean of squares of each column.
 * @throws DataError naming the first column whose squares left the range of float64 numbers.
 */
export function refuseOverflow(matrix: Pick<Matrix, 'columns' | 'names'>, squares: Float64Array): void {
  const j = squares.subarray(0, matrix.columns).findIndex((square) => !Number.isFinite(square));
  if (j >= 0) throw tooLarge(matrix, j);
}

/** What to say of column `j` when its squares left the range of float64 numbers. */
export function tooLarge({ names }: Pick<Matrix, 'names'>, j: number): DataError {
  const name = names?.[j];
  return new DataError(
    'data/too-large',
    `Column ${name === undefined ? j : `'${name}'`} holds values so large that their squares overflow (beyond about 1e154). Divide it by a constant first.`,
    { column: name ?? j },
  );
}
