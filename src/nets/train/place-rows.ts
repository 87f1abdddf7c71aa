import { allFinite } from '../../core/all-finite.ts';
import { DataError } from '../../core/errors.ts';
import { type FloatArray, sharedArray } from '../../core/shared.ts';
import { overBlocks, type Workers } from '../../kernels/host/over-blocks.ts';
import type { TrainingRows } from './open-trainer.ts';
import type { TrainingBatch } from './training-source.ts';

/** Where the rows of a training lie in kernel memory, or `x` where it was; targets that are the inputs are one with `x`. */
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

/** Numbers that a thread converts at a time: a quarter of a millisecond. */
const BLOCK_NUMBERS = 1 << 18;

interface BlockPlaces {
  readonly data: FloatArray;
  readonly x: Float32Array;
  readonly columns: number;
  /** Whether a number is not finite. */
  readonly unfit: Int32Array;
}

/**
 * Converts all rows to float32, on all threads, unless they are and stay where they are.
 * @throws DataError naming the column and row of a number that is not finite then.
 */
export async function placeRows(
  workers: Workers,
  places: RowPlaces,
  { x, target, weight }: TrainingRows,
): Promise<void> {
  const { data, columns, names, rows } = x;
  requireWidths(places, { x: data, target, rows });
  const { threads, team } = workers;
  const blocks: BlockPlaces = { data, x: places.x, columns, unfit: sharedArray(Int32Array, 1) };
  await overBlocks(
    // What is not shared would be copied for each thread.
    {
      ...{ team, checkpoint: () => workers.checkpoint() },
      threads: data.buffer instanceof SharedArrayBuffer ? threads : 1,
    },
    {
      ...{ module: import.meta.url, name: 'placeBlock' satisfies keyof typeof import('./place-rows.ts') },
      ...{ run: placeBlock, count: rows, size: Math.ceil(BLOCK_NUMBERS / columns), cost: columns },
    },
    blocks,
  );
  if (blocks.unfit[0] !== 0) {
    const at = places.x.findIndex((value) => !Number.isFinite(value));
    throw notFinite(names?.[at % columns] ?? at % columns, Math.floor(at / columns), data[at]!);
  }
  requireClasses(places, target, 0, rows);
  // An autoencoder is to give what it gets.
  if (places.target !== places.x) places.target.set(target);
  if (weight === undefined) places.weight.fill(1);
  else places.weight.set(weight);
  const { weigh, outputs } = places;
  if (weigh === undefined) return;
  for (let row = 0; row < rows; row++)
    places.weight[row]! *= weigh(target.subarray(row * outputs, (row + 1) * outputs));
}

/** What every thread runs. */
export function placeBlock({ data, x, columns, unfit }: BlockPlaces, from: number, to: number): void {
  const [first, last] = [from * columns, to * columns];
  if (x !== data) x.set(data.subarray(first, last), first);
  if (!allFinite(x, first, last)) Atomics.store(unfit, 0, 1);
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
