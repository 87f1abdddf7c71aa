import { DataError, suggestion } from './errors.ts';
import { Matrix } from './matrix.ts';
import { sharedArray } from './shared.ts';

/**
 * Columns of a {@link Frame}. Storage is shared memory where heddle made it. `missing[i] === 1` marks a missing value
 * (apart from a NaN that was computed or read); without `missing` nothing is missing. At a missing place numbers and
 * dates hold NaN, codes −1, booleans 0.
 */
export type Column = NumberColumn | StringColumn | BooleanColumn | DateColumn;

export interface NumberColumn {
  readonly kind: 'number';
  readonly values: Float64Array;
  readonly missing?: Uint8Array | undefined;
}

/** `levels[codes[i]]` is the text of row i; code −1 is missing. Levels are distinct. */
export interface StringColumn {
  readonly kind: 'string';
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

export interface BooleanColumn {
  readonly kind: 'boolean';
  /** 0 or 1. */
  readonly values: Uint8Array;
  readonly missing?: Uint8Array | undefined;
}

export interface DateColumn {
  readonly kind: 'date';
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly values: Float64Array;
  readonly missing?: Uint8Array | undefined;
}

/** One cell: `null` is missing. */
export type Cell = number | string | boolean | Date | null;

const BLOCK_BYTES = 256 * 1024;

/** A table of named, typed columns of equal length. Immutable: every method returns a new frame or a view. */
export class Frame {
  readonly rows: number;
  readonly names: readonly string[];
  readonly #columns: ReadonlyMap<string, Column>;

  /** @throws DataError when a name repeats or lengths differ. */
  constructor(columns: Iterable<readonly [string, Column]>, rows?: number) {
    const map = new Map<string, Column>();
    let count = rows;
    for (const [name, column] of columns) {
      if (map.has(name)) {
        throw new DataError('data/duplicate-column', `Column '${name}' appears twice; names must differ.`, {
          column: name,
        });
      }
      const length = columnLength(column);
      count ??= length;
      if (length !== count) {
        throw new DataError(
          'data/length-mismatch',
          `Column '${name}' has ${length} rows where the columns before it have ${count}.`,
          { column: name, rows: length, expected: count },
        );
      }
      map.set(name, column);
    }
    this.rows = count ?? 0;
    this.names = Object.freeze([...map.keys()]);
    this.#columns = map;
  }

  /**
   * A frame from arrays of cells by name; each column's kind is inferred from its first present cell.
   * @throws DataError naming the column and row of a cell of another kind.
   */
  static fromColumns(columns: Readonly<Record<string, ArrayLike<Cell | undefined> | Column>>): Frame {
    return new Frame(
      Object.entries(columns).map(([name, cells]) => [
        name,
        'kind' in cells ? (cells as Column) : columnFromCells(name, cells as ArrayLike<Cell | undefined>),
      ]),
    );
  }

  /** A frame from objects; an absent key is a missing value, columns appear in the order first seen. */
  static fromRecords(records: readonly Readonly<Record<string, unknown>>[]): Frame {
    const names = new Set<string>();
    for (const record of records) for (const name of Object.keys(record)) names.add(name);
    return new Frame(
      [...names].map((name) => [
        name,
        columnFromCells(
          name,
          records.map((record) => record[name] as Cell),
        ),
      ]),
      records.length,
    );
  }

  /** A frame of number columns from a matrix; NaN is taken as missing. Unnamed columns are called `x0`, `x1`, …. */
  static fromMatrix(matrix: Matrix<Float64Array> | Matrix<Float32Array>): Frame {
    return new Frame(
      Array.from({ length: matrix.columns }, (_, j): [string, Column] => {
        const values = sharedArray(Float64Array, matrix.rows);
        values.set(matrix.column(j));
        return [matrix.names?.[j] ?? `x${j}`, { kind: 'number', values, missing: nanMask(values) }];
      }),
      matrix.rows,
    );
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** @throws DataError naming the missing column and the nearest existing one. */
  column(name: string): Column {
    const column = this.#columns.get(name);
    if (column === undefined) {
      throw new DataError(
        'data/missing-column',
        `There is no column '${name}'.${suggestion(name, this.names)} The columns are ${listNames(this.names)}.`,
        { column: name, columns: this.names },
      );
    }
    return column;
  }

  /**
   * The numbers of a column, not copied; missing is NaN. Dates are milliseconds since 1970, booleans 0 and 1.
   * @throws DataError when there is no such column or it holds text.
   */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    if (column.kind === 'string') throw notNumbers(name, column);
    if (column.kind !== 'boolean') return column.values;
    return Float64Array.from(column.values, (value, row) => (isMissing(column, row) ? Number.NaN : value));
  }

