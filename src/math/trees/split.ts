import type { Team } from '../../kernels/host/team.ts';
import {
  SEARCH_ALLOWED,
  SEARCH_GRADIENT,
  SEARCH_HESSIAN,
  SEARCH_HISTOGRAM,
  SEARCH_LOWER,
  SEARCH_OUT,
  SEARCH_ROWS,
  SEARCH_SIBLING,
  SEARCH_SIZE,
  SEARCH_UPPER,
  SPLIT_SIZE,
  SPLIT_TIE,
  SPLITS_BINS,
  SPLITS_COLUMNS,
  SPLITS_L1,
  SPLITS_L2,
  SPLITS_MIN_HESSIAN,
  SPLITS_MIN_ROWS,
  SPLITS_MONOTONE,
  SPLITS_OFFSETS,
  SPLITS_SCRATCH,
  SPLITS_SIZE,
  SPLITS_STRIDE,
  SPLITS_VALUE_BINS,
} from '../../kernels/layout.ts';
import type { BinnedRows } from './bin.ts';
import { ADDITION_WORK, type HistogramPool, type RestOfRows } from './histogram.ts';
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

/** A node whose best split is wanted. */
export interface Search extends NodeSums {
  /** Slot of its histogram. */
  readonly slot: number;
  /** A 1 for each column to consider; without it all are. */
  readonly allowed?: Uint8Array | undefined;
  /** Slot of the other child, when `slot` holds the histogram of the parent, which becomes its difference to that one. */
  readonly sibling?: number | undefined;
  /** Bounds of the leaves below the node. */
  readonly bounds?: LeafBounds | undefined;
}

export interface LeafBounds {
  readonly lower: number;
  readonly upper: number;
}

export const unbounded: LeafBounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

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

/** Where a search is told to the kernels, and what they find. */
interface SearchPlace {
  readonly record: Float64Array;
  readonly maskAt: number;
  readonly mask: Uint8Array;
  readonly found: Float64Array;
}

