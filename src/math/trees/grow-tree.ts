import { decreaseOf, type NodePurity, type NodeStatistics, purityOf } from './criterion.ts';
import { PresortedSearch } from './presorted-search.ts';
import { RowSearch } from './row-search.ts';
import { isSetSplit } from './set-search.ts';
import type { Bounds, KernelCaller, SideLimits, Split, SplitSearch, TreeDraws } from './split-search.ts';
import type { TreeSample } from './tree-sample.ts';
import { type Trees, TreesBuilder } from './trees.ts';

export interface TreeLimits extends SideLimits {
  readonly maxDepth: number;
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minImpurityDecrease: number;
}

/** One tree with what is known of its nodes. */
export interface GrownTree {
  readonly trees: Trees;
  readonly impurity: Float64Array;
}

interface Node<S> {
  readonly node: number;
  readonly depth: number;
  readonly begin: number;
  readonly count: number;
  readonly bounds: Bounds;
  readonly split: S | undefined;
  /** Of {@link split}. */
  readonly decrease: number;
}

/** Impurity up to which a node counts as pure. */
const PURE = 2 ** -52;
const FREE: Bounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/**
 * Grows one tree, best first when `maxLeafNodes` bounds it, else depth first. Stops as scikit-learn does. How splits are searched for is what
 * the rows were placed for. Source: L. Breiman et al., "Classification and Regression Trees" (1984).
 */
export function growTree(
  caller: KernelCaller,
  sample: TreeSample,
  limits: TreeLimits,
  random: TreeDraws,
): GrownTree {
  const { data } = sample;
  if (data.kind === 'presorted') {
    const search = new PresortedSearch(caller, sample, data, limits, random);
    return new TreeGrower(caller, sample, limits, search).grow();
  }
  const search = new RowSearch(caller, sample, data, limits, random);
  return new TreeGrower(caller, sample, limits, search).grow();
}

class TreeGrower<S extends Split> {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #limits: TreeLimits;
  readonly #search: SplitSearch<S>;
  readonly #builder: TreesBuilder;
  readonly #impurity: number[] = [];
  #total = 0;

  constructor(caller: KernelCaller, sample: TreeSample, limits: TreeLimits, search: SplitSearch<S>) {
    this.#caller = caller;
    this.#sample = sample;
    this.#limits = limits;
    this.#search = search;
    this.#builder = new TreesBuilder(Math.max(1, sample.classes));
  }

  grow(): GrownTree {
    const { maxLeafNodes } = this.#limits;
    const { length, criterion } = this.#sample;
    const isBounded = Number.isFinite(maxLeafNodes);
    const statistics = this.#search.measure(0, length);
    const purity = purityOf(criterion, statistics);
    this.#total = purity.weight;
    const node = this.#builder.addRoot({ samples: length, weight: this.#total });
    const root = this.#examine({ node, depth: 0, begin: 0, count: length, bounds: FREE }, statistics, purity);
    const open = root.split === undefined ? [] : [root];
    let leaves = 1;
    while (open.length > 0 && leaves < maxLeafNodes) {
      const next = isBounded ? takeBest(open) : open.pop()!;
      const [left, right] = this.#divide(next, next.split!);
      leaves++;
      if (right.split !== undefined) open.push(right);
      if (left.split !== undefined) open.push(left);
      this.#caller.checkpoint();
    }
    return { trees: this.#builder.finish(), impurity: Float64Array.from(this.#impurity) };
  }

  /** Records a node and looks for its split. */
  #examine(
    place: Omit<Node<S>, 'split' | 'decrease'>,
    statistics: NodeStatistics,
    purity: NodePurity,
  ): Node<S> {
    const { node, depth, begin, count, bounds } = place;
    const { weight, impurity } = purity;
    this.#impurity[node] = impurity;
    this.#record(node, statistics, weight, bounds);
    const { maxDepth, minSamplesSplit, minSamplesLeaf, minWeightLeaf, minImpurityDecrease } = this.#limits;
    const isLeaf =
      depth >= maxDepth ||
      count < minSamplesSplit ||
      count < 2 * minSamplesLeaf ||
      weight < 2 * minWeightLeaf ||
      impurity <= PURE;
    const split = isLeaf ? undefined : this.#search.find({ begin, count, statistics, purity, bounds });
    if (split === undefined) return { ...place, split, decrease: 0 };
    const decrease = decreaseOf(this.#sample.criterion, split.score, purity) * (weight / this.#total);
    return { ...place, split: decrease + PURE < minImpurityDecrease ? undefined : split, decrease };
  }

  /** What the node predicts, within its bounds. */
  #record(node: number, statistics: NodeStatistics, weight: number, bounds: Bounds): void {
    const { classes, center } = this.#sample;
    const value = (k: number) => statistics[k]! / weight;
    if (classes === 0)
      this.#builder.setValue(node, within(this.#predictionOf(statistics, weight), bounds) + center);
    else if (classes === 2 && bounds !== FREE) {
      const second = within(value(1), bounds);
      this.#builder.setValue(node, 1 - second, 0);
      this.#builder.setValue(node, second, 1);
    } else for (let k = 0; k < classes; k++) this.#builder.setValue(node, value(k), k);
  }