  /** The cells of a column as text, `null` where missing. @throws DataError when there is no such column. */
  texts(name: string): (string | null)[] {
    const column = this.column(name);
    return Array.from({ length: this.rows }, (_, row) => {
      const cell = columnCell(column, row);
      return cell instanceof Date ? cell.toISOString() : cell === null ? null : String(cell);
    });
  }

  entries(): [string, Column][] {
    return [...this.#columns];
  }

  cell(name: string, row: number): Cell {
    return columnCell(this.column(name), row);
  }

  /** The named columns, in that order, without copying. */
  select(names: readonly string[]): Frame {
    return new Frame(
      names.map((name) => [name, this.column(name)]),
      this.rows,
    );
  }

  /** All columns but the named ones, without copying. @throws DataError for a name that does not exist. */
  drop(names: readonly string[]): Frame {
    for (const name of names) this.column(name);
    return this.select(this.names.filter((name) => !names.includes(name)));
  }

  /** This frame with a column added or replaced. */
  with(name: string, column: Column): Frame {
    return new Frame(new Map(this.#columns).set(name, column), this.rows);
  }

  /** The rows at `indices`, in that order, copied. */
  take(indices: ArrayLike<number>): Frame {
    return new Frame(
      this.entries().map(([name, column]) => [name, takeColumn(column, indices)]),
      indices.length,
    );
  }

  /**
   * A float64 matrix on shared memory with this frame's names; missing is NaN, booleans are 0 and 1.
   * @throws DataError naming the first column of text or dates, with the row and value of its first cell.
   */
  toMatrix(): Matrix {
    const matrix = Matrix.zeros(this.rows, this.names.length, this.names);
    const columns = this.entries().map(([name, column]) => numericColumn(name, column));
    // Blocks of rows whose part of the matrix stays in the second-level cache while the columns are written into it.
    const step = Math.max(16, Math.floor(BLOCK_BYTES / (8 * Math.max(1, columns.length))));
    for (let from = 0; from < this.rows; from += step) {
      const to = Math.min(this.rows, from + step);
      for (let j = 0; j < columns.length; j++) fillColumn(matrix, j, columns[j]!, from, to);
    }
    return matrix;
  }

  toRecords(): Record<string, Cell>[] {
    return Array.from({ length: this.rows }, (_, i) =>
      Object.fromEntries(this.entries().map(([name, column]) => [name, columnCell(column, i)])),
    );
  }
}

export function columnLength(column: Column): number {
  return column.kind === 'string' ? column.codes.length : column.values.length;
}

export function isMissing(column: Column, row: number): boolean {
  return column.kind === 'string' ? column.codes[row]! < 0 : column.missing?.[row] === 1;
}

export function countMissing(column: Column): number {
  let count = 0;
  for (let i = 0, n = columnLength(column); i < n; i++) if (isMissing(column, i)) count++;
  return count;
}

export function columnCell(column: Column, row: number): Cell {
  if (isMissing(column, row)) return null;
  switch (column.kind) {
    case 'number':
      return column.values[row]!;
    case 'string':
      return column.levels[column.codes[row]!]!;
    case 'boolean':
      return column.values[row] === 1;
    case 'date':
      return new Date(column.values[row]!);
  }
}

/** The rows of one column at `indices`, copied; the levels of a string column stay as they are. */
export function takeColumn<C extends Column>(column: C, indices: ArrayLike<number>): C {
  if (column.kind === 'string') {
    const codes = sharedArray(Int32Array, indices.length);
    for (let i = 0; i < indices.length; i++) codes[i] = column.codes[indices[i]!]!;
    return { ...column, codes };
  }
  const values =
    column.kind === 'boolean'
      ? sharedArray(Uint8Array, indices.length)
      : sharedArray(Float64Array, indices.length);
  for (let i = 0; i < indices.length; i++) values[i] = column.values[indices[i]!]!;
  if (column.missing === undefined) return { ...column, values };
  const missing = sharedArray(Uint8Array, indices.length);
  for (let i = 0; i < indices.length; i++) missing[i] = column.missing[indices[i]!]!;
  return { ...column, values, missing };
}

/**
 * A column from cells, its kind taken from the first present one. `undefined` and `null` are missing; NaN is a value.
 * @throws DataError naming the column and row of a cell of another kind.
 */
export function columnFromCells(name: string, cells: ArrayLike<Cell | undefined>): Column {
  if (cells instanceof Float64Array) return { kind: 'number', values: cells };
  let first = 0;
  while (first < cells.length && (cells[first] ?? null) === null) first++;
  const sample = cells[first] ?? Number.NaN;
  const kind = sample instanceof Date ? 'date' : (typeof sample as 'number' | 'string' | 'boolean');
  const missing = sharedArray(Uint8Array, cells.length);
  let anyMissing = false;
  const present = (row: number): Exclude<Cell, null> | undefined => {
    const cell = cells[row] ?? null;
    if (cell === null) {
      missing[row] = 1;
      anyMissing = true;
      return undefined;
    }
    if ((cell instanceof Date ? 'date' : typeof cell) !== kind) {
      throw new DataError(
        'data/mixed-column',
        `Column '${name}' holds ${kind}s, but row ${row} holds ${JSON.stringify(cell)}. Make the column one kind.`,
        { column: name, row },
      );
    }
    return cell;
  };
  if (kind === 'string') return codeStrings(cells.length, (row) => present(row) as string | undefined);
  if (kind === 'boolean') {
    const values = sharedArray(Uint8Array, cells.length);
    for (let i = 0; i < cells.length; i++) values[i] = present(i) === true ? 1 : 0;
    return { kind, values, missing: anyMissing ? missing : undefined };
  }
  if (kind !== 'number' && kind !== 'date') {
    throw new DataError(
      'data/unsupported-cell',
      `Column '${name}', row ${first} holds a value of type ${kind}; cells are numbers, strings, booleans, dates or null.`,
      { column: name, row: first },
    );
  }
  const values = sharedArray(Float64Array, cells.length);
  for (let i = 0; i < cells.length; i++) values[i] = Number(present(i) ?? Number.NaN);
  return { kind, values, missing: anyMissing ? missing : undefined };
}

/** Dictionary codes in order of first appearance; `undefined` is missing. */
export function codeStrings(rows: number, text: (row: number) => string | undefined): StringColumn {
  const codes = sharedArray(Int32Array, rows);
  const codeOf = new Map<string, number>();
  for (let i = 0; i < rows; i++) {
    const level = text(i);
    if (level === undefined) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(level);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(level, code);
    }
    codes[i] = code;
  }
  return { kind: 'string', codes, levels: [...codeOf.keys()] };
}

/** A mask of the NaNs in `values`, or nothing when there are none. */
export function nanMask(values: Float64Array): Uint8Array | undefined {
  let mask: Uint8Array | undefined;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      mask ??= sharedArray(Uint8Array, values.length);
      mask[i] = 1;
    }
  }
  return mask;
}

/** `'a', 'b', 'c', … (12 in all)` */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `'${name}'`);
  return shown.join(', ') + (names.length > shown.length ? `, … (${names.length} in all)` : '');
}

