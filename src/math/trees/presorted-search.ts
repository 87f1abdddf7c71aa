import { criterionNumber, type NodeStatistics } from './criterion.ts';
import { isSetSplit, SetSearch, type SetSplit } from './set-search.ts';
import {
  ColumnDraw,
  isBetter,
  type KernelCaller,
  measureRows,
  type SearchedNode,
  type SideLimits,
  type Split,
  type SplitSearch,
  type TreeDraws,
} from './split-search.ts';
import type { PresortedRows, TreeSample } from './tree-sample.ts';

interface ThresholdSplit extends Split {
  /** Rows with a value that go left, rows with a value. */
  readonly leftPresent: number;
  readonly present: number;
}

type PresortedSplit = ThresholdSplit | SetSplit;

/** The rank of a missing value. */
const MISSING = 0xffffffff;
const RESULT_NUMBERS = 4;

/** The best of all splits, by one scan of each column's presorted rows. Source: M. Mehta et al., "SLIQ" (1996). */
export class PresortedSearch implements SplitSearch<PresortedSplit> {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #data: PresortedRows;
  readonly #limits: SideLimits;
  readonly #draw: ColumnDraw;
  readonly #sets: SetSearch;
  /** Rows and ranks in turn. */
  readonly #lists: Uint32Array;
  readonly #columns: Int32Array;
  readonly #results: Float64Array;
  readonly #totals: Float64Array;
  readonly #bounds: Float64Array;

  constructor(
    caller: KernelCaller,
    sample: TreeSample,
    data: PresortedRows,
    limits: SideLimits,
    random: TreeDraws,
  ) {
    this.#caller = caller;
    this.#sample = sample;
    this.#data = data;
    this.#limits = limits;
    const { length, workspace, classes } = sample;
    const { buffer } = caller.memory;
    this.#draw = new ColumnDraw(data.columns, limits.maxFeatures, random);
    this.#sets = new SetSearch(caller, sample, limits, undefined);
    this.#lists = new Uint32Array(buffer, workspace.lists, 2 * length * data.lists);
    this.#columns = new Int32Array(buffer, workspace.columns, data.columns);
    this.#results = new Float64Array(buffer, workspace.results, data.columns * RESULT_NUMBERS);
    this.#totals = new Float64Array(buffer, workspace.totals, Math.max(1, classes));
    this.#bounds = new Float64Array(buffer, workspace.bounds, 2);
  }

  measure(begin: number, count: number): NodeStatistics {
    const { workspace, criterion, length } = this.#sample;
    // The list of the targets comes after those of the columns.
    const list = criterion === 'absoluteError' ? this.#data.columns : 0;
    return measureRows(this.#caller, this.#sample, workspace.lists + 8 * (list * length + begin), count);
  }

  find(node: SearchedNode): PresortedSplit | undefined {
    const { begin, count } = node;
    // Values and missing ones make a split, missing ones alone do not.
    const drawn = this.#draw.draw(
      (column) => this.#rankAt(column, begin) !== this.#rankAt(column, begin + count - 1),
    );
    const numbers =
      this.#sample.categories === undefined ? drawn : drawn.filter((column) => !this.#sets.has(column));
    this.#columns.set(numbers);
    if (numbers.length > 0) this.#scan(node, numbers.length);
    const list = this.#sample.workspace.lists + 8 * begin;
    let best: PresortedSplit | undefined;
    let scanned = 0;
    for (const column of drawn) {
      if (this.#sets.has(column)) {
        const split = this.#sets.find(column, list, node);
        if (split !== undefined && isBetter(split.score, best?.score ?? Number.NEGATIVE_INFINITY))
          best = split;
      } else {
        const at = scanned++ * RESULT_NUMBERS;
        if (isBetter(this.#results[at]!, best?.score ?? Number.NEGATIVE_INFINITY))
          best = this.#splitFrom(column, at, begin, count);
      }
    }
    return best;
  }

  #splitFrom(column: number, at: number, begin: number, count: number): ThresholdSplit {
    const results = this.#results;
    const present = this.#countPresent(column, begin, count);
    return {
      ...{ column, score: results[at]!, threshold: results[at + 1]!, missingLeft: results[at + 2] === 1 },
      ...{ sawMissing: present < count, leftPresent: results[at + 3]!, present },
    };
  }

  /** Writes the best split of each of the columns in the workspace. */
  #scan({ begin, count, statistics, purity, bounds }: SearchedNode, columns: number): void {
    const { workspace, criterion, classes, length } = this.#sample;
    const { minSamplesLeaf, minWeightLeaf } = this.#limits;
    const data = this.#data;
    const { lists, pairs, directions, targets, places, scratch, results } = workspace;
    const common = [
      data.x,
      data.rows,
      lists,
      length,
      begin,
      count,
      workspace.columns,
      columns,
      pairs,
    ] as const;
    const work = 2 * count * columns;
    this.#bounds[0] = bounds.lower;
    this.#bounds[1] = bounds.upper;
    const order = [directions, workspace.bounds] as const;
    if (classes > 0) {
      this.#totals.set(statistics);
      this.#caller.run(
        work,
        'exactClassSplits',
        ...common,
        ...([purity.weight, workspace.totals, classes, minSamplesLeaf, minWeightLeaf] as const),
        ...([criterionNumber[criterion], workspace.table, ...order, workspace.counts, results] as const),
      );
    } else if (criterion === 'absoluteError') {
      this.#caller.run(
        work * Math.log2(count + 1),
        'absoluteSplits',
        ...common,
        ...([data.columns, targets, purity.weight, minSamplesLeaf, minWeightLeaf] as const),
        ...([places, scratch, results] as const),
      );
    } else {
      this.#caller.run(
        work,
        'exactRegressionSplits',
        ...common,
        ...([purity.weight, statistics[1]!, minSamplesLeaf, minWeightLeaf] as const),
        ...([criterionNumber[criterion], ...order, results] as const),
      );
    }
  }

  divide(begin: number, count: number, split: PresortedSplit): number {
    if (isSetSplit(split)) return this.#sets.divide(this.#data.lists, begin, count, split);
    const { length, workspace } = this.#sample;
    const { column, missingLeft, leftPresent, present } = split;
    const { lists, marks, scratch } = workspace;
    this.#caller.run(
      (count * this.#data.lists) / 2,
      'partitionPresorted',
      ...([lists, length, this.#data.lists, begin, count, column, leftPresent, present] as const),
      ...([missingLeft ? 1 : 0, marks, scratch] as const),
    );
    return leftPresent + (missingLeft ? count - present : 0);
  }

  #rankAt(column: number, at: number): number {
    return this.#lists[2 * (column * this.#sample.length + at) + 1]!;
  }

  #countPresent(column: number, begin: number, count: number): number {
    if (this.#rankAt(column, begin + count - 1) !== MISSING) return count;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rankAt(column, begin + middle) === MISSING) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