  /** The mean, the median by absolute error, or of two classes the share of the second. */
  #predictionOf(statistics: NodeStatistics, weight: number): number {
    return this.#sample.criterion === 'absoluteError' ? statistics[1]! : statistics[1]! / weight;
  }

  #divide({ node, depth, begin, count, bounds, decrease }: Node<S>, split: S): [Node<S>, Node<S>] {
    const { criterion, directions } = this.#sample;
    const { column, threshold, missingLeft, sawMissing } = split;
    const leftCount = this.#search.divide(begin, count, split);
    const rightCount = count - leftCount;
    const leftStatistics = this.#search.measure(begin, leftCount);
    const rightStatistics = this.#search.measure(begin + leftCount, rightCount);
    const leftPurity = purityOf(criterion, leftStatistics);
    const rightPurity = purityOf(criterion, rightStatistics);
    // Where training saw no missing value, one goes the way of most rows.
    const sendsLeft = sawMissing ? missingLeft : leftCount > rightCount;
    const left = this.#builder.split(node, column, threshold, sendsLeft, decrease, [
      { samples: leftCount, weight: leftPurity.weight },
      { samples: rightCount, weight: rightPurity.weight },
    ]);
    if (isSetSplit(split)) this.#builder.setCategories(node, split.words);
    const [leftBounds, rightBounds] = boundsBelow(
      bounds,
      directions?.[column] ?? 0,
      this.#predictionOf(leftStatistics, leftPurity.weight),
      this.#predictionOf(rightStatistics, rightPurity.weight),
    );
    const below = depth + 1;
    return [
      this.#examine(
        { node: left, depth: below, begin, count: leftCount, bounds: leftBounds },
        leftStatistics,
        leftPurity,
      ),
      this.#examine(
        { node: left + 1, depth: below, begin: begin + leftCount, count: rightCount, bounds: rightBounds },
        rightStatistics,
        rightPurity,
      ),
    ];
  }
}

/** The middle between both predictions parts what the two sides may predict, so that nothing below can turn their order round. */
function boundsBelow(bounds: Bounds, direction: number, left: number, right: number): [Bounds, Bounds] {
  if (direction === 0) return [bounds, bounds];
  const middle = within(left / 2 + right / 2, bounds);
  const [low, high] = [
    { lower: bounds.lower, upper: middle },
    { lower: middle, upper: bounds.upper },
  ];
  return direction > 0 ? [low, high] : [high, low];
}

function within(value: number, { lower, upper }: Bounds): number {
  return Math.min(Math.max(value, lower), upper);
}

function takeBest<S>(open: Node<S>[]): Node<S> {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i]!.decrease > open[best]!.decrease) best = i;
  return open.splice(best, 1)[0]!;
}
