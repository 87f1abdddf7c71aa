import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { BIN_SLOTS, type BinnedRows } from './bin.ts';
import { wordsOfCodes } from './category-sets.ts';
import { ColumnChoice, type ColumnLimits } from './column-choice.ts';
import { HistogramPool, type RestOfRows } from './histogram.ts';
import { leafValue } from './leaf-rule.ts';
import {
  type HistogramSplit,
  type LeafBounds,
  type NodeSums,
  SplitFinder,
  type SplitLimits,
  unbounded,
} from './split.ts';
import type { TreesBuilder } from './trees.ts';

export interface GrowLimits extends SplitLimits, ColumnLimits {
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
}

/** The rows a tree is grown on, and those that only follow its splits to their leaf. */
export interface TreeRows {
  readonly training: number;
  readonly following: number;
}

interface LeafPlace {
  readonly node: number;
  /** Columns asked for above it. */
  readonly asked: readonly number[];
  /** Penalty on the square of its value. */
  readonly l2: number;
  readonly depth: number;
  /** First of its training and of its following rows in their lists. */
  readonly begin: number;
  readonly followBegin: number;
  readonly following: number;
}

interface Leaf extends NodeSums, LeafBounds, LeafPlace {
  slot: number | undefined;
  split: HistogramSplit | undefined;
  value: number;
}

/** All leaves are of one shape, so that the code that reads them stays fast. */
function leafOf(
  { gradient, hessian, rows }: NodeSums,
  { lower, upper }: LeafBounds,
  { node, asked, l2, depth, begin, followBegin, following }: LeafPlace,
): Leaf {
  return {
    ...{ gradient, hessian, rows, lower, upper, node, asked, l2, depth, begin, followBegin, following },
    ...{ slot: undefined, split: undefined, value: 0 },
  };
}

/** Work of partitioning a row, as `callIfLarge` counts it. */
const PARTITION_WORK = 25;
/** Work of adding a leaf's value to a row. */
const VALUE_WORK = 20;

/**
 * Grows trees leaf by leaf, always splitting the leaf that gains most, on rows that were binned once. The row numbers of
 * every leaf stand side by side in a list. Only the smaller of two children is summed into a histogram, the larger is
 * the difference to its parent.
 */
export class LeafwiseGrower {
  /** Pointer to the row numbers: training rows first, then the following ones. */
  readonly list: number;
  readonly #workers: Workers;
  readonly #binned: BinnedRows;
  readonly #limits: GrowLimits;
  readonly #pool: HistogramPool;
  readonly #finder: SplitFinder;
  readonly #choice: ColumnChoice;
  readonly #sidesOfBins: Uint8Array;
  readonly #leftCounts: Int32Array;
  readonly #lefts: number;
  readonly #rights: number;
  readonly #counts: number;
  readonly #table: number;
  readonly #begins: number;
  readonly #values: number;
  readonly #mostLeaves: number;
  /** Columns with missing values in training, 1 or 0; known after the first root. */
  #hasMissing: Uint8Array | undefined;
  #leaves: Leaf[] = [];
  #rows: TreeRows = { training: 0, following: 0 };

  constructor(workers: Workers, binned: BinnedRows, limits: GrowLimits) {
    const { arena, threads } = workers.team;
    this.#workers = workers;
    this.#binned = binned;
    this.#limits = limits;
    this.#mostLeaves = Math.max(1, Math.min(limits.maxLeafNodes, binned.rows));
    this.#pool = new HistogramPool(workers, binned, this.#mostLeaves);
    this.#finder = new SplitFinder(workers.team, this.#pool, binned, limits);
    this.#choice = new ColumnChoice(binned.columns, limits);
    this.list = arena.i32(binned.rows);
    this.#lefts = arena.i32(binned.rows);
    this.#rights = arena.i32(binned.rows);
    this.#counts = arena.allocate(threads * 64);
    this.#table = arena.allocate(BIN_SLOTS);
    this.#sidesOfBins = arena.viewU8(this.#table, BIN_SLOTS);
    this.#leftCounts = arena.viewI32(this.#counts, threads * 16);
    this.#begins = arena.i32(this.#mostLeaves + 1);
    this.#values = arena.f64(this.#mostLeaves);
  }

