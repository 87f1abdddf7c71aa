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

/** A list of row numbers in the team's memory, or with `list` 0 the rows `begin` … themselves. */
export interface RowRange {
  readonly list: number;
  readonly begin: number;
  readonly count: number;
}

/** Histograms of (Σ gradient, Σ hessian) by column and bin, in slots that are reused from tree to tree. */
export class HistogramPool {
  /** Pointer to the byte offset of each column's pairs, and their end. */
  readonly offsets: number;
  /** Pointer to the number of value bins of each column. */
  readonly valueBins: number;
  readonly bytes: number;
  readonly #workers: Workers;
  readonly #binned: BinnedRows;
  readonly #free: number[] = [];
  readonly #scratch: number;

  constructor(workers: Workers, binned: BinnedRows, maxLeaves: number) {
    const { arena, threads } = workers.team;
    const offsets = new Int32Array(binned.columns + 1);
    for (let j = 0; j < binned.columns; j++) offsets[j + 1] = offsets[j]! + 16 * (binned.valueBins[j]! + 1);
    this.#workers = workers;
    this.#binned = binned;
    this.bytes = offsets[binned.columns]!;
    this.offsets = arena.place(offsets);
    this.valueBins = arena.place(binned.valueBins);
    this.#scratch = arena.allocate(threads * SCRATCH_BYTES);
    const affordable = Math.max(FEWEST_SLOTS, Math.floor(POOL_BYTES / this.bytes));
    const slots = Math.min(Math.max(FEWEST_SLOTS, maxLeaves), affordable);
    for (let i = 0; i < slots; i++) this.#free.push(arena.allocate(this.bytes));
  }

  /** A slot, or undefined when all are taken. */
  take(): number | undefined {
    return this.#free.pop();
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  /** Sums the gradients (pairs of float32 at `gradients`) of the rows into `slot`. */
  fill(slot: number, { list, begin, count }: RowRange, gradients: number): void {
    const { team, checkpoint } = this.#workers;
    const { columns, byRow, stride } = this.#binned;
    const step = Math.max(4096, Math.ceil((CALL_ADDITIONS * team.threads) / columns));
    for (let from = 0; from < count; from += step) {
      const to = Math.min(count, from + step);
      team.callIfLarge(
        ((to - from) * columns) / 2,
        'addHistogram',
        ...([byRow, stride, columns, this.offsets, gradients, list, begin + from, begin + to] as const),
        ...([from === 0 ? 1 : 0, slot, this.#scratch] as const),
      );
      if (count > step) checkpoint();
    }
  }
}
