import { DataError } from './errors.ts';
import { type FloatArray, sharedArray } from './shared.ts';
import { sharedBuffer } from './shared-memory.ts';

export interface MatrixInit<A extends FloatArray> {
  readonly rows: number;
  readonly columns: number;
  /** Row-major values, `rows × columns` of them; taken over, not copied. */
  readonly data: A;
  /** Column names; without them columns are matched by position. */
  readonly names?: readonly string[] | undefined;
}

/** A dense row-major matrix of floating-point numbers; a missing value is NaN. */
export class Matrix<A extends FloatArray = Float64Array> {
  readonly rows: number;
  readonly columns: number;
  readonly data: A;
  readonly names: readonly string[] | undefined;

  /** @throws DataError when the counts do not fit. */
  constructor({ rows, columns, data, names }: MatrixInit<A>) {
    if (data.length !== rows * columns) {
      throw new DataError(
        'data/length-mismatch',
        `A matrix of ${rows} rows × ${columns} columns needs ${rows * columns} values, got ${data.length}.`,
        { rows, columns, values: data.length },
      );
    }
    if (names !== undefined && names.length !== columns) {
      throw new DataError(
        'data/length-mismatch',
        `A matrix of ${columns} columns needs ${columns} names, got ${names.length}.`,
        { columns, names: names.length },
      );
    }
    this.rows = rows;
    this.columns = columns;
    this.data = data;
    this.names = names;
  }

  /** A float64 matrix of zeros on shared memory. */
  static zeros(rows: number, columns: number, names?: readonly string[]): Matrix {
    return new Matrix({ rows, columns, data: sharedArray(Float64Array, rows * columns), names });
  }

  /**
   * A float64 matrix on shared memory from rows of numbers; `null` and `undefined` become NaN.
   * @throws DataError naming the first ragged row or the first value that is not a number.
   */
  static fromRows(rows: ArrayLike<ArrayLike<number | null | undefined>>, names?: readonly string[]): Matrix {
    const columns = rows.length === 0 ? (names?.length ?? 0) : rows[0]!.length;
    const matrix = Matrix.zeros(rows.length, columns, names);
    for (let i = 0; i < rows.length; i++) matrix.setRow(i, rows[i]!);
    return matrix;
  }

  at(row: number, column: number): number {
    return this.data[row * this.columns + column]!;
  }

  /** A view (no copy) of one row. */
  row(row: number): A {
    return this.data.subarray(row * this.columns, (row + 1) * this.columns) as A;
  }

  /** A copy of one column, by position. */
  column(column: number): Float64Array {
    const values = new Float64Array(this.rows);
    for (let i = 0, at = column; i < this.rows; i++, at += this.columns) values[i] = this.data[at]!;
    return values;
  }

  /** Overwrites one row. @throws DataError when its length or a value does not fit. */
  setRow(row: number, values: ArrayLike<number | null | undefined>): void {
    if (values.length !== this.columns) {
      throw new DataError(
        'data/ragged-row',
        `Row ${row} has ${values.length} values where the rows before it have ${this.columns}.`,
        { row, values: values.length, columns: this.columns },
      );
    }
    for (let j = 0; j < values.length; j++) {
      const value = values[j] ?? Number.NaN;
      if (typeof value !== 'number') {
        const column = this.names?.[j] ?? j;
        throw new DataError(
          'data/not-a-number',
          `Row ${row}, column ${this.names ? `'${column}'` : column} holds ${JSON.stringify(value)}, not a number. ` +
            'Encode text first, e.g. with oneHotEncoder or a columnTransformer.',
          { row, column },
        );
      }
      this.data[row * this.columns + j] = value;
    }
  }

  /** The rows at `indices`, in that order, copied. */
  take(indices: ArrayLike<number>): Matrix<A> {
    const { columns, data, names } = this;
    const Kind = data.constructor as new (buffer: SharedArrayBuffer) => A;
    const taken = new Kind(sharedBuffer(indices.length * columns * data.BYTES_PER_ELEMENT));
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * columns;
      taken.set(data.subarray(from, from + columns), i * columns);
    }
    return new Matrix<A>({ rows: indices.length, columns, data: taken, names });
  }

  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }
}