/** @throws DataError for a column of text or dates. */
function numericColumn(name: string, column: Column): NumberColumn | BooleanColumn {
  if (column.kind === 'number' || column.kind === 'boolean') return column;
  throw notNumbers(name, column);
}

function notNumbers(name: string, column: StringColumn | DateColumn): DataError {
  const rows = columnLength(column);
  let row = 0;
  while (row < rows - 1 && isMissing(column, row)) row++;
  const cell = rows === 0 ? null : columnCell(column, row);
  const what = column.kind === 'string' ? 'text' : 'dates';
  return new DataError(
    'data/not-a-number',
    `Column '${name}' holds ${what} (row ${row}: ${JSON.stringify(cell)}), but numbers are needed. ` +
      'Encode it first, e.g. with a columnTransformer, or leave the column out.',
    { column: name, row },
  );
}

function fillColumn(
  { data, columns }: Matrix,
  at: number,
  { kind, values, missing }: NumberColumn | BooleanColumn,
  from: number,
  to: number,
): void {
  for (let i = from, place = from * columns + at; i < to; i++, place += columns) data[place] = values[i]!;
  if (kind !== 'boolean' || missing === undefined) return;
  for (let i = from; i < to; i++) if (missing[i] === 1) data[i * columns + at] = Number.NaN;
}
