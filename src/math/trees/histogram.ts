import type { Workers } from '../least-squares-problem.ts';
import type { BinnedRows } from './bin.ts';

/**
 * Bytes that all histograms of a tree may take; beyond, the least promising leaves lose theirs and are summed anew when
 * needed.
 */
const POOL_BYTES = 384 * 2 ** 20;
const FEWEST_SLOTS = 4;
const SCRATCH_BYTES = 10304;
/** Additions of one kernel call on each thread: some 5 ms. */
const CALL_ADDITIONS = 1 << 22;

/** Work of adding a row to the bin of one column, as `callIfLarge` counts it. */
export const ADDITION_WORK = 20;

/** A list of row numbers in the team's memory, or with `list` 0 the rows `begin` … themselves. */
export interface RowRange {
  readonly list: number;
  readonly begin: number;
  readonly count: number;
}

/** Rows that have yet to be summed into a slot, all at once. */
export interface RestOfRows {
  readonly slot: number;
  readonly gradients: number;
  readonly list: number;
  readonly from: number;
  readonly to: number;
  /** Whether they are all of the slot's. */
  readonly isAll: boolean;
}

/** Histograms of (Σ gradient, Σ hessian) by column and bin, in slots that are reused from tree to tree. */
export class HistogramPool {
  /** Pointer to the byte offset of each column's pairs, and their end. */
  readonly offsets: number;
  /** Pointer to the number of value bins of each column. */
  readonly valueBins: number;
  readonly bytes: number;
  /** Pointer to scratch of the threads. */
  readonly scratch: number;
  readonly #workers: Workers;
  readonly #binned: BinnedRows;
  readonly #free: number[] = [];

  constructor(workers: Workers, binned: BinnedRows, maxLeaves: number) {
    const { arena, threads } = workers.team;
    const offsets = new Int32Array(binned.columns + 1);
    for (let j = 0; j < binned.columns; j++) offsets[j + 1] = offsets[j]! + 16 * (binned.valueBins[j]! + 1);
    this.#workers = workers;
    this.#binned = binned;
    this.bytes = offsets[binned.columns]!;
    this.offsets = arena.place(offsets);
    this.valueBins = arena.place(binned.valueBins);
    this.scratch = arena.allocate(threads * SCRATCH_BYTES);
    const affordable = Math.max(FEWEST_SLOTS, Math.floor(POOL_BYTES / this.bytes));
    const slots = Math.min(Math.max(FEWEST_SLOTS, maxLeaves), affordable);
    // Scans read two pairs beyond a column's last.
    for (let i = 0; i < slots; i++) this.#free.push(arena.allocate(this.bytes + 32));
  }

  /** A slot, or undefined when all are taken. */
  take(): number | undefined {
    return this.#free.pop();
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  /** Sums the gradients (pairs of float32 at `gradients`) of the rows into `slot`. */
  fill(slot: number, rows: RowRange, gradients: number): void {
    this.#add(this.fillMost(slot, rows, gradients));
  }

  /** {@link fill} but for a last part, which is returned. */
  fillMost(slot: number, { list, begin, count }: RowRange, gradients: number): RestOfRows {
    const { team, checkpoint } = this.#workers;
    const step = Math.max(4096, Math.ceil((CALL_ADDITIONS * team.threads) / this.#binned.columns));
    const end = begin + count;
    for (let from = begin; ; from += step) {
      const rows = { slot, gradients, list, from, to: Math.min(end, from + step), isAll: from === begin };
      if (rows.to === end) return rows;
      this.#add(rows);
      checkpoint();
    }
  }

  #add({ slot, gradients, list, from, to, isAll }: RestOfRows): void {
    const { columns, byRow, stride } = this.#binned;
    this.#workers.team.callIfLarge(
      (to - from) * columns * ADDITION_WORK,
      'addHistogram',
      ...([byRow, stride, columns, this.offsets, gradients, list, from, to] as const),
      ...([isAll ? 1 : 0, slot, this.scratch] as const),
    );
  }
}
