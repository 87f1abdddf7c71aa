import type { Team } from '../../kernels/host/team.ts';
import type { HistogramPool } from './histogram.ts';

/** What bounds the splits of a histogram tree. */
export interface SplitLimits {
  readonly l2: number;
  readonly minGain: number;
  readonly minSamplesLeaf: number;
  readonly minHessian: number;
}

/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

interface FindOptions {
  readonly allowed?: Uint8Array | undefined;
  /** Slot of the other child. */
  readonly sibling?: number | undefined;
}

export interface HistogramSplit {
  readonly column: number;
  /** Bins ≤ this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Σ G² / (H + l2) of the children less that of the node. */
  readonly gain: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

const NUMBERS = 6;
/** A gain below this share of the children's own sum is rounding. */
const ROUNDING = 1e-12;

/** Finds the best splits of nodes from their histograms. */
export class SplitFinder {
  readonly #team: Team;
  readonly #pool: HistogramPool;
  readonly #columns: number;
  readonly #limits: SplitLimits;
  readonly #out: number;
  readonly #allowed: number;

  constructor(team: Team, pool: HistogramPool, columns: number, limits: SplitLimits) {
    this.#team = team;
    this.#pool = pool;
    this.#columns = columns;
    this.#limits = limits;
    this.#out = team.arena.f64(columns * NUMBERS);
    this.#allowed = team.arena.allocate(columns);
  }

  /**
   * The best split of the node with the histogram at `slot`, the first column among equals, or undefined when none gains
   * more than `minGain`. `allowed` has a 1 for each column to consider; without it all are. With `sibling` the slot
   * holds the histogram of the parent and becomes its difference to that of the other child.
   */
  find(
    slot: number,
    { gradient, hessian, rows }: NodeSums,
    { allowed, sibling = 0 }: FindOptions = {},
  ): HistogramSplit | undefined {
    const { l2, minGain, minSamplesLeaf, minHessian } = this.#limits;
    const { arena } = this.#team;
    if (allowed !== undefined) arena.viewU8(this.#allowed, this.#columns).set(allowed);
    this.#team.callIfLarge(
      this.#pool.bytes / 8,
      'bestHistogramSplits',
      ...([slot, sibling, this.#pool.offsets, this.#pool.valueBins, this.#columns] as const),
      ...([allowed === undefined ? 0 : this.#allowed, gradient, hessian, rows, l2] as const),
      ...([minSamplesLeaf, minHessian, this.#out] as const),
    );
    const found = arena.viewF64(this.#out, this.#columns * NUMBERS);
    let best = -1;
    let score = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < this.#columns; j++) {
      if (found[j * NUMBERS]! > score) {
        score = found[j * NUMBERS]!;
        best = j;
      }
    }
    if (best < 0) return undefined;
    const gain = score - gradient ** 2 / (hessian + l2);
    if (!(gain > minGain && gain > ROUNDING * score)) return undefined;
    const [, bin, missingLeft, leftGradient, leftHessian] = found.subarray(best * NUMBERS);
    return {
      ...{ column: best, gain, bin: bin!, leftGradient: leftGradient!, leftHessian: leftHessian! },
      missingLeft: missingLeft === 1,
    };
  }
}
