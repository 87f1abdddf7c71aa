import type { Team } from '../../kernels/host/team.ts';
import type { HistogramPool } from './histogram.ts';
import { type LeafRule, leafScore } from './leaf-rule.ts';
import { bestCategorySplit, type CategoryLimits, type CategorySplit } from './split-categories.ts';

/** What bounds the splits of a histogram tree. */
export interface SplitLimits {
  /** Penalty on the size of leaves. Default 0. */
  readonly l1?: number | undefined;
  readonly l2: number;
  readonly minGain: number;
  readonly minSamplesLeaf: number;
  readonly minHessian: number;
  /** Of each column 1 when leaves must not fall with its values, −1 when they must not rise, else 0. */
  readonly monotone?: Int8Array | undefined;
  /** How columns of categories are split. */
  readonly categories?: CategoryLimits | undefined;
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
  /** Bounds of the leaves below the node. */
  readonly bounds?: LeafBounds | undefined;
}

export interface LeafBounds {
  readonly lower: number;
  readonly upper: number;
}

const unbounded: LeafBounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

export interface HistogramSplit {
  readonly column: number;
  /** Bins ≤ this one go left; −1 for a split by category. */
  readonly bin: number;
  /** Codes of the categories that go left. */
  readonly categories?: readonly number[] | undefined;
  readonly missingLeft: boolean;
  /** Σ G² / (H + l2) of the children less that of the node. */
  readonly gain: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
  /** Penalty on the square of the leaves that come of it. */
  readonly l2: number;
}

/** Kinds and numbers of the columns that are searched. */
export interface SplitColumns {
  readonly columns: number;
  readonly valueBins: Int32Array;
  /** Of each column 1 when its bins are categories; absent when none is. */
  readonly isCategorical?: Uint8Array | undefined;
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
  readonly #valueBins: Int32Array;
  /** Columns of categories. */
  readonly #categorical: readonly number[];
  readonly #out: number;
  readonly #allowed: number;
  readonly #monotone: number;

  constructor(
    team: Team,
    pool: HistogramPool,
    { columns, valueBins, isCategorical }: SplitColumns,
    limits: SplitLimits,
  ) {
    this.#team = team;
    this.#pool = pool;
    this.#columns = columns;
    this.#limits = limits;
    this.#valueBins = valueBins;
    this.#categorical = isCategorical === undefined ? [] : placesOfOnes(isCategorical);
    this.#out = team.arena.f64(columns * NUMBERS);
    this.#allowed = team.arena.allocate(columns);
    this.#monotone = limits.monotone?.some(Boolean)
      ? team.arena.place(new Uint8Array(limits.monotone.buffer, limits.monotone.byteOffset, columns))
      : 0;
  }

  /**
   * The best split of the node with the histogram at `slot`, the first column among equals, or undefined when none gains
   * more than `minGain`. `allowed` has a 1 for each column to consider; without it all are. With `sibling` the slot
   * holds the histogram of the parent and becomes its difference to that of the other child.
   */
  find(
    slot: number,
    node: NodeSums,
    { allowed, sibling = 0, bounds = unbounded }: FindOptions = {},
  ): HistogramSplit | undefined {
    const { l1 = 0, l2, minGain, minSamplesLeaf, minHessian } = this.#limits;
    const { gradient, hessian, rows } = node;
    const { arena } = this.#team;
    const isMasked = allowed !== undefined || this.#categorical.length > 0;
    if (isMasked) {
      const mask = arena.viewU8(this.#allowed, this.#columns);
      if (allowed === undefined) mask.fill(1);
      else mask.set(allowed);
      for (const j of this.#categorical) mask[j] = 0;
    }
    this.#team.callIfLarge(
      this.#pool.bytes / 8,
      'bestHistogramSplits',
      ...([slot, sibling, this.#pool.offsets, this.#pool.valueBins, this.#columns] as const),
      ...([isMasked ? this.#allowed : 0, gradient, hessian, rows, l1, l2] as const),
      ...([minSamplesLeaf, minHessian, bounds.lower, bounds.upper, this.#monotone, this.#out] as const),
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
    const rule = { l1, l2, lower: bounds.lower, upper: bounds.upper };
    const gainOf = (sum: number) => {
      const gain = sum - leafScore(gradient, hessian, rule);
      return gain > minGain && gain > ROUNDING * sum ? gain : undefined;
    };
    const byCategory = this.#findCategories(slot, node, rule, allowed);
    if (byCategory !== undefined && byCategory.split.score > score) {
      const gain = gainOf(byCategory.split.score);
      return gain === undefined
        ? undefined
        : { ...byCategory.split, column: byCategory.column, bin: -1, gain };
    }
    const gain = best < 0 ? undefined : gainOf(score);
    if (gain === undefined) return undefined;
    const [, bin, missingLeft, leftGradient, leftHessian] = found.subarray(best * NUMBERS);
    return {
      ...{ column: best, gain, bin: bin!, leftGradient: leftGradient!, leftHessian: leftHessian!, l2 },
      missingLeft: missingLeft === 1,
    };
  }

  #findCategories(slot: number, node: NodeSums, rule: LeafRule, allowed: Uint8Array | undefined) {
    const { minSamplesLeaf, minHessian, categories } = this.#limits;
    if (this.#categorical.length === 0) return undefined;
    const { arena } = this.#team;
    const offsets = arena.viewI32(this.#pool.offsets, this.#columns + 1);
    const pairs = arena.viewF64(slot, this.#pool.bytes / 8);
    const limits = { ...rule, minSamplesLeaf, minHessian, categories: categories! };
    let best: { column: number; split: CategorySplit } | undefined;
    for (const column of this.#categorical) {
      if (allowed?.[column] === 0) continue;
      const split = bestCategorySplit(
        ...([pairs, offsets[column]! / 8, this.#valueBins[column]!, node, limits] as const),
      );
      if (split !== undefined && (best === undefined || split.score > best.split.score))
        best = { column, split };
    }
    return best;
  }
}

function placesOfOnes(flags: Uint8Array): number[] {
  return Array.from(flags.keys()).filter((j) => flags[j] === 1);
}
