import type { KdTree } from './kd-tree.ts';
import { type Metric, powerOf } from './metric.ts';
import { type NearestList, offer } from './nearest-list.ts';

interface SearchedTree {
  readonly tree: KdTree;
  readonly rows: number;
  readonly columns: number;
  readonly metric: Metric;
}

/** Allowance for rounding in the distance of a query from a cell. */
const DOWN = 0.99999999999;

/** The nearest rows of one query by the tree: what the kernel `treeNeighbours` does, for a single row at once. */
export function searchTree(
  { tree, rows, columns, metric }: SearchedTree,
  query: Float64Array,
  list: NearestList,
): void {
  const { order, axes, places, data, stride } = tree;
  const power = powerOf(metric);
  const last = list.distances.length - 1;
  /** How far the query is, column by column, from the cell in which the search is. */
  const offsets = new Float64Array(columns);
  visit(1, 0, rows, 0);

  function visit(node: number, from: number, to: number, bound: number): void {
    const axis = axes[node]!;
    if (axis < 0) {
      scan(from, to);
      return;
    }
    const middle = (from + to) >> 1;
    const offset = query[axis]! - places[node]!;
    const isLeft = offset < 0;
    const near = 2 * node + (isLeft ? 0 : 1);
    if (isLeft) visit(near, from, middle, bound);
    else visit(near, middle, to, bound);
    const old = offsets[axis]!;
    const length = power === 2 ? offset * offset : Math.abs(offset);
    const far = power === 0 ? Math.max(bound, length) : bound - old + length;
    if (far * DOWN > list.distances[last]!) return;
    offsets[axis] = length;
    if (isLeft) visit(near ^ 1, middle, to, far);
    else visit(near ^ 1, from, middle, far);
    offsets[axis] = old;
  }

  function scan(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      let sum = 0;
      for (let j = 0, at = i; j < columns; j++, at += stride) {
        const difference = query[j]! - data[at]!;
        if (power === 2) sum += difference * difference;
        else if (power === 1) sum += Math.abs(difference);
        else sum = Math.max(sum, Math.abs(difference));
      }
      if (sum <= list.distances[last]!) offer(list, sum, order[i]!);
    }
  }
}
