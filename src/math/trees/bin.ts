import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { countingRoom, thresholdsOf } from './thresholds.ts';

/** Thresholds of a column; bins of values are 0 … valueBins − 1, bin valueBins is for missing values. */
export interface Bins {
  /** 256 a column, rising, filled up with +Infinity: a value lies in bin b when b of them are below it. */
  readonly thresholds: Float64Array;
  readonly valueBins: Int32Array;
  /** Of each column 1 when its bins are categories, code c in bin c; absent when none is. */
  readonly isCategorical?: Uint8Array | undefined;
}

/** A matrix whose rows were binned into the team's memory. */
export interface BinnedRows extends Bins {
  readonly rows: number;
  readonly columns: number;
  /** Pointers: bytes row by row, `stride` a row, and column by column, `rows` a column. */
  readonly byRow: number;
  readonly stride: number;
  readonly byColumn: number;
}

/** Slots of the table of thresholds. */
export const BIN_SLOTS = 256;
/** Rows whose quantiles stand for those of all rows. */
const SAMPLE_ROWS = 200_000;
/** Numbers of the sample that are sorted at a time. */
const SORT_NUMBERS = 1 << 22;
const BLOCK_NUMBERS = 1 << 15;

/**
 * Thresholds that split the rows `selection` of x into bins of about equal size, between distinct values. A value that
 * fills a bin by itself is the last of its bin; up to `maxBins` distinct values each get their own. Large tables are
 * judged by a random sample of 200,000 rows.
 * @param categories Of each column how many categories it holds, as codes 0, 1, …, 255 at most; 0 for numbers.
 */
export function chooseBins(
  { team, checkpoint }: Workers,
  { columns, data }: Matrix,
  selection: RowSelection,
  maxBins: number,
  random: RandomState,
  categories?: Int32Array | undefined,
): Bins {
  const thresholds = new Float64Array(columns * BIN_SLOTS).fill(Number.POSITIVE_INFINITY);
  const valueBins = new Int32Array(columns);
  const sample = sampleOf(selection, random);
  const rows = sample.length;
  const step = Math.max(1, Math.min(columns, Math.floor(SORT_NUMBERS / rows)));
  const { arena } = team;
  const sorted = new Float64Array(rows);
  const room = countingRoom(rows);
  arena.scope(() => {
    const x = arena.f64(step * rows);
    const order = arena.i32(step * rows);
    const scratch = arena.allocate(team.threads * (Math.ceil((24 * rows + 49152) / 64) * 64));
    for (let from = 0; from < columns; from += step) {
      const count = Math.min(step, columns - from);
      const values = arena.viewF64(x, count * rows);
      for (let i = 0; i < rows; i++) {
        const at = sample[i]! * columns + from;
        for (let j = 0; j < count; j++) values[j * rows + i] = data[at + j]!;
      }
      checkpoint();
      team.callIfLarge(count * rows * 20, 'argsortColumns', x, rows, 0, count, order, scratch);
      checkpoint();
      const places = arena.viewI32(order, count * rows);
      for (let j = 0; j < count; j++) {
        if (categories !== undefined && categories[from + j]! > 0) continue;
        for (let i = 0; i < rows; i++) sorted[i] = values[j * rows + places[j * rows + i]!]!;
        const found = thresholdsOf(sorted, maxBins, room);
        thresholds.set(found, (from + j) * BIN_SLOTS);
        valueBins[from + j] = found.length + 1;
      }
      checkpoint();
    }
  });
  if (categories?.some(Boolean) !== true) return { thresholds, valueBins };
  for (const [j, count] of categories.entries()) {
    if (count === 0) continue;
    valueBins[j] = count;
    for (let code = 0; code + 1 < count; code++) thresholds[j * BIN_SLOTS + code] = code + 0.5;
  }
  return { thresholds, valueBins, isCategorical: Uint8Array.from(categories, Math.sign) };
}

