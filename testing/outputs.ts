import assert from 'node:assert/strict';
import { columnCell, Frame } from '../src/core/frame.ts';
import type { Label } from '../src/core/labels.ts';
import { Matrix } from '../src/core/matrix.ts';
import { columnNames, type TableLike } from '../src/core/table.ts';
import type { PredictOptions } from '../src/define/fit-options.ts';
import { hasMethod, type Method } from '../src/define/run.ts';
import type { AnyFitted } from './subject.ts';

/** What a method gave, in one form for all kinds of models: row-major cells. */
export interface Output {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly cells: readonly (Label | null)[];
}

/** By method: all that the model can say of `x`. */
export type Outputs = Readonly<Partial<Record<Method, Output>>>;

const methods = [
  'predict',
  'predictInterval',
  'predictProba',
  'decisionFunction',
  'transform',
] as const satisfies Method[];

/** Everything the model says of `x`; nothing when it is a clusterer that cannot place new rows. */
export async function outputsOf(
  model: AnyFitted,
  x: TableLike,
  options: PredictOptions = {},
): Promise<Outputs> {
  const outputs: Partial<Record<Method, Output>> = {};
  for (const method of methods) {
    if (hasMethod(model.specification.definition, method, model.specification.options))
      outputs[method] = outputOf(await model[method]!(x, options));
  }
  return outputs;
}

/** @throws AssertionError when a method returned something else than a table or a value a row. */
export function outputOf(value: unknown): Output {
  if (value instanceof Matrix) {
    const { rows, columns } = value;
    return {
      rows,
      columns,
      names: columnNames(value as Matrix),
      cells: Array.from(value.data as Float64Array),
    };
  }
  if (value instanceof Frame) return frameOutput(value);
  assert.ok(Array.isArray(value) || ArrayBuffer.isView(value), `a method returned ${String(value)}`);
  const cells = Array.from(value as readonly Label[]);
  return { rows: cells.length, columns: 1, names: undefined, cells };
}

function frameOutput(frame: Frame): Output {
  const columns = frame.entries();
  const cells: (Label | null)[] = [];
  for (let i = 0; i < frame.rows; i++) {
    for (const [, column] of columns) {
      const cell = columnCell(column, i);
      cells.push(cell instanceof Date ? cell.getTime() : cell);
    }
  }
  return { rows: frame.rows, columns: columns.length, names: frame.names, cells };
}

/** The rows of `output` at `indices`. */
export function takeOutput(output: Output, indices: readonly number[]): Output {
  const { columns, cells, names } = output;
  const taken = indices.flatMap((i) => cells.slice(i * columns, (i + 1) * columns));
  return { rows: indices.length, columns, names, cells: taken };
}

/** @throws AssertionError at the first cell whose bits differ. */
export function assertSame(actual: Outputs, expected: Outputs, what: string): void {
  compare(actual, expected, what, () => Object.is);
}

/**
 * Numbers may differ by `tolerance` × (the larger of both + the largest of the whole output); all else must be equal.
 * @throws AssertionError at the first cell that differs by more.
 */
export function assertClose(actual: Outputs, expected: Outputs, tolerance: number, what: string): void {
  compare(actual, expected, what, (output) => {
    let scale = 0;
    for (const cell of output.cells)
      if (typeof cell === 'number' && Math.abs(cell) > scale) scale = Math.abs(cell);
    return (a, b) => {
      if (typeof a !== 'number' || typeof b !== 'number') return a === b;
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
      return Math.abs(a - b) <= tolerance * (Math.max(Math.abs(a), Math.abs(b)) + scale);
    };
  });
}

type Cell = Label | null;

function compare(
  actual: Outputs,
  expected: Outputs,
  what: string,
  agreement: (expected: Output) => (a: Cell, b: Cell) => boolean,
): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected), `${what}: the methods`);
  for (const method of Object.keys(expected) as Method[]) {
    const [a, b] = [actual[method]!, expected[method]!];
    assert.deepEqual([a.rows, a.columns], [b.rows, b.columns], `${what}: rows and columns of ${method}`);
    const agree = agreement(b);
    const at = b.cells.findIndex((cell, i) => !agree(a.cells[i]!, cell));
    if (at < 0) continue;
    const place = `row ${Math.floor(at / b.columns)}${b.columns > 1 ? `, column ${at % b.columns}` : ''}`;
    assert.fail(
      `${what}: ${method} gives ${show(a.cells[at]!)} where ${show(b.cells[at]!)} is expected (${place})`,
    );
  }
}

function show(cell: Cell): string {
  return typeof cell === 'number' ? String(cell) : JSON.stringify(cell);
}

/** @throws AssertionError at a number that is NaN or infinite. */
export function assertFinite(outputs: Outputs, what: string): void {
  for (const [method, { cells, columns }] of Object.entries(outputs)) {
    const at = cells.findIndex((cell) => typeof cell === 'number' && !Number.isFinite(cell));
    if (at >= 0)
      assert.fail(
        `${what}: ${method} gives ${cells[at]} in row ${Math.floor(at / columns)}; numbers must be finite`,
      );
  }
}
