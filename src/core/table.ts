import { DataError } from './errors.ts';
import { type Column, Frame } from './frame.ts';
import { Matrix } from './matrix.ts';
import { sharedArray } from './shared.ts';
import { inSlices } from './slices.ts';

/** A table in heddle's own form. Sparse matrices will join this union. */
export type Table = Frame | Matrix | Matrix<Float32Array>;

/** What users may pass as `x`: a table, rows of numbers, or rows as objects. */
export type TableLike =
  | Table
  | readonly (readonly (number | null | undefined)[] | Float64Array | Float32Array)[]
  | readonly Readonly<Record<string, unknown>>[];

export function isTable(value: unknown): value is Table {
  return value instanceof Matrix || value instanceof Frame;
}

/**
 * `x` as a table on shared memory. Long copies give way to the event loop every few milliseconds.
 * @param what Names the argument in messages, e.g. `x`.
 * @throws DataError when it is no table or a row does not fit.
 */
export async function toSharedTable(x: TableLike, what = 'x'): Promise<Table> {
  if (x instanceof Matrix) return shareMatrix(x);
  if (x instanceof Frame) return shareFrame(x);
  if (!Array.isArray(x)) {
    throw new DataError(
      'data/not-a-table',
      `${what} must be a Frame, a Matrix, rows of numbers (number[][]) or an array of objects, got ${describe(x)}.`,
    );
  }
  const first: unknown = x[0];
  if (first === undefined) throw new DataError('data/no-rows', `${what} has no rows.`);
  if (Array.isArray(first) || ArrayBuffer.isView(first)) {
    const rows = x as readonly ArrayLike<number>[];
    const matrix = Matrix.zeros(rows.length, rows[0]!.length);
    await inSlices(rows.length, 4096, (from, to) => {
      for (let i = from; i < to; i++) matrix.setRow(i, rows[i]!);
    });
    return matrix;
  }
  if (typeof first === 'object' && first !== null) {
    return Frame.fromRecords(x as readonly Readonly<Record<string, unknown>>[]);
  }
  throw new DataError(
    'data/not-a-table',
    `${what} must hold rows (arrays of numbers or objects), but its first element is ${describe(first)}. ` +
      'For a single column write [[1], [2], [3]].',
  );
}

async function shareMatrix(matrix: Matrix | Matrix<Float32Array>): Promise<Matrix | Matrix<Float32Array>> {
  const { rows, columns, names } = matrix;
  if (matrix.data instanceof Float32Array) {
    const data = await shared(matrix.data, Float32Array);
    return data === matrix.data ? matrix : new Matrix<Float32Array>({ rows, columns, names, data });
  }
  const data = await shared(matrix.data, Float64Array);
  return data === matrix.data ? matrix : new Matrix({ rows, columns, names, data });
}

async function shareFrame(frame: Frame): Promise<Frame> {
  const columns: [string, Column][] = [];
  for (const [name, column] of frame.entries()) columns.push([name, await shareColumn(column)]);
  return new Frame(columns, frame.rows);
}

async function shareColumn(column: Column): Promise<Column> {
  if (column.kind === 'string') return { ...column, codes: await shared(column.codes, Int32Array) };
  const missing = column.missing && (await shared(column.missing, Uint8Array));
  if (column.kind === 'boolean') {
    return { ...column, values: await shared(column.values, Uint8Array), missing };
  }
  return { ...column, values: await shared(column.values, Float64Array), missing };
}

const COPY_BYTES = 2 ** 20;

interface Copyable {
  readonly buffer: ArrayBufferLike;
  readonly length: number;
  readonly BYTES_PER_ELEMENT: number;
  set(values: ArrayLike<number>, at: number): void;
  subarray(from: number, to: number): ArrayLike<number>;
}

/** `array` itself when it is shared, else a shared copy made in slices. */
export async function shared<A extends Copyable>(
  array: A,
  Kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): A },
): Promise<A> {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const copy = sharedArray(Kind, array.length);
  await inSlices(array.length, COPY_BYTES / Kind.BYTES_PER_ELEMENT, (from, to) =>
    copy.set(array.subarray(from, to), from),
  );
  return copy;
}

/** A table as structured-cloneable data; shared storage stays shared. */
export type TableWire =
  | { readonly kind: 'frame'; readonly rows: number; readonly columns: [string, Column][] }
  | {
      readonly kind: 'matrix';
      readonly rows: number;
      readonly columns: number;
      readonly names: readonly string[] | undefined;
      readonly data: Float64Array | Float32Array;
    };

export function tableToWire(table: Table): TableWire {
  if (table instanceof Frame) return { kind: 'frame', rows: table.rows, columns: table.entries() };
  const { rows, columns, names, data } = table;
  return { kind: 'matrix', rows, columns, names, data };
}

export function tableFromWire(wire: TableWire): Table {
  if (wire.kind === 'frame') return new Frame(wire.columns, wire.rows);
  return new Matrix(wire) as Table;
}

/** A table as a float64 matrix. @throws DataError naming a column of text or dates. */
export function toMatrix(table: Table): Matrix {
  if (table instanceof Frame) return table.toMatrix();
  if (table.data instanceof Float64Array) return table as Matrix;
  const data = sharedArray(Float64Array, table.data.length);
  data.set(table.data);
  return new Matrix({ rows: table.rows, columns: table.columns, names: table.names, data });
}

export function toFrame(table: Table): Frame {
  return table instanceof Frame ? table : Frame.fromMatrix(table);
}

/** Column names of a table; `undefined` for an unnamed matrix. */
export function columnNames(table: Table): readonly string[] | undefined {
  return table.names;
}

export function columnCount(table: Table): number {
  return table instanceof Frame ? table.names.length : table.columns;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `${typeof value} ${String(value)}`;
  return value.constructor?.name ?? 'an object';
}
