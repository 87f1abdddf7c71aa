import { DataError, suggestion } from '../core/errors.ts';
import { type Column, columnLength, countMissing, Frame, listNames } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import type { Table } from '../core/table.ts';
import type { Input } from './definition.ts';

/** The columns a model was fitted on. */
export interface InputSchema {
  readonly columns: number;
  /** Absent when `x` had no names. */
  readonly names?: readonly string[] | undefined;
  /** Kinds of the columns, when `x` was a frame. */
  readonly kinds?: readonly Column['kind'][] | undefined;
}

export function schemaOf(table: Table): InputSchema {
  if (table instanceof Frame) {
    return {
      columns: table.names.length,
      names: table.names,
      kinds: table.entries().map(([, column]) => column.kind),
    };
  }
  return { columns: table.columns, names: table.names };
}

/**
 * `table` with the columns of `schema` in their order. Named columns are matched by name, extra ones dropped; without
 * names on either side the number of columns must agree. A definition that works on frames, fitted without names, knows
 * its columns as `x0`, `x1`, …; then those of `table` are called so too.
 * @throws DataError naming a missing column or one of another kind.
 */
export function alignTable(table: Table, schema: InputSchema, input: Input = 'matrix'): Table {
  const { names } = schema;
  if (names === undefined || table.names === undefined) {
    const columns = table instanceof Frame ? table.names.length : table.columns;
    if (columns !== schema.columns) {
      throw new DataError(
        'data/column-count',
        `The model was fitted on ${schema.columns} columns, but x has ${columns}.`,
        { expected: schema.columns, columns },
      );
    }
    if (names === undefined) return input === 'frame' ? withoutNames(table) : table;
    return table instanceof Frame ? table : (new Matrix({ ...fields(table), names } as Matrix) as Table);
  }
  requireColumns(table.names, names);
  if (table instanceof Frame) return alignFrame(table, schema, names);
  if (names.length === table.columns && names.every((name, j) => name === table.names![j])) return table;
  return selectColumns(table, names);
}

function fields({ rows, columns, data }: Matrix | Matrix<Float32Array>) {
  return { rows, columns, data };
}

/** A frame with the names that {@link Frame.fromMatrix} gives, or an unnamed matrix. */
function withoutNames(table: Table): Table {
  if (!(table instanceof Frame)) return new Matrix(fields(table) as Matrix) as Table;
  return new Frame(
    table.entries().map(([, column], j) => [`x${j}`, column]),
    table.rows,
  );
}

function requireColumns(given: readonly string[], wanted: readonly string[]): void {
  const present = new Set(given);
  const absent = wanted.filter((name) => !present.has(name));
  if (absent.length === 0) return;
  const near = absent.length === 1 ? suggestion(absent[0]!, given) : '';
  throw new DataError(
    'data/missing-column',
    `The model needs ${absent.length === 1 ? 'column' : 'columns'} ${listNames(absent)}, which x does not have.${near} ` +
      `x has ${listNames(given)}.`,
    { columns: absent },
  );
}

function alignFrame(frame: Frame, { kinds }: InputSchema, names: readonly string[]): Frame {
  return new Frame(
    names.map((name, j): [string, Column] => {
      const column = frame.column(name);
      const kind = kinds?.[j];
      if (kind === undefined || kind === column.kind) return [name, column];
      if (countMissing(column) === columnLength(column)) return [name, emptyColumn(kind, frame.rows)];
      if (kind !== 'string' && kind !== 'date' && column.kind !== 'string' && column.kind !== 'date') {
        return [name, column];
      }
      throw new DataError(
        'data/column-kind',
        `Column '${name}' held ${kind}s when the model was fitted, but now holds ${column.kind}s.`,
        { column: name, expected: kind, kind: column.kind },
      );
    }),
    frame.rows,
  );
}

/** A column in which everything is missing. */
function emptyColumn(kind: Column['kind'], rows: number): Column {
  if (kind === 'string') return { kind, codes: sharedArray(Int32Array, rows).fill(-1), levels: [] };
  const missing = sharedArray(Uint8Array, rows).fill(1);
  if (kind === 'boolean') return { kind, values: sharedArray(Uint8Array, rows), missing };
  return { kind, values: sharedArray(Float64Array, rows).fill(Number.NaN), missing };
}

function selectColumns(matrix: Matrix | Matrix<Float32Array>, names: readonly string[]): Matrix {
  const from = names.map((name) => matrix.names!.indexOf(name));
  const selected = Matrix.zeros(matrix.rows, names.length, names);
  for (let i = 0, to = 0; i < matrix.rows; i++) {
    const base = i * matrix.columns;
    for (const j of from) selected.data[to++] = matrix.data[base + j]!;
  }
  return selected;
}
