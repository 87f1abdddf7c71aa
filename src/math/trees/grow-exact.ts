import type { RandomState } from '../../core/random.ts';
import type { KernelName } from '../../kernels/host/instance.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import { criterionNumber, decreaseOf, type NodePurity, purityOf } from './criterion.ts';
import { type ExactSample, RESULT_NUMBERS } from './exact-sample.ts';
import { type Trees, TreesBuilder } from './trees.ts';

type Numbers<K extends KernelName> = Kernels[K] extends (t: number, n: number, ...rest: infer R) => unknown
  ? R
  : never;

/** How a grower calls kernels: on one thread, or on all where the work (as `Team.callIfLarge` counts it) is worth it. */
export interface KernelCaller {
  readonly memory: { readonly buffer: ArrayBufferLike };
  run<K extends KernelName>(work: number, kernel: K, ...numbers: Numbers<K>): void;
  checkpoint(): void;
}

export interface ExactLimits {
  readonly maxDepth: number;
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Weight, not a fraction. */
  readonly minWeightLeaf: number;
  readonly minImpurityDecrease: number;
  /** Columns that each node considers. */
  readonly maxFeatures: number;
}

/** One tree with what is known of its nodes. */
export interface ExactTree {
  readonly trees: Trees;
  readonly impurity: Float64Array;
}

interface Split {
  readonly column: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Rows with a value that go left, rows with a value. */
  readonly leftPresent: number;
  readonly present: number;
  readonly decrease: number;
}

interface Node {
  readonly node: number;
  readonly depth: number;
  readonly begin: number;
  readonly count: number;
  readonly split: Split | undefined;
}

/** The rank of a missing value. */
const MISSING = 0xffffffff;
/** Relative difference of scores that rounding can make. */
const ROUNDING = 1e-12;
/** Impurity up to which a node counts as pure. */
const PURE = 2 ** -52;

/**
 * Grows one tree by exact splits, best first when `maxLeafNodes` bounds it, else depth first. Stops as scikit-learn
 * does. Source: L. Breiman et al., "Classification and Regression Trees" (1984); presorted lists as in M. Mehta et al.,
 * "SLIQ" (1996).
 */
export function growExact(
  caller: KernelCaller,
  sample: ExactSample,
  limits: ExactLimits,
  random: RandomState,
): ExactTree {
  return new ExactGrower(caller, sample, limits, random).grow();
}

class ExactGrower {
  readonly #caller: KernelCaller;
  readonly #sample: ExactSample;
  readonly #limits: ExactLimits;
  readonly #random: RandomState;
  readonly #builder: TreesBuilder;
  readonly #impurity: number[] = [];
  readonly #order: Int32Array;
  /** Rows and ranks in turn. */
  readonly #lists: Uint32Array;
  readonly #columns: Int32Array;
  readonly #results: Float64Array;
  readonly #statistics: Float64Array;
  readonly #totals: Float64Array;
  #total = 0;

  constructor(caller: KernelCaller, sample: ExactSample, limits: ExactLimits, random: RandomState) {
    this.#caller = caller;
    this.#sample = sample;
    this.#limits = limits;
    this.#random = random;
    this.#builder = new TreesBuilder(Math.max(1, sample.classes));
    const { data, length, workspace, classes } = sample;
    const { buffer } = caller.memory;
    this.#order = Int32Array.from({ length: data.columns }, (_, j) => j);
    this.#lists = new Uint32Array(buffer, workspace.lists, 2 * length * data.columns);
    this.#columns = new Int32Array(buffer, workspace.columns, data.columns);
    this.#results = new Float64Array(buffer, workspace.results, data.columns * RESULT_NUMBERS);
    this.#statistics = new Float64Array(buffer, workspace.statistics, Math.max(3, classes));
    this.#totals = new Float64Array(buffer, workspace.totals, Math.max(1, classes));
  }

