import type { RandomState } from '../../core/random.ts';
import { BIN_SLOTS } from './bin.ts';
import { criterionNumber, type NodeStatistics } from './criterion.ts';
import {
  ColumnDraw,
  isBetter,
  type KernelCaller,
  measureRows,
  type SearchedNode,
  type SideLimits,
  type Split,
  type SplitSearch,
} from './split-search.ts';
import type { BinnedColumns, TreeSample } from './tree-sample.ts';

interface BinnedSplit extends Split {
  /** The last bin that goes left. */
  readonly bin: number;
}

const RESULT_NUMBERS = 5;

/** The best split between bins of values, by a histogram of each column. */
export class BinnedSearch implements SplitSearch<BinnedSplit> {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #data: BinnedColumns;
  readonly #limits: SideLimits;
  readonly #draw: ColumnDraw;
  readonly #columns: Int32Array;
  readonly #results: Float64Array;
  readonly #totals: Float64Array;
  readonly #bounds: Float64Array;
  readonly #numbers: Float64Array;
  readonly #thresholds: Float64Array;
  readonly #valueBins: Int32Array;

  constructor(
    caller: KernelCaller,
    sample: TreeSample,
    data: BinnedColumns,
    limits: SideLimits,
    random: RandomState,
  ) {
    this.#caller = caller;
    this.#sample = sample;
    this.#data = data;
    this.#limits = limits;
    const { workspace, classes } = sample;
    const { buffer } = caller.memory;
    const { columns } = data;
    this.#draw = new ColumnDraw(columns, limits.maxFeatures, random);
    this.#columns = new Int32Array(buffer, workspace.columns, columns);
    this.#results = new Float64Array(buffer, workspace.results, columns * RESULT_NUMBERS);
    this.#totals = new Float64Array(buffer, workspace.totals, Math.max(1, classes));
    this.#bounds = new Float64Array(buffer, workspace.bounds, 2);
    this.#numbers = new Float64Array(buffer, workspace.statistics, 1);
    this.#thresholds = new Float64Array(buffer, data.thresholds, BIN_SLOTS * columns);
    this.#valueBins = new Int32Array(buffer, data.valueBins, columns);
  }

  measure(begin: number, count: number): NodeStatistics {
    return measureRows(this.#caller, this.#sample, this.#listAt(begin), count);
  }

  find(node: SearchedNode): BinnedSplit | undefined {
    this.#bounds[0] = node.bounds.lower;
    this.#bounds[1] = node.bounds.upper;
    if (this.#sample.classes > 0) this.#totals.set(node.statistics);
    let best: BinnedSplit | undefined;
    const take = (column: number, at: number) => {
      const [score, bin, missingLeft, sawMissing] = this.#results.subarray(at, at + 4);
      if (!isBetter(score!, best?.score ?? Number.NEGATIVE_INFINITY)) return;
      best = {
        ...{ column, bin: bin!, score: score! },
        threshold: this.#thresholds[column * BIN_SLOTS + bin!]!,
        missingLeft: missingLeft === 1,
        sawMissing: sawMissing === 1,
      };
    };
    const drawn = this.#draw.draw((column) => {
      this.#columns[0] = column;
      this.#scan(node, 1);
      take(column, 0);
      return this.#results[4] === 1;
    });
    if (!this.#draw.takesAll) return best;
    this.#columns.set(drawn);
    this.#scan(node, drawn.length);
    for (let c = 0; c < drawn.length; c++) take(drawn[c]!, c * RESULT_NUMBERS);
    return best;
  }

  #scan({ begin, count, statistics, purity }: SearchedNode, columns: number): void {
    const { workspace, criterion, classes } = this.#sample;
    const { minSamplesLeaf, minWeightLeaf } = this.#limits;
    const { byColumn, rows, valueBins } = this.#data;
    const common = [
      ...([byColumn, rows, valueBins, this.#listAt(begin), count] as const),
      ...([workspace.columns, columns, workspace.pairs, purity.weight] as const),
    ] as const;
    const last = [workspace.directions, workspace.bounds, workspace.counts, workspace.results] as const;
    const work = 2 * count * columns;
    const kind = criterionNumber[criterion];
    if (classes === 0) {
      this.#caller.run(
        work,
        'binnedRegressionSplits',
        ...common,
        ...([statistics[1]!, minSamplesLeaf, minWeightLeaf, kind, ...last] as const),
      );
    } else {
      this.#caller.run(
        work,
        'binnedClassSplits',
        ...common,
        ...([
          workspace.totals,
          classes,
          minSamplesLeaf,
          minWeightLeaf,
          kind,
          workspace.table,
          ...last,
        ] as const),
      );
    }
  }

  divide(begin: number, count: number, { column, bin, missingLeft }: BinnedSplit): number {
    const { scratch, statistics } = this.#sample.workspace;
    const { byColumn, rows } = this.#data;
    this.#caller.run(
      0,
      'partitionBins',
      ...([byColumn + column * rows, this.#listAt(begin), count, bin, this.#valueBins[column]!] as const),
      ...([missingLeft ? 1 : 0, scratch, statistics] as const),
    );
    return this.#numbers[0]!;
  }

  #listAt(begin: number): number {
    return this.#sample.workspace.lists + 8 * begin;
  }
}
