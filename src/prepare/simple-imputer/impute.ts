import { andThen, type Eventually } from '../../core/eventually.ts';
import { type Column, Frame, type StringColumn } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { ColumnBlock } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import { MAP_ROWS } from '../map-numbers.ts';
import { infiniteError, type NumberView, namesOf, numbersOf, numberViews, viewOf } from '../number-view.ts';
import { rowArray } from '../row-array.ts';
import type { SimpleImputerState } from './statistics.ts';

/** A column to fill, or with `fill` null to mark: 1 where missing, else 0. */
interface FillTask {
  readonly from: NumberView;
  readonly into: NumberView;
  readonly fill: number | null;
}

interface FillPayload {
  readonly tasks: readonly FillTask[];
  /** Element 0, shared: set to 1 when an infinity was met. */
  readonly infinite: Int32Array;
}

function runTasks(job: Job, tasks: readonly FillTask[], x: Frame | Matrix): Eventually<void> {
  const infinite = sharedArray(Int32Array, 1);
  const work = {
    module: import.meta.url,
    name: 'fillRows' as const,
    run: fillRows,
    count: x.rows,
    size: MAP_ROWS,
    cost: 2 * tasks.length,
  };
  return andThen(overBlocks(job, work, { tasks, infinite }), () => {
    if (infinite[0] === 0) return;
    const names = namesOf(x).filter((name) => !(x instanceof Frame) || x.column(name).kind === 'number');
    const numbers = x instanceof Frame ? x.select(names) : x;
    throw infiniteError(numberViews(numbers), x.rows, names, 'simple-imputer');
  });
}

/** What {@link FillTask} says, for a block of rows. */
export function fillRows({ tasks, infinite }: FillPayload, from: number, to: number): void {
  for (const { from: source, into, fill } of tasks) {
    const target = into.values;
    let largest = 0;
    let at = source.offset + from * source.stride;
    let place = into.offset + from * into.stride;
    for (let i = from; i < to; i++, at += source.stride, place += into.stride) {
      const value = source.values[at]!;
      if (fill === null) target[place] = Number.isNaN(value) ? 1 : 0;
      else {
        if (Math.abs(value) > largest) largest = Math.abs(value);
        target[place] = Number.isNaN(value) ? fill : value;
      }
    }
    if (largest === Number.POSITIVE_INFINITY) infinite[0] = 1;
  }
}

/** The filled columns and indicators of `x`, all numbers and booleans, as columns of a wider table. */
export function imputeMatrixBlock(
  job: Job,
  { columns, indicator }: SimpleImputerState,
  x: Frame | Matrix,
  { data, stride, at }: ColumnBlock,
): Eventually<void> {
  const views =
    x instanceof Frame
      ? viewsOf(
          x,
          columns.map(({ fill }) => fill !== null),
          indicator,
        )
      : numberViews(x);
  const tasks: FillTask[] = [];
  const next = () => ({ values: data, offset: at + tasks.length, stride });
  for (const [j, { fill }] of columns.entries()) {
    if (fill !== null) tasks.push({ from: views[j]!, into: next(), fill: Number(fill) });
  }
  for (const j of indicator) tasks.push({ from: views[j]!, into: next(), fill: null });
  return runTasks(job, tasks, x);
}

/** Views of the columns that become numbers; of text only an indicator can be made. @throws DataError for kept text or dates */
function viewsOf(x: Frame, kept: readonly boolean[], indicator: Int32Array): (NumberView | undefined)[] {
  return x.entries().map(([name, column], j) => {
    if (kept[j]) return numberViews(x.select([name]))[0]!;
    return indicator.includes(j) ? presence(column) : undefined;
  });
}

/** NaN where a column is missing. */
function presence(column: Column): NumberView {
  if (column.kind === 'string') {
    const values = rowArray(Float64Array, column.codes.length);
    for (let i = 0; i < values.length; i++) values[i] = column.codes[i]! < 0 ? Number.NaN : 0;
    return viewOf(values);
  }
  return viewOf(column.kind === 'boolean' ? numbersOf(column) : column.values);
}

/** `x` with its columns filled and indicators added, each kind of column as it was. */
export function imputeFrame(
  job: Job,
  { columns, indicator }: SimpleImputerState,
  x: Frame,
  names: readonly string[],
): Eventually<Frame> {
  const tasks: FillTask[] = [];
  const results: Column[] = [];
  const addNumbers = (from: NumberView, fill: number | null): Float64Array => {
    const values = rowArray(Float64Array, x.rows);
    tasks.push({ from, into: viewOf(values), fill });
    return values;
  };
  const entries = x.entries();
  for (const [j, { fill }] of columns.entries()) {
    const column = entries[j]![1];
    if (fill === null) continue;
    if (column.kind === 'string') results.push(fillText(column, String(fill)));
    else if (column.kind === 'boolean' && typeof fill === 'boolean') {
      const values = rowArray(Uint8Array, x.rows);
      for (let i = 0; i < x.rows; i++)
        values[i] = column.missing?.[i] === 1 ? Number(fill) : column.values[i]!;
      results.push({ kind: 'boolean', values });
    } else {
      const kind = column.kind === 'date' ? 'date' : 'number';
      results.push({ kind, values: addNumbers(presence(column), Number(fill)) });
    }
  }
  for (const j of indicator)
    results.push({ kind: 'number', values: addNumbers(presence(entries[j]![1]), null) });
  return andThen(
    runTasks(job, tasks, x),
    () =>
      new Frame(
        results.map((column, j) => [names[j]!, column]),
        x.rows,
      ),
  );
}

function fillText(column: StringColumn, fill: string): StringColumn {
  const { codes, levels } = column;
  let code = levels.indexOf(fill);
  const withFill = code < 0 ? [...levels, fill] : levels;
  if (code < 0) code = levels.length;
  let first = 0;
  while (first < codes.length && codes[first]! >= 0) first++;
  if (first === codes.length) return column;
  const filled = rowArray(Int32Array, codes.length);
  filled.set(codes);
  for (let i = first; i < codes.length; i++) if (codes[i]! < 0) filled[i] = code;
  return { kind: 'string', codes: filled, levels: withFill };
}
