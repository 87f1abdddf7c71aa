import { allFinite } from '../../core/all-finite.ts';
import { DataError } from '../../core/errors.ts';
import type { FloatArray } from '../../core/shared.ts';
import type { TrainingRows } from './open-trainer.ts';
import type { TrainingBatch } from './training-source.ts';

/** Where the rows of a training lie in kernel memory, or `x` where it was. */
export interface RowPlaces {
  readonly x: Float32Array;
  readonly target: Float32Array | Int32Array;
  readonly weight: Float32Array;
  readonly inputs: number;
  /** Numbers of a target. */
  readonly outputs: number;
  /** Where targets are class numbers: how many there are. */
  readonly classes: number | undefined;
  /** See {@link ignoredIndex} and {@link targetWeight} of losses. */
  readonly ignored: number | undefined;
  readonly weigh: ((target: ArrayLike<number>) => number) | undefined;
}

const ROWS_PER_SLICE = 4096;

/** Converts all rows to float32, in slices, unless they are and stay where they are. @throws DataError naming the column and row of a number that is not finite then. */
export function placeRows(
  places: RowPlaces,
  { x, target, weight }: TrainingRows,
  checkpoint: () => void,
): void {
  const { data, columns, names, rows } = x;
  requireWidths(places, { x: data, target, rows });
  for (let row = 0; row < rows; row += ROWS_PER_SLICE) {
    checkpoint();
    const [from, to] = [row * columns, Math.min(rows, row + ROWS_PER_SLICE) * columns];
    if (places.x !== (data as FloatArray)) places.x.set(data.subarray(from, to), from);
    if (allFinite(places.x, from, to)) continue;
    const at = places.x.findIndex((value, place) => place >= from && !Number.isFinite(value));
    throw notFinite(names?.[at % columns] ?? at % columns, Math.floor(at / columns), data[at]!);
  }
  requireClasses(places, target, 0, rows);
  places.target.set(target);
  if (weight === undefined) places.weight.fill(1);
  else places.weight.set(weight);
  const { weigh, outputs } = places;
  if (weigh === undefined) return;
  for (let row = 0; row < rows; row++)
    places.weight[row]! *= weigh(target.subarray(row * outputs, (row + 1) * outputs));
}

/** Puts rows of a batch, from number `from` on, in the places `slots`. @throws DataError as {@link placeRows} */
export function putRows(places: RowPlaces, batch: TrainingBatch, from: number, slots: Int32Array): void {
  const { inputs, outputs } = places;
  const { x, target, weight } = batch;
  requireWidths(places, batch);
  requireClasses(places, target, from, from + slots.length);
  for (const [i, slot] of slots.entries()) {
    const row = from + i;
    const own = places.x.subarray(slot * inputs, (slot + 1) * inputs);
    own.set(x.subarray(row * inputs, (row + 1) * inputs));
    let zeros = 0;
    for (let j = 0; j < inputs; j++) zeros += 0 * own[j]!;
    if (zeros !== 0) {
      const column = own.findIndex((value) => !Number.isFinite(value));
      throw notFinite(column, row, x[row * inputs + column]!);
    }
    const wanted = target.subarray(row * outputs, (row + 1) * outputs);
    places.target.set(wanted, slot * outputs);
    places.weight[slot] = (weight?.[row] ?? 1) * (places.weigh?.(wanted) ?? 1);
  }
}

function requireWidths(
  { inputs, outputs }: RowPlaces,
  { x, target, rows }: Omit<TrainingBatch, 'weight'>,
): void {
  for (const [what, length, width] of [
    ['inputs', x.length, inputs],
    ['targets', target.length, outputs],
  ] as const) {
    if (length === rows * width) continue;
    throw new DataError(
      'data/length-mismatch',
      `${rows} rows for a network of ${width} ${what} a row have ${rows * width} numbers, but there are ${length}.`,
      { rows, width, length },
    );
  }
}

function requireClasses(
  { classes, ignored, outputs }: RowPlaces,
  target: TrainingBatch['target'],
  from: number,
  to: number,
): void {
  if (classes === undefined) return;
  for (let at = from * outputs; at < to * outputs; at++) {
    const code = target[at]!;
    if (code === ignored) continue;
    if (Number.isInteger(code) && code >= 0 && code < classes) continue;
    const row = Math.floor(at / outputs);
    throw new DataError(
      'data/unknown-class',
      `Row ${row} is of class number ${code}, but the network has ${classes} outputs, for 0 … ${classes - 1}.`,
      { row, classes },
    );
  }
}

function notFinite(column: number | string, row: number, value: number): DataError {
  const where = `Column '${column}', row ${row}`;
  return Number.isFinite(value)
    ? new DataError(
        'data/too-large',
        `${where}: ${value} is beyond the largest float32 number. Scale the columns.`,
        { column, row },
      )
    : new DataError('data/not-finite', `${where} is ${value}, but a network takes finite numbers.`, {
        column,
        row,
      });
}
