// Tables and scikit-learn's answers from parity/prepare.py.
import { readFileSync } from 'node:fs';
import { type Cell, Frame } from '../core/frame.ts';
import type { Table } from '../core/table.ts';
import { toFrame } from '../core/table.ts';

export interface PrepareCase {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly table: string;
  readonly columns?: readonly string[];
  readonly weighted: boolean;
  readonly test?: string | null;
  readonly expected: {
    readonly train: Cells;
    readonly test?: Cells;
    readonly names: readonly string[];
    readonly attributes: Readonly<Record<string, Cells | null>>;
    readonly coef: readonly number[];
  };
}

/** Numbers, text, booleans and lists of them; null is NaN or missing. */
export type Cells = Cell | readonly Cells[];

const fixture = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/prepare.json', import.meta.url), 'utf8'),
) as {
  readonly tables: Readonly<Record<string, Readonly<Record<string, readonly Cell[]>>>>;
  readonly weights: readonly number[];
  readonly target: readonly number[];
  readonly cases: readonly PrepareCase[];
};

export const { weights, target } = fixture;

export function casesOf(...models: string[]): readonly PrepareCase[] {
  return fixture.cases.filter(({ model }) => models.includes(model));
}

/** Tables side by side, of which the first decides how many rows there are. */
export function tableOf(names: readonly string[], columns?: readonly string[]): Frame {
  const tables = names.map((name) => fixture.tables[name]!);
  const entries = tables.flatMap((table) => Object.entries(table));
  const rows = Math.min(...entries.map(([, cells]) => cells.length));
  const frame = Frame.fromColumns(
    Object.fromEntries(entries.map(([name, cells]) => [name, cells.slice(0, rows)])),
  );
  return columns === undefined ? frame : frame.select(columns);
}

/** A table as rows of cells, NaN as null. */
export function rowsOf(table: Table): Cells[] {
  const frame = toFrame(table);
  return Array.from({ length: frame.rows }, (_, i) =>
    frame.names.map((name) => {
      const cell = frame.cell(name, i);
      return Number.isNaN(cell) ? null : cell;
    }),
  );
}

/** scikit-learn's names of columns as they are written here: `True` is `true`, `2.0` is `2`. */
export function translate(name: string): string {
  return name
    .replace(/_infrequent_sklearn$/, '_infrequent')
    .replace(/_(True|False)$/, (text) => text.toLowerCase())
    .replace(/\.0$/, '');
}

/** The largest difference of two nested lists, relative to the larger of the two numbers and 1; ∞ when anything else differs. */
export function difference(actual: Cells, expected: Cells): number {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return Number.POSITIVE_INFINITY;
    return expected.reduce<number>((worst, cell, i) => Math.max(worst, difference(actual[i]!, cell)), 0);
  }
  const [a, b] = [actual, expected].map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell));
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) / Math.max(1, Math.abs(b));
  return a === b ? 0 : Number.POSITIVE_INFINITY;
}