  grow(): ExactTree {
    const { maxLeafNodes } = this.#limits;
    const isBounded = Number.isFinite(maxLeafNodes);
    const statistics = this.#measure(0, this.#sample.length);
    const purity = purityOf(this.#sample.criterion, statistics);
    this.#total = purity.weight;
    const node = this.#builder.addRoot({ samples: this.#sample.length, weight: this.#total });
    const root = this.#examine(node, 0, 0, this.#sample.length, statistics, purity);
    const open = root.split === undefined ? [] : [root];
    let leaves = 1;
    while (open.length > 0 && leaves < maxLeafNodes) {
      const next = isBounded ? takeBest(open) : open.pop()!;
      const [left, right] = this.#divide(next);
      leaves++;
      if (right.split !== undefined) open.push(right);
      if (left.split !== undefined) open.push(left);
      this.#caller.checkpoint();
    }
    return { trees: this.#builder.finish(), impurity: Float64Array.from(this.#impurity) };
  }

  /** Records a node and looks for its split. */
  #examine(
    node: number,
    depth: number,
    begin: number,
    count: number,
    statistics: Float64Array,
    purity: NodePurity,
  ): Node {
    const { classes, center } = this.#sample;
    const { weight, impurity } = purity;
    this.#impurity[node] = impurity;
    if (classes === 0) this.#builder.setValue(node, statistics[1]! / weight + center);
    else for (let k = 0; k < classes; k++) this.#builder.setValue(node, statistics[k]! / weight, k);
    const { maxDepth, minSamplesSplit, minSamplesLeaf, minWeightLeaf } = this.#limits;
    const isLeaf =
      depth >= maxDepth ||
      count < minSamplesSplit ||
      count < 2 * minSamplesLeaf ||
      weight < 2 * minWeightLeaf ||
      impurity <= PURE;
    const split = isLeaf ? undefined : this.#findSplit(begin, count, statistics, purity);
    return { node, depth, begin, count, split };
  }

  #findSplit(begin: number, count: number, statistics: Float64Array, purity: NodePurity): Split | undefined {
    const { workspace, criterion, classes, data, length } = this.#sample;
    const { minSamplesLeaf, minWeightLeaf, minImpurityDecrease } = this.#limits;
    const drawn = this.#drawColumns(begin, count);
    if (drawn.length === 0) return undefined;
    this.#columns.set(drawn);
    const common = [
      data.x,
      data.rows,
      workspace.lists,
      length,
      begin,
      count,
      workspace.columns,
      drawn.length,
    ] as const;
    const work = 2 * count * drawn.length;
    if (classes === 0) {
      this.#caller.run(
        work,
        'exactRegressionSplits',
        ...common,
        ...([workspace.pairs, purity.weight, statistics[1]!, minSamplesLeaf, minWeightLeaf] as const),
        ...([criterionNumber[criterion], workspace.results] as const),
      );
    } else {
      this.#totals.set(statistics);
      this.#caller.run(
        work,
        'exactClassSplits',
        ...common,
        ...([
          workspace.pairs,
          purity.weight,
          workspace.totals,
          classes,
          minSamplesLeaf,
          minWeightLeaf,
        ] as const),
        ...([criterionNumber[criterion], workspace.table, workspace.counts, workspace.results] as const),
      );
    }
    const results = this.#results;
    let best = -1;
    let score = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < drawn.length; c++) {
      // Splits that are equal but for rounding count as equal: the first column wins.
      if (results[c * RESULT_NUMBERS]! > score + ROUNDING * Math.abs(score) || best < 0) {
        if (results[c * RESULT_NUMBERS] === Number.NEGATIVE_INFINITY) continue;
        score = results[c * RESULT_NUMBERS]!;
        best = c;
      }
    }
    if (best < 0) return undefined;
    const decrease = decreaseOf(criterion, score, purity) * (purity.weight / this.#total);
    if (decrease + PURE < minImpurityDecrease) return undefined;
    const at = best * RESULT_NUMBERS;
    return {
      column: drawn[best]!,
      threshold: results[at + 1]!,
      missingLeft: results[at + 2] === 1,
      leftPresent: results[at + 3]!,
      present: this.#countPresent(drawn[best]!, begin, count),
      decrease,
    };
  }

  /** Columns to consider: all, or as many that vary in the node as `maxFeatures` says, drawn at random. */
  #drawColumns(begin: number, count: number): Int32Array {
    const { maxFeatures } = this.#limits;
    const { columns } = this.#sample.data;
    const order = this.#order;
    if (maxFeatures >= columns) return order;
    let found = 0;
    for (let passed = 0; passed < columns && found < maxFeatures; passed++) {
      const at = passed + this.#random.randint(columns - passed);
      const column = order[at]!;
      order[at] = order[passed]!;
      order[passed] = column;
      if (!this.#varies(column, begin, count)) continue;
      order[passed] = order[found]!;
      order[found++] = column;
    }
    return order.slice(0, found);
  }

  /** Values and missing ones make a split, missing ones alone do not. */
  #varies(column: number, begin: number, count: number): boolean {
    return this.#rankAt(column, begin) !== this.#rankAt(column, begin + count - 1);
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

  #divide({ node, depth, begin, count, split }: Node): [Node, Node] {
    const { data, length, workspace } = this.#sample;
    const { column, threshold, missingLeft, leftPresent, present, decrease } = split!;
    const { lists, marks, scratch } = workspace;
    this.#caller.run(
      (count * data.columns) / 2,
      'partitionPresorted',
      ...([lists, length, data.columns, begin, count, column, leftPresent, present] as const),
      ...([missingLeft ? 1 : 0, marks, scratch] as const),
    );
    const leftCount = leftPresent + (missingLeft ? count - present : 0);
    const rightCount = count - leftCount;
    const leftStatistics = this.#measure(begin, leftCount);
    const rightStatistics = this.#measure(begin + leftCount, rightCount);
    const { criterion } = this.#sample;
    const leftPurity = purityOf(criterion, leftStatistics);
    const rightPurity = purityOf(criterion, rightStatistics);
    // Where training saw no missing value, one goes the way of most rows.
    const sendsLeft = present < count ? missingLeft : leftCount > rightCount;
    const left = this.#builder.split(node, column, threshold, sendsLeft, decrease, [
      { samples: leftCount, weight: leftPurity.weight },
      { samples: rightCount, weight: rightPurity.weight },
    ]);
    return [
      this.#examine(left, depth + 1, begin, leftCount, leftStatistics, leftPurity),
      this.#examine(left + 1, depth + 1, begin + leftCount, rightCount, rightStatistics, rightPurity),
    ];
  }

  #measure(begin: number, count: number): Float64Array {
    const { workspace, criterion, classes } = this.#sample;
    const { lists, pairs, statistics } = workspace;
    const list = lists + 8 * begin;
    if (classes === 0) {
      this.#caller.run(0, 'nodeMoments', list, count, pairs, criterionNumber[criterion], statistics);
      return Float64Array.of(this.#statistics[0]!, this.#statistics[1]!, this.#statistics[2]!);
    }
    this.#caller.run(0, 'nodeClasses', list, count, pairs, classes, statistics);
    return this.#statistics.slice(0, classes);
  }
}

function takeBest(open: Node[]): Node {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i]!.split!.decrease > open[best]!.split!.decrease) best = i;
  return open.splice(best, 1)[0]!;
}
