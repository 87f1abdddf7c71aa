import { DataError } from '../core/errors.ts';
import { type BooleanColumn, Frame } from '../core/frame.ts';
import type { Matrix } from '../core/matrix.ts';
import { rowArray } from './row-array.ts';

/** A column of numbers where it lies: row `i` is `values[offset + i * stride]`, NaN when missing. */
export interface NumberView {
  readonly values: Float64Array;
  readonly offset: number;
  readonly stride: number;
}

/**
 * The columns of `x`, all numbers, without copying; booleans become 0 and 1.
 * @throws DataError naming a column of text or dates.
 */
export function numberViews(x: Frame | Matrix): NumberView[] {
  if (!(x instanceof Frame)) return Array.from({ length: x.columns }, (_, j) => matrixView(x, j));
  return x.entries().map(([name, column]) => {
    if (column.kind === 'number') return viewOf(column.values);
    if (column.kind === 'boolean') return viewOf(numbersOf(column));
    // The matrix of a column of text or dates is the error that names it.
    return matrixView(x.select([name]).toMatrix(), 0);
  });
}

function matrixView({ data, columns }: Matrix, offset: number): NumberView {
  return { values: data, offset, stride: columns };
}

/** A view of a whole array. */
export function viewOf(values: Float64Array): NumberView {
  return { values, offset: 0, stride: 1 };
}

/** Booleans as 0, 1 and NaN. */
export function numbersOf({ values, missing }: BooleanColumn): Float64Array {
  const numbers = rowArray(Float64Array, values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = missing?.[i] === 1 ? Number.NaN : values[i]!;
  return numbers;
}

export function columnsOf(x: Frame | Matrix): number {
  return x instanceof Frame ? x.names.length : x.columns;
}

/** The names of columns, `x0`, `x1`, … where they have none. */
export function namesOf(x: Frame | Matrix): readonly string[] {
  return x.names ?? Array.from({ length: columnsOf(x) }, (_, j) => `x${j}`);
}

/** The error for the first infinity in `views`, or nothing when there is none. */
export function infiniteError(
  views: readonly NumberView[],
  rows: number,
  names: readonly string[],
  model: string,
): DataError | undefined {
  for (const [j, { values, offset, stride }] of views.entries()) {
    for (let row = 0, at = offset; row < rows; row++, at += stride) {
      if (Math.abs(values[at]!) !== Number.POSITIVE_INFINITY) continue;
      const column = names[j]!;
      return new DataError(
        'data/infinite-value',
        `Column '${column}' is ${values[at]} in row ${row}; ${model} needs finite numbers. Correct or drop the row.`,
        { column, row, model },
      );
    }
  }
  return undefined;
}
