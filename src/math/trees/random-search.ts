import type { RandomState } from '../../core/random.ts';
import { type Criterion, type NodeStatistics, scoreOf, weightOf } from './criterion.ts';
import {
  type Bounds,
  ColumnDraw,
  isBetter,
  type KernelCaller,
  measureRows,
  type SearchedNode,
  type SideLimits,
  type Split,
  type SplitSearch,
} from './split-search.ts';
import type { TreeSample, UnsortedRows } from './tree-sample.ts';

/**
 * One threshold a column, drawn evenly between the least and the greatest value of the node, and the best of these splits.
 * Source: P. Geurts, D. Ernst, L. Wehenkel, "Extremely randomized trees" (2006).
 */
export class RandomSearch implements SplitSearch {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #data: UnsortedRows;
  readonly #limits: SideLimits;
  readonly #draw: ColumnDraw;
  readonly #random: RandomState;
  readonly #numbers: Float64Array;

  constructor(
    caller: KernelCaller,
    sample: TreeSample,
    data: UnsortedRows,
    limits: SideLimits,
    random: RandomState,
  ) {
    this.#caller = caller;
    this.#sample = sample;
    this.#data = data;
    this.#limits = limits;
    this.#random = random;
    this.#draw = new ColumnDraw(data.columns, limits.maxFeatures, random);
    const { workspace, classes } = sample;
    this.#numbers = new Float64Array(
      caller.memory.buffer,
      workspace.statistics,
      Math.max(6, 2 * classes + 2),
    );
  }

  measure(begin: number, count: number): NodeStatistics {
    return measureRows(this.#caller, this.#sample, this.#listAt(begin), count);
  }

  find(node: SearchedNode): Split | undefined {
    let best: Split | undefined;
    const consider = (column: number): boolean => {
      const range = this.#rangeOf(column, node);
      if (range === undefined) return false;
      // A threshold of the greatest value would send nothing right, unless what is missing goes there.
      const [least, greatest, missing] = range;
      const drawn = least + (greatest - least) * this.#random.uniform();
      const threshold = least === greatest ? greatest : drawn >= greatest ? least : drawn;
      const split = this.#splitAt(column, threshold, missing > 0, node);
      if (split !== undefined && isBetter(split.score, best?.score ?? Number.NEGATIVE_INFINITY)) best = split;
      return true;
    };
    const columns = this.#draw.draw(consider);
    if (this.#draw.takesAll) columns.forEach(consider);
    return best;
  }

  /** The least and the greatest value of the node's rows and how many are missing; undefined where all are alike. */
  #rangeOf(column: number, { begin, count }: SearchedNode): [number, number, number] | undefined {
    const { statistics } = this.#sample.workspace;
    this.#caller.run(0, 'columnRange', this.#column(column), this.#listAt(begin), count, statistics);
    const [least, greatest, missing] = this.#numbers;
    if (missing === count || (missing === 0 && !(least! < greatest!))) return undefined;
    return [least!, greatest!, missing!];
  }

  #splitAt(
    column: number,
    threshold: number,
    sawMissing: boolean,
    { begin, count, statistics, bounds }: SearchedNode,
  ): Split | undefined {
    const { classes, criterion, workspace, directions } = this.#sample;
    const list = this.#listAt(begin);
    const out = workspace.statistics;
    const { pairs } = workspace;
    if (classes > 0) {
      this.#caller.run(0, 'classesBelow', this.#column(column), list, count, threshold, pairs, classes, out);
    } else this.#caller.run(0, 'momentsBelow', this.#column(column), list, count, threshold, pairs, out);
    const width = classes > 0 ? classes : 2;
    const below = this.#numbers.slice(0, width);
    const missing = this.#numbers.slice(width, 2 * width);
    const [belowRows, missingRows] = [this.#numbers[2 * width]!, this.#numbers[2 * width + 1]!];
    const direction = directions?.[column] ?? 0;
    let best: Split | undefined;
    for (const missingLeft of sawMissing ? [false, true] : [false]) {
      const leftRows = belowRows + (missingLeft ? missingRows : 0);
      const { minSamplesLeaf, minWeightLeaf } = this.#limits;
      if (Math.min(leftRows, count - leftRows) < Math.max(1, minSamplesLeaf)) continue;
      const left = below.map((value, k) => value + (missingLeft ? missing[k]! : 0));
      const right = left.map((value, k) => statistics[k]! - value);
      const weights = Math.min(weightOf(criterion, left), weightOf(criterion, right));
      if (weights < minWeightLeaf || weights <= 0) continue;
      if (breaksOrder(criterion, direction, left, right, bounds)) continue;
      const score = sumOfScores(criterion, left, right);
      if (isBetter(score, best?.score ?? Number.NEGATIVE_INFINITY))
        best = { column, threshold, missingLeft, sawMissing, score };
    }
    return best;
  }

  divide(begin: number, count: number, { column, threshold, missingLeft }: Split): number {
    const { scratch, statistics } = this.#sample.workspace;
    const list = this.#listAt(begin);
    const left = missingLeft ? 1 : 0;
    this.#caller.run(
      0,
      'partitionBelow',
      ...([this.#column(column), list, count, threshold, left, scratch, statistics] as const),
    );
    return this.#numbers[0]!;
  }

  #column(column: number): number {
    return this.#data.x + 8 * column * this.#data.rows;
  }

  #listAt(begin: number): number {
    return this.#sample.workspace.lists + 8 * begin;
  }
}

function sumOfScores(criterion: Criterion, left: Float64Array, right: Float64Array): number {
  const own = criterion as Exclude<Criterion, 'absoluteError'>;
  // A side without events has no finite rate.
  if (own === 'poisson' && (left[1]! <= 0 || right[1]! <= 0)) return Number.NEGATIVE_INFINITY;
  return scoreOf(own, left) + scoreOf(own, right);
}

/** As the kernels' function of this name: predictions are means, or of two classes the share of the second. */
function breaksOrder(
  criterion: Criterion,
  direction: number,
  left: Float64Array,
  right: Float64Array,
  { lower, upper }: Bounds,
): boolean {
  if (direction === 0) return false;
  const [a, b] = [left[1]! / weightOf(criterion, left), right[1]! / weightOf(criterion, right)];
  return (b - a) * direction < 0 || Math.min(a, b) < lower || Math.max(a, b) > upper;
}
