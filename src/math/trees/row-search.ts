import { BIN_SLOTS } from './bin.ts';
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
import type { BinnedColumns, TreeSample, UnsortedRows } from './tree-sample.ts';

interface PlaceSplit extends Split {
  /** The last bin that goes left, where there are bins. */
  readonly bin: number;
}

type RowSplit = PlaceSplit | SetSplit;

/** As the kernels write them: score, bin or threshold, missing left, whether rows lack a value, whether the column varies. */
const RESULT_NUMBERS = 5;

/**
 * Splits of nodes whose rows are one list: between bins of values, by a histogram of each column; or at one threshold a column, drawn evenly
 * between the least and the greatest value of the node (P. Geurts, D. Ernst, L. Wehenkel, "Extremely randomized trees", 2006). The best wins.
 */
export class RowSearch implements SplitSearch<RowSplit> {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #data: BinnedColumns | UnsortedRows;
  readonly #limits: SideLimits;
  readonly #random: TreeDraws;
  readonly #draw: ColumnDraw;
  readonly #sets: SetSearch;
  readonly #columns: Int32Array;
  readonly #uniforms: Float64Array;
  readonly #results: Float64Array;
  readonly #totals: Float64Array;
  readonly #bounds: Float64Array;
  readonly #numbers: Float64Array;

  constructor(
    caller: KernelCaller,
    sample: TreeSample,
    data: BinnedColumns | UnsortedRows,
    limits: SideLimits,
    random: TreeDraws,
  ) {
    this.#caller = caller;
    this.#sample = sample;
    this.#data = data;
    this.#limits = limits;
    this.#random = random;
    const { workspace, classes } = sample;
    const { buffer } = caller.memory;
    const { columns } = data;
    this.#draw = new ColumnDraw(columns, limits.maxFeatures, random);
    this.#sets = new SetSearch(caller, sample, limits, data.kind === 'unsorted' ? random : undefined);
    this.#columns = new Int32Array(buffer, workspace.columns, columns);
    this.#uniforms = new Float64Array(buffer, workspace.uniforms, columns);
    this.#results = new Float64Array(buffer, workspace.results, columns * RESULT_NUMBERS);
    this.#totals = new Float64Array(buffer, workspace.totals, Math.max(1, classes));
    this.#bounds = new Float64Array(buffer, workspace.bounds, 2);
    this.#numbers = new Float64Array(buffer, workspace.statistics, 1);
  }

  measure(begin: number, count: number): NodeStatistics {
    return measureRows(this.#caller, this.#sample, this.#listAt(begin), count);
  }

  find(node: SearchedNode): RowSplit | undefined {
    this.#bounds[0] = node.bounds.lower;
    this.#bounds[1] = node.bounds.upper;
    if (this.#sample.classes > 0) this.#totals.set(node.statistics);
    const results = this.#results;
    let best = Number.NEGATIVE_INFINITY;
    let found: RowSplit | undefined;
    const take = (column: number, at: number) => {
      if (!isBetter(results[at]!, best)) return;
      best = results[at]!;
      found = this.#splitFrom(column, at);
    };
    const takeSet = (column: number): boolean => {
      const split = this.#sets.find(column, this.#listAt(node.begin), node);
      if (split !== undefined && isBetter(split.score, best)) {
        best = split.score;
        found = split;
      }
      return split !== undefined;
    };
    const drawn = this.#draw.draw((column) => {
      if (this.#sets.has(column)) return takeSet(column);
      this.#columns[0] = column;
      this.#scan(node, 1);
      take(column, 0);
      return results[4] === 1;
    });
    if (!this.#draw.takesAll) return found;
    const numbers = drawn.filter((column) => !this.#sets.has(column));
    this.#columns.set(numbers);
    if (numbers.length > 0) this.#scan(node, numbers.length);
    let scanned = 0;
    for (const column of drawn) {
      if (this.#sets.has(column)) takeSet(column);
      else take(column, scanned++ * RESULT_NUMBERS);
    }
    return found;
  }

  #splitFrom(column: number, at: number): PlaceSplit {
    const [score, place, missingLeft, sawMissing] = this.#results.subarray(at, at + 4);
    const data = this.#data;
    const { buffer } = this.#caller.memory;
    const threshold =
      data.kind === 'unsorted'
        ? place!
        : new Float64Array(buffer, data.thresholds, BIN_SLOTS * data.columns)[column * BIN_SLOTS + place!]!;
    return {
      ...{ column, threshold, bin: place!, score: score! },
      missingLeft: missingLeft === 1,
      sawMissing: sawMissing === 1,
    };
  }

  /** Writes the best split of each of the columns in the workspace. */
  #scan({ begin, count, statistics, purity }: SearchedNode, columns: number): void {
    const { workspace, criterion, classes } = this.#sample;
    const { minSamplesLeaf, minWeightLeaf } = this.#limits;
    const { pairs, directions, bounds, counts, scratch, results, totals, table } = workspace;
    const data = this.#data;
    const list = this.#listAt(begin);
    const rows = [list, count, workspace.columns, columns] as const;
    const least = [minSamplesLeaf, minWeightLeaf, criterionNumber[criterion]] as const;
    const moments = [pairs, purity.weight, statistics[1]!, ...least] as const;
    const shares = [pairs, purity.weight, totals, classes, ...least, table] as const;
    const order = [directions, bounds] as const;
    const work = 2 * count * columns;
    if (data.kind === 'binned') {
      const bins = [data.byColumn, data.rows, data.valueBins, ...rows] as const;
      if (classes === 0)
        this.#caller.run(work, 'binnedRegressionSplits', ...bins, ...moments, ...order, counts, results);
      else this.#caller.run(work, 'binnedClassSplits', ...bins, ...shares, ...order, counts, results);
      return;
    }
    for (let c = 0; c < columns; c++) this.#uniforms[c] = this.#random.uniform();
    const drawn = [data.x, data.rows, ...rows, workspace.uniforms] as const;
    if (classes === 0)
      this.#caller.run(work, 'drawnRegressionSplits', ...drawn, ...moments, ...order, scratch, results);
    else this.#caller.run(work, 'drawnClassSplits', ...drawn, ...shares, ...order, counts, scratch, results);
  }

  divide(begin: number, count: number, split: RowSplit): number {
    if (isSetSplit(split)) return this.#sets.divide(1, begin, count, split);
    const { column, bin, threshold, missingLeft } = split;
    const { scratch, statistics } = this.#sample.workspace;
    const data = this.#data;
    const list = this.#listAt(begin);
    const last = [missingLeft ? 1 : 0, scratch, statistics] as const;
    if (data.kind === 'binned') {
      const missingBin = new Int32Array(this.#caller.memory.buffer, data.valueBins, data.columns)[column]!;
      const bins = data.byColumn + column * data.rows;
      this.#caller.run(0, 'partitionBins', bins, list, count, bin, missingBin, ...last);
    } else {
      this.#caller.run(0, 'partitionBelow', data.x + 8 * column * data.rows, list, count, threshold, ...last);
    }
    return this.#numbers[0]!;
  }

  #listAt(begin: number): number {
    return this.#sample.workspace.lists + 8 * begin;
  }
}