/** The rows to use, by number in rising order, or all `rows`. */
export interface RowSelection {
  readonly rows: number;
  readonly list: Int32Array | undefined;
}

function sampleOf({ rows, list }: RowSelection, random: RandomState): Int32Array {
  if (rows <= SAMPLE_ROWS) return list ?? Int32Array.from({ length: rows }, (_, i) => i);
  // One row drawn from each of equally long stretches.
  const stretch = rows / SAMPLE_ROWS;
  return random.randomSample(SAMPLE_ROWS).reduce((sample, u, i) => {
    const at = Math.min(rows - 1, Math.floor((i + u) * stretch));
    sample[i] = list === undefined ? at : list[at]!;
    return sample;
  }, new Int32Array(SAMPLE_ROWS));
}

interface BinPlan {
  readonly data: Float64Array;
  readonly list: Int32Array | undefined;
  readonly rows: number;
  readonly columns: number;
  /** Where the first of these rows lies among the binned ones. */
  readonly first: number;
  readonly block: number;
  readonly stride: number;
  readonly total: number;
  /** Pointers. */
  readonly thresholds: number;
  readonly missing: number;
  readonly byRow: number;
  readonly byColumn: number;
  readonly scratch: number;
}

interface SharedBinning extends BinPlan {
  /** Of blocks. */
  readonly queue: Queue;
}

/** Room for `rows` binned rows. */
export function allocateBinned({ team }: Workers, bins: Bins, rows: number): BinnedRows {
  const columns = bins.valueBins.length;
  // A row lies within as few cache lines as can be; kernels read four bytes at a time.
  const stride = columns <= 4 ? 4 : Math.ceil(columns / 8) * 8;
  const byRow = team.arena.allocate(rows * stride + 64);
  const byColumn = team.arena.allocate(rows * columns);
  return { ...bins, rows, columns, byRow, stride, byColumn };
}

/** Bins the rows `selection` of x into rows `first` … of `binned`. */
export async function binInto(
  { team, checkpoint }: Workers,
  binned: BinnedRows,
  x: Matrix,
  selection: RowSelection,
  first: number,
): Promise<void> {
  const { columns, stride, byRow, byColumn } = binned;
  const { arena } = team;
  await arena.scopeAsync(async () => {
    const block = Math.max(16, Math.floor(BLOCK_NUMBERS / columns));
    const plan: BinPlan = {
      ...{ data: x.data, list: selection.list, rows: selection.rows, columns, first, block, stride },
      ...{ total: binned.rows, byRow, byColumn },
      thresholds: arena.place(binned.thresholds),
      missing: arena.place(Uint8Array.from(binned.valueBins)),
      scratch: arena.f64(team.threads * block * columns),
    };
    const binning: SharedBinning = { ...plan, queue: queueOf() };
    if (selection.rows * columns < 50_000) binBlocks(team.alone(checkpoint), binning);
    else await team.gang(import.meta.url, 'binBlocks', binning, checkpoint);
  });
}

/** What every thread runs. */
export function binBlocks(self: TeamThread, plan: SharedBinning): void {
  const { thread, kernels, memory } = self;
  const { data, list, columns, block } = plan;
  const scratch = plan.scratch + 8 * thread * block * columns;
  const x = new Float64Array(memory.buffer, scratch, block * columns);
  for (;;) {
    const item = takeItem(self, plan.queue, Math.ceil(plan.rows / block));
    if (item < 0) return;
    const from = item * block;
    const rows = Math.min(block, plan.rows - from);
    if (list === undefined) x.set(data.subarray(from * columns, (from + rows) * columns));
    else {
      for (let i = 0; i < rows; i++) {
        const at = list[from + i]! * columns;
        for (let j = 0; j < columns; j++) x[i * columns + j] = data[at + j]!;
      }
    }
    kernels.binRows(
      ...([0, 1, scratch, rows, columns, plan.thresholds, plan.missing] as const),
      ...([plan.byRow, plan.stride, plan.byColumn, plan.total, plan.first + from] as const),
    );
  }
}
