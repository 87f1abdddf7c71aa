import { DataError, suggestion } from '../../core/errors.ts';
import { type Column, codeStrings, Frame, listNames } from '../../core/frame.ts';
import type { ServedColumn } from '../model/served-column.ts';
import { parseIsoDate } from './iso-date.ts';

/** A row as JSON has it. */
export type JsonRow = Readonly<Record<string, unknown>>;

/**
 * Rows of a request as the model's table: column by column, each cell checked and put in its place in one pass. Columns that the
 * model does not know are ignored.
 * @throws DataError naming row (from 0) and column of a cell that is missing or of another kind.
 */
export function rowsToFrame(columns: readonly ServedColumn[], rows: readonly unknown[]): Frame {
  for (let i = 0; i < rows.length; i++) requireRow(rows[i], i);
  const whole = rows as readonly JsonRow[];
  return new Frame(
    columns.map((column): [string, Column] => [column.name, cellsOf(column, whole, columns)]),
    rows.length,
  );
}

function requireRow(row: unknown, i: number): void {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return;
  throw new DataError(
    'data/not-a-row',
    `Row ${i} is ${shown(row)}, but a row is an object of its columns: {"column": value, …}.`,
    { row: i },
  );
}

function cellsOf(column: ServedColumn, rows: readonly JsonRow[], all: readonly ServedColumn[]): Column {
  const { name, kind, acceptsMissing } = column;
  const count = rows.length;
  let missing: Uint8Array | undefined;
  /** Marks a missing cell; anything else that is not of the kind is refused. */
  const otherwise = (value: unknown, i: number): void => {
    if (value !== null || !acceptsMissing) throw badCell(column, rows[i]!, i, all);
    missing ??= new Uint8Array(count);
    missing[i] = 1;
  };
  if (kind === 'string') {
    return codeStrings(count, (i) => {
      const value = rows[i]![name];
      if (typeof value === 'string') return value;
      otherwise(value, i);
      return undefined;
    });
  }
  if (kind === 'boolean') {
    const values = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const value = rows[i]![name];
      if (typeof value === 'boolean') values[i] = value ? 1 : 0;
      else otherwise(value, i);
    }
    return { kind, values, missing };
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = rows[i]![name];
    const number = kind === 'number' ? value : typeof value === 'string' ? parseIsoDate(value) : undefined;
    // JSON's 1e999 is read as an infinity.
    if (typeof number === 'number' && Number.isFinite(number)) values[i] = number;
    else {
      values[i] = Number.NaN;
      otherwise(value, i);
    }
  }
  return { kind, values, missing };
}

const wanted = {
  number: 'a finite number',
  string: 'a text',
  boolean: 'true or false',
  date: 'an ISO 8601 date in text, e.g. "2026-03-31" or "2026-03-31T14:05:00Z"',
} as const satisfies Record<Column['kind'], string>;

function badCell(
  { name, kind, acceptsMissing }: ServedColumn,
  row: JsonRow,
  i: number,
  columns: readonly ServedColumn[],
): DataError {
  // A name such as 'constructor' is found in every object, but no cell.
  if (!Object.hasOwn(row, name)) {
    const known = new Set(columns.map((column) => column.name));
    const others = Object.keys(row)
      .filter((given) => !known.has(given))
      .slice(0, MOST_COMPARED);
    return new DataError(
      'data/missing-column',
      `Row ${i} has no column '${name}'.${suggestion(name, others)} The model needs ${listNames([...known])}` +
        `${acceptsMissing ? `; for a missing value write "${name}": null` : ''}.`,
      { row: i, column: name },
    );
  }
  const value = row[name];
  if (value === null) {
    return new DataError(
      'data/missing-value',
      `Row ${i} has no value (null) in column '${name}', which the model cannot do without.`,
      { row: i, column: name },
    );
  }
  return new DataError(
    'data/column-kind',
    `Row ${i}, column '${name}' holds ${shown(value)}, but takes ${wanted[kind]}${acceptsMissing ? ', or null' : ''}.`,
    { row: i, column: name, expected: kind },
  );
}

/** Names that are compared with a missing one: a hostile row has millions. */
const MOST_COMPARED = 1000;
const SHOWN_CHARACTERS = 60;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
