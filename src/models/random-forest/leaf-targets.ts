import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { endOfTree, leafOf, type Trees } from '../../math/trees/trees.ts';

/** Which training rows lie in each leaf, for quantiles. Rows are numbered by rising target. */
export interface LeafTargets {
  /** Rising. */
  readonly targets: Float64Array;
  /** Of the same rows; absent where all weigh 1. */
  readonly weights?: Float64Array;
  /** Where the rows of each node begin in `rows`, one more than nodes; only leaves have any. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** Sends all training rows of weight above 0 down all trees. */
export function leafTargetsOf(
  trees: Trees,
  x: Matrix,
  y: Float64Array,
  sampleWeight: Float64Array | undefined,
  checkpoint: () => void,
): LeafTargets {
  const order = Int32Array.from(y.keys())
    .filter((row) => sampleWeight === undefined || sampleWeight[row]! > 0)
    .sort((a, b) => y[a]! - y[b]! || a - b);
  const count = order.length;
  const starts = new Int32Array(trees.left.length + 1);
  const rows = new Int32Array(count * trees.roots.length);
  const leaves = new Int32Array(count);
  for (let tree = 0; tree < trees.roots.length; tree++) {
    for (let i = 0; i < count; i++) {
      leaves[i] = leafOf(trees, tree, x.data, order[i]! * x.columns);
      starts[leaves[i]! + 1]!++;
    }
    const first = trees.roots[tree]!;
    const end = endOfTree(trees, tree);
    for (let node = first; node < end; node++) starts[node + 1]! += starts[node]!;
    const next = starts.slice(first, end);
    for (let i = 0; i < count; i++) rows[next[leaves[i]! - first]!++] = i;
    checkpoint();
  }
  return {
    targets: Float64Array.from(order, (row) => y[row]!),
    ...(sampleWeight !== undefined && { weights: Float64Array.from(order, (row) => sampleWeight[row]!) }),
    ...{ starts, rows },
  };
}

/** @throws DataError for leaves of a file that are not those of its trees. */
export function requireLeafTargets(trees: Trees, { targets, weights, starts, rows }: LeafTargets): void {
  const nodes = trees.left.length;
  const isWhole =
    starts instanceof Int32Array && rows instanceof Int32Array && targets instanceof Float64Array;
  const isFit =
    starts?.length === nodes + 1 &&
    starts[nodes] === rows?.length &&
    starts.every((start, i) => start >= (i === 0 ? 0 : starts[i - 1]!)) &&
    rows.length <= trees.roots.length * targets?.length;
  if (isWhole && isFit && (weights === undefined || weights.length === targets.length)) return;
  throw new DataError(
    'model/unfit-state',
    `Its leaves hold ${rows?.length} rows of ${targets?.length} targets, which cannot be those of its ${nodes} nodes.`,
  );
}

/** Adds up the weights of training rows for one new row after another. */
export class LeafWeights {
  readonly #trees: Trees;
  readonly #leaves: LeafTargets;
  readonly #weights: Float64Array;
  #touched: number[] = [];

  constructor(trees: Trees, leaves: LeafTargets) {
    this.#trees = trees;
    this.#leaves = leaves;
    this.#weights = new Float64Array(leaves.targets.length);
  }

  /**
   * The quantiles of the training targets, each row weighted by the mean over the trees of its share of the leaf that the new row falls into
   * (N. Meinshausen, "Quantile regression forests", 2006): the least target at which the weights reach the quantile.
   * @param quantiles Rising, each from 0 to 1.
   */
  quantilesOf(
    data: ArrayLike<number>,
    at: number,
    quantiles: readonly number[],
    to: Float64Array,
    out: number,
  ): void {
    const { starts, rows, weights, targets } = this.#leaves;
    const sums = this.#weights;
    for (let tree = 0; tree < this.#trees.roots.length; tree++) {
      const leaf = leafOf(this.#trees, tree, data, at);
      const [from, end] = [starts[leaf]!, starts[leaf + 1]!];
      let total = 0;
      for (let i = from; i < end; i++) total += weights?.[rows[i]!] ?? 1;
      for (let i = from; i < end; i++) {
        const row = rows[i]!;
        if (sums[row] === 0) this.#touched.push(row);
        sums[row]! += (weights?.[row] ?? 1) / total;
      }
    }
    const touched = Int32Array.from(this.#touched).sort();
    let total = 0;
    for (const row of touched) total += sums[row]!;
    let [reached, place] = [0, 0];
    for (const [k, quantile] of quantiles.entries()) {
      // A share that rounding keeps from the quantile by less than a row's weight counts as reaching it.
      const wanted = quantile * total * (1 - 1e-12);
      while (place < touched.length && (reached < wanted || reached === 0))
        reached += sums[touched[place++]!]!;
      to[out + k] = place > 0 ? targets[touched[place - 1]!]! : Number.NaN;
    }
    for (const row of touched) sums[row] = 0;
    this.#touched = [];
  }
}