/** Nodes that are searched at once. */
const MOST_SEARCHES = 2;
/** Work of scanning a bin, as `callIfLarge` counts it. */
const BIN_WORK = 40;
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
  /** Pointers to the plan and to the records of searches. */
  readonly #plan: number;
  readonly #searches: number;
  readonly #places: readonly SearchPlace[];

  constructor(team: Team, pool: HistogramPool, binned: BinnedRows, limits: SplitLimits) {
    const { columns, valueBins, isCategorical, byRow, stride } = binned;
    const { arena } = team;
    this.#team = team;
    this.#pool = pool;
    this.#columns = columns;
    this.#limits = limits;
    this.#valueBins = valueBins;
    this.#categorical = isCategorical === undefined ? [] : placesOfOnes(isCategorical);
    const monotone = limits.monotone?.some(Boolean)
      ? arena.place(new Uint8Array(limits.monotone.buffer, limits.monotone.byteOffset, columns))
      : 0;
    this.#plan = arena.f64(SPLITS_SIZE);
    const plan = arena.viewF64(this.#plan, SPLITS_SIZE);
    plan[SPLITS_BINS] = byRow;
    plan[SPLITS_STRIDE] = stride;
    plan[SPLITS_COLUMNS] = columns;
    plan[SPLITS_OFFSETS] = pool.offsets;
    plan[SPLITS_VALUE_BINS] = pool.valueBins;
    plan[SPLITS_SCRATCH] = pool.scratch;
    plan[SPLITS_L1] = limits.l1 ?? 0;
    plan[SPLITS_L2] = limits.l2;
    plan[SPLITS_MIN_ROWS] = limits.minSamplesLeaf;
    plan[SPLITS_MIN_HESSIAN] = limits.minHessian;
    plan[SPLITS_MONOTONE] = monotone;
    this.#searches = arena.f64(MOST_SEARCHES * SEARCH_SIZE);
    this.#places = Array.from({ length: MOST_SEARCHES }, (_, i) => {
      const [mask, found] = [arena.allocate(columns), arena.f64(columns * SPLIT_SIZE)];
      const record = arena.viewF64(this.#searches + 8 * SEARCH_SIZE * i, SEARCH_SIZE);
      record[SEARCH_OUT] = found;
      return {
        record,
        maskAt: mask,
        mask: arena.viewU8(mask, columns),
        found: arena.viewF64(found, columns * SPLIT_SIZE),
      };
    });
  }

  /**
   * Of each node, two at most, the best split, the first column among equals, or undefined when none gains more than `minGain`.
   * @param rows Rows that are added to a histogram before.
   */
  find(searches: readonly Search[], rows?: RestOfRows): (HistogramSplit | undefined)[] {
    for (let i = 0; i < searches.length; i++) this.#place(this.#places[i]!, searches[i]!);
    const { slot = 0, gradients = 0, list = 0, from = 0, to = 0, isAll = false } = rows ?? {};
    this.#team.callIfLarge(
      (to - from) * this.#columns * ADDITION_WORK + searches.length * (this.#pool.bytes / 16) * BIN_WORK,
      'addAndSplit',
      ...([this.#plan, gradients, list, from, to, isAll ? 1 : 0, slot] as const),
      ...([this.#searches, searches.length] as const),
    );
    return searches.map((search, i) => this.#best(search, this.#places[i]!.found));
  }

  #place(
    { record, mask, maskAt }: SearchPlace,
    { slot, sibling = 0, allowed, gradient, hessian, rows, bounds = unbounded }: Search,
  ): void {
    const isMasked = allowed !== undefined || this.#categorical.length > 0;
    if (isMasked) {
      if (allowed === undefined) mask.fill(1);
      else mask.set(allowed);
      for (const j of this.#categorical) mask[j] = 0;
    }
    record[SEARCH_HISTOGRAM] = slot;
    record[SEARCH_SIBLING] = sibling;
    record[SEARCH_ALLOWED] = isMasked ? maskAt : 0;
    record[SEARCH_GRADIENT] = gradient;
    record[SEARCH_HESSIAN] = hessian;
    record[SEARCH_ROWS] = rows;
    record[SEARCH_LOWER] = bounds.lower;
    record[SEARCH_UPPER] = bounds.upper;
  }

  /** The best of what a search has found for the columns. */
  #best(search: Search, found: Float64Array): HistogramSplit | undefined {
    const { l1 = 0, l2, minGain } = this.#limits;
    const { gradient, hessian, bounds = unbounded } = search;
    let best = -1;
    let score = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < this.#columns; j++) {
      if (found[j * SPLIT_SIZE]! * (1 - SPLIT_TIE) > score) {
        score = found[j * SPLIT_SIZE]!;
        best = j;
      }
    }
    const rule = { l1, l2, lower: bounds.lower, upper: bounds.upper };
    const gainOf = (sum: number) => {
      const gain = sum - leafScore(gradient, hessian, rule);
      return gain > minGain && gain > ROUNDING * sum ? gain : undefined;
    };
    const byCategory = this.#findCategories(search, rule);
    if (byCategory !== undefined && byCategory.split.score > score) {
      const gain = gainOf(byCategory.split.score);
      return gain === undefined
        ? undefined
        : { ...byCategory.split, column: byCategory.column, bin: -1, gain };
    }
    if (best < 0) return undefined;
    const [bin, missingLeft, leftGradient, leftHessian] = found.subarray(best * SPLIT_SIZE + 1);
    // The kernel's score is the same but for rounding.
    const left = leafScore(leftGradient!, leftHessian!, rule);
    const gain = gainOf(left + leafScore(gradient - leftGradient!, hessian - leftHessian!, rule));
    if (gain === undefined) return undefined;
    return {
      ...{ column: best, bin: bin!, categories: undefined, missingLeft: missingLeft === 1, gain },
      ...{ leftGradient: leftGradient!, leftHessian: leftHessian!, l2 },
    };
  }

  #findCategories(node: Search, rule: LeafRule) {
    const { minSamplesLeaf, minHessian, categories } = this.#limits;
    if (this.#categorical.length === 0) return undefined;
    const { arena } = this.#team;
    const offsets = arena.viewI32(this.#pool.offsets, this.#columns + 1);
    const pairs = arena.viewF64(node.slot, this.#pool.bytes / 8);
    const limits = { ...rule, minSamplesLeaf, minHessian, categories: categories! };
    let best: { column: number; split: CategorySplit } | undefined;
    for (const column of this.#categorical) {
      if (node.allowed?.[column] === 0) continue;
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
