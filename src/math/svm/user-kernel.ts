import { DataError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import type { Matrix } from '../../core/matrix.ts';

/** Rows of a table, row-major. */
export interface KernelRows {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * A kernel of the user's: its values for all rows of `a` with all rows of `b`, row-major, a.rows × b.rows; symmetric.
 */
export type UserKernel = (
  a: KernelRows,
  b: KernelRows,
) => Eventually<Float64Array | readonly number[] | readonly (readonly number[])[]>;

/**
 * All values of a kernel of the user's. @throws DataError when it gives another number of values, or some that are not
 * finite.
 */
export function callUserKernel(kernel: UserKernel, a: Matrix, b: Matrix): Eventually<Float64Array> {
  const asked = (matrix: Matrix): KernelRows => ({
    data: matrix.data,
    rows: matrix.rows,
    columns: matrix.columns,
  });
  return andThen(kernel(asked(a), asked(b)), (given) => {
    const values = Float64Array.from((given as readonly unknown[]).flat?.() ?? (given as never));
    if (values.length !== a.rows * b.rows) {
      throw new DataError(
        'data/bad-kernel',
        `The kernel function gave ${values.length} values for ${a.rows} × ${b.rows} rows; it must give ${a.rows * b.rows}, row by row.`,
        { values: values.length, expected: a.rows * b.rows },
      );
    }
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new DataError(
        'data/bad-kernel',
        `The kernel function gave ${values[bad]} for rows ${Math.floor(bad / b.rows)} and ${bad % b.rows}; its values must be finite.`,
        { value: String(values[bad]) },
      );
    }
    return values;
  });
}