  /**
   * Grows one tree on the gradients (pairs of float32 by row number) and adds it to `builder`. Leaves get −G / (H + l2)
   * times `shrinkage`, less with `l1`, and within the bounds that monotonic columns set.
   * @param isCounted Whether row i of the list is row i: then the root needs no list.
   */
  grow(
    builder: TreesBuilder,
    rows: TreeRows,
    gradients: number,
    isCounted: boolean,
    shrinkage: number,
    random: RandomState,
  ): void {
    this.#rows = rows;
    this.#choice.startTree(random);
    const root = this.#plantRoot(builder, gradients, isCounted, random);
    this.#leaves = [root];
    const open = [root];
    while (this.#leaves.length < this.#mostLeaves) {
      let best: Leaf | undefined;
      for (const leaf of open) {
        if (leaf.split !== undefined && (best === undefined || leaf.split.gain > best.split!.gain))
          best = leaf;
      }
      if (best === undefined) break;
      open.splice(open.indexOf(best), 1);
      const children = this.#divide(best, builder);
      if (children === undefined) continue;
      this.#leaves.splice(this.#leaves.indexOf(best), 1, ...children);
      if (this.#leaves.length < this.#mostLeaves) this.#examine(best, children, open, gradients, random);
      else this.#release(best);
      open.push(...children.filter(({ split }) => split !== undefined));
      this.#workers.checkpoint();
    }
    for (const leaf of open) this.#release(leaf);
    for (const leaf of this.#leaves) {
      leaf.value = shrinkage * this.#valueOf(leaf);
      builder.setValue(leaf.node, leaf.value);
    }
  }

  /**
   * Gives each leaf just grown another value: `shrinkage` times what `revise` makes of its present one before shrinkage and of
   * the numbers of its training rows, within the leaf's bounds.
   */
  reviseLeaves(
    builder: TreesBuilder,
    shrinkage: number,
    revise: (step: number, rows: Int32Array) => number,
  ): void {
    const list = this.#workers.team.arena.viewI32(this.list, this.#rows.training);
    for (const leaf of this.#leaves) {
      const revised = revise(leaf.value / shrinkage, list.subarray(leaf.begin, leaf.begin + leaf.rows));
      leaf.value = shrinkage * Math.min(leaf.upper, Math.max(leaf.lower, revised));
      builder.setValue(leaf.node, leaf.value);
    }
  }

  /**
   * Adds the values of the leaves just grown to the scores of all rows; row r's score lies `stride` · r bytes after
   * `scores`.
   */
  addTo(scores: number, stride: number): void {
    const { team } = this.#workers;
    const { training, following } = this.#rows;
    const count = this.#leaves.length;
    const values = team.arena.viewF64(this.#values, count);
    const begins = team.arena.viewI32(this.#begins, count + 1);
    this.#leaves.forEach((leaf, i) => {
      values[i] = leaf.value;
      begins[i] = leaf.begin;
    });
    begins[count] = training;
    const add = (list: number, rows: number) =>
      team.callIfLarge(
        rows * VALUE_WORK,
        'addLeafValues',
        ...([list, this.#begins, this.#values, count, scores, stride] as const),
      );
    add(this.list, training);
    if (following === 0) return;
    this.#leaves.forEach((leaf, i) => {
      begins[i] = leaf.followBegin;
    });
    begins[count] = following;
    add(this.list + 4 * training, following);
  }

  #plantRoot(builder: TreesBuilder, gradients: number, isCounted: boolean, random: RandomState): Leaf {
    const { training, following } = this.#rows;
    const { arena } = this.#workers.team;
    const slot = this.#pool.take()!;
    this.#pool.fill(slot, { list: isCounted ? 0 : this.list, begin: 0, count: training }, gradients);
    const { valueBins, columns } = this.#binned;
    const pairs = arena.viewF64(slot, this.#pool.bytes / 8);
    if (this.#hasMissing === undefined) {
      this.#hasMissing = new Uint8Array(columns);
      for (let j = 0, at = 0; j < columns; j++) {
        at += 2 * valueBins[j]!;
        this.#hasMissing[j] = pairs[at + 1]! > 0 ? 1 : 0;
        at += 2;
      }
    }
    let gradient = 0;
    let hessian = 0;
    for (let at = 0; at < 2 * (valueBins[0]! + 1); at += 2) {
      gradient += pairs[at]!;
      hessian += pairs[at + 1]!;
    }
    const node = builder.addRoot({ samples: training, weight: hessian });
    const leaf = leafOf({ gradient, hessian, rows: training }, unbounded, {
      ...{ node, asked: [], l2: this.#limits.l2, depth: 0, begin: 0, followBegin: 0, following },
    });
    leaf.slot = slot;
    this.#search([leaf], random);
    return leaf;
  }

  /** Sends the rows of a leaf to its children; undefined when all would go to one side. */
  #divide(leaf: Leaf, builder: TreesBuilder): [Leaf, Leaf] | undefined {
    const { valueBins, thresholds } = this.#binned;
    const { column, bin, categories, missingLeft, gain, leftGradient, leftHessian, l2 } = leaf.split!;
    const table = this.#sidesOfBins;
    table.fill(1, 0, bin + 1);
    table.fill(0, bin + 1);
    if (categories !== undefined) for (const code of categories) table[code] = 1;
    if (missingLeft) table[valueBins[column]!] = 1;
    const leftRows = this.#partition(column, this.list + 4 * leaf.begin, leaf.rows);
    if (leftRows === 0 || leftRows === leaf.rows) {
      this.#release(leaf);
      return undefined;
    }
    const followList = this.list + 4 * (this.#rows.training + leaf.followBegin);
    const leftFollowing = leaf.following === 0 ? 0 : this.#partition(column, followList, leaf.following);
    const rightRows = leaf.rows - leftRows;
    // Where training saw no missing value, one goes the way of most rows.
    const sendsLeft = this.#hasMissing![column] === 1 ? missingLeft : leftRows > rightRows;
    const threshold =
      bin < valueBins[column]! - 1 ? thresholds[column * BIN_SLOTS + bin]! : Number.POSITIVE_INFINITY;
    const node = builder.split(leaf.node, column, threshold, sendsLeft, gain, [
      { samples: leftRows, weight: leftHessian },
      { samples: rightRows, weight: leaf.hessian - leftHessian },
    ]);
    if (categories !== undefined) builder.setCategories(leaf.node, wordsOfCodes(categories));
    const asked =
      this.#limits.interactions === undefined || leaf.asked.includes(column)
        ? leaf.asked
        : [...leaf.asked, column];
    const left = { gradient: leftGradient, hessian: leftHessian, rows: leftRows };
    const right = {
      gradient: leaf.gradient - leftGradient,
      hessian: leaf.hessian - leftHessian,
      rows: rightRows,
    };
    const [leftBounds, rightBounds] = this.#boundsBelow(leaf, l2, column, left, right);
    const { begin, followBegin, following } = leaf;
    const depth = leaf.depth + 1;
    return [
      leafOf(left, leftBounds, { node, asked, l2, depth, begin, followBegin, following: leftFollowing }),
      leafOf(right, rightBounds, {
        ...{ node: node + 1, asked, l2, depth },
        begin: begin + leftRows,
        followBegin: followBegin + leftFollowing,
        following: following - leftFollowing,
      }),
    ];
  }

  #valueOf({
    gradient,
    hessian,
    l2,
    lower,
    upper,
  }: Pick<Leaf, 'gradient' | 'hessian' | 'l2' | keyof LeafBounds>) {
    return leafValue(gradient, hessian, { l1: this.#limits.l1 ?? 0, l2, lower, upper });
  }

  /**
   * Bounds of the leaves below both children: where the column is monotonic, the middle of both values divides them, so that
   * whatever comes below keeps the order.
   */
  #boundsBelow(
    { lower, upper }: LeafBounds,
    l2: number,
    column: number,
    left: NodeSums,
    right: NodeSums,
  ): readonly [LeafBounds, LeafBounds] {
    const direction = this.#limits.monotone?.[column] ?? 0;
    const bounds = { lower, upper };
    if (direction === 0) return [bounds, bounds];
    const middling = ({ gradient, hessian }: NodeSums) =>
      this.#valueOf({ gradient, hessian, l2, lower, upper });
    const middle = (middling(left) + middling(right)) / 2;
    const [low, high] = [
      { lower, upper: middle },
      { lower: middle, upper },
    ];
    return direction > 0 ? [low, high] : [high, low];
  }

  #partition(column: number, list: number, count: number): number {
    const { team } = this.#workers;
    const work = count * PARTITION_WORK;
    team.callIfLarge(
      work,
      'partitionRows',
      ...([this.#binned.byColumn + column * this.#binned.rows, this.#table, list, count] as const),
      ...([this.#lefts, this.#rights, this.#counts] as const),
    );
    const threads = work >= 100_000 ? team.threads : 1;
    let left = 0;
    for (let t = 0; t < threads; t++) left += this.#leftCounts[t * 16]!;
    return left;
  }

  /** Histograms and best splits of two children. */
  #examine(
    parent: Leaf,
    children: readonly [Leaf, Leaf],
    open: readonly Leaf[],
    gradients: number,
    random: RandomState,
  ): void {
    const [smaller, larger] =
      children[0].rows <= children[1].rows ? children : ([children[1], children[0]] as const);
    if (parent.slot === undefined) {
      for (const child of children) {
        if (!this.#mayBeSplit(child)) continue;
        child.slot = this.#pool.take() ?? this.#evict(open);
        if (child.slot !== undefined) this.#search([child], random, this.#sumMost(child, gradients));
      }
      return;
    }
    smaller.slot = this.#mayBeSplit(larger) ? (this.#pool.take() ?? this.#evict(open)) : undefined;
    if (smaller.slot === undefined) {
      this.#release(parent);
      return;
    }
    larger.slot = parent.slot;
    parent.slot = undefined;
    const rows = this.#sumMost(smaller, gradients);
    this.#search([larger, smaller], random, rows, smaller.slot);
  }

  /** Sums the rows of a leaf but for the last ones, which are returned. */
  #sumMost({ slot, begin, rows }: Leaf, gradients: number): RestOfRows {
    return this.#pool.fillMost(slot!, { list: this.list, begin, count: rows }, gradients);
  }

  #mayBeSplit({ rows, depth }: Leaf): boolean {
    return depth < this.#limits.maxDepth && rows >= 2 * Math.max(1, this.#limits.minSamplesLeaf);
  }

  /**
   * The best splits of leaves that have their histograms once `rows` are added.
   * @param sibling Slot of what is taken away from the histogram of the first.
   */
  #search(leaves: readonly Leaf[], random: RandomState, rows?: RestOfRows, sibling?: number): void {
    const searched = leaves.filter((leaf) => this.#mayBeSplit(leaf));
    const splits = this.#finder.find(
      searched.map(({ slot, gradient, hessian, rows, lower, upper, depth, asked }, i) => ({
        ...{ slot: slot!, gradient, hessian, rows, bounds: { lower, upper } },
        allowed: this.#choice.draw(depth, asked, random),
        sibling: i === 0 ? sibling : undefined,
      })),
      rows,
    );
    for (let i = 0; i < searched.length; i++) searched[i]!.split = splits[i];
    for (const leaf of leaves) if (leaf.split === undefined) this.#release(leaf);
  }

  #release(leaf: Leaf): void {
    if (leaf.slot !== undefined) this.#pool.give(leaf.slot);
    leaf.slot = undefined;
  }

  /** The slot of the open leaf that gains least; its histogram is summed anew if it is split after all. */
  #evict(open: readonly Leaf[]): number | undefined {
    let least: Leaf | undefined;
    for (const leaf of open) {
      if (leaf.slot !== undefined && (least === undefined || leaf.split!.gain < least.split!.gain))
        least = leaf;
    }
    const slot = least?.slot;
    if (least !== undefined) least.slot = undefined;
    return slot;
  }
}
