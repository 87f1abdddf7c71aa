import { sharedArray } from '../../core/shared.ts';
import { distanceBy } from './distance-from.ts';
import { selectPlace, widestColumn } from './kd-tree.ts';
import { type Metric, powerOf, rootOf } from './metric.ts';

/**
 * A ball tree (S. Omohundro, "Five balltree construction algorithms", 1989) over rows: node i, from 1, has children 2 i and 2 i + 1, which halve its range of
 * `order`. Each node has a centre, and a radius within which its rows lie: they are at least as far from a query as the query is from the ball, by the triangle
 * inequality alone, so that any Minkowski distance will do.
 */
export interface BallTree {
  /** Indices of the rows in the order of the leaves. */
  readonly order: Int32Array;
  /** Of each node, row-major. */
  readonly centers: Float64Array;
  /** Distances, not in the compared form; −1 where there is no node. */
  readonly radii: Float64Array;
  readonly leafSize: number;
}

/** Rows that a search looks at, row-major and in their own order. */
export interface BalledRows {
  readonly ball: BallTree;
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly metric: Metric;
}

/** Allowance for rounding in the distance of a query from a ball, relative to the numbers it is the difference of. */
const SLACK = 1e-11;

export function buildBallTree(
  { data, rows, columns, metric }: Omit<BalledRows, 'ball'>,
  leafSize: number,
  checkpoint: () => void,
): BallTree {
  const levels = Math.max(0, Math.ceil(Math.log2(rows / leafSize)));
  const radii = sharedArray(Float64Array, 2 ** (levels + 1)).fill(-1);
  const centers = sharedArray(Float64Array, radii.length * columns);
  const order = sharedArray(Int32Array, rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  const values = new Float64Array(rows);
  const distanceFrom = distanceBy(metric);
  split(1, 0, rows);
  return { order, centers, radii, leafSize };

  function split(node: number, from: number, to: number): void {
    if (to - from > 5_000) checkpoint();
    enclose(node, from, to);
    if (to - from <= leafSize) return;
    const axis = widestColumn(data, columns, order, from, to);
    // Equal rows are halved as they lie.
    const middle = (from + to) >> 1;
    if (axis >= 0) {
      for (let i = from; i < to; i++) values[i] = data[order[i]! * columns + axis]!;
      selectPlace(values, order, from, to - 1, middle);
    }
    split(2 * node, from, middle);
    split(2 * node + 1, middle, to);
  }

  function enclose(node: number, from: number, to: number): void {
    const center = centers.subarray(node * columns, (node + 1) * columns);
    for (let i = from; i < to; i++) {
      const at = order[i]! * columns;
      for (let j = 0; j < columns; j++) center[j]! += data[at + j]! / (to - from);
    }
    let farthest = 0;
    for (let i = from; i < to; i++) {
      const distance = distanceFrom(center, 0, data, order[i]! * columns, columns, Number.POSITIVE_INFINITY);
      if (distance > farthest) farthest = distance;
    }
    radii[node] = rootOf(farthest, powerOf(metric));
  }
}

/**
 * Hands `take` the rows whose distance from the query (in the compared form) may be at most `limit()`, which may fall meanwhile, the nearer ball first.
 */
export function searchBalls(
  { ball, data, rows, columns, metric }: BalledRows,
  query: Float64Array,
  limit: () => number,
  take: (distance: number, row: number) => void,
): void {
  const { order, centers, radii, leafSize } = ball;
  const power = powerOf(metric);
  const distanceFrom = distanceBy(metric);
  visit(1, 0, rows, leastOf(1));

  /** A number below the distance of the query from the rows in a ball, in the compared form. */
  function leastOf(node: number): number {
    const far = rootOf(
      distanceFrom(query, 0, centers, node * columns, columns, Number.POSITIVE_INFINITY),
      power,
    );
    const radius = radii[node]!;
    const least = Math.max(0, far - radius - SLACK * (far + radius));
    return power === 0 ? least : least ** power;
  }

  function visit(node: number, from: number, to: number, least: number): void {
    // A distance that overflowed says nothing.
    if (least > limit() && least < Number.POSITIVE_INFINITY) return;
    if (to - from <= leafSize) {
      for (let i = from; i < to; i++) {
        const row = order[i]!;
        const most = limit();
        const distance = distanceFrom(query, 0, data, row * columns, columns, most);
        if (distance <= most) take(distance, row);
      }
      return;
    }
    const middle = (from + to) >> 1;
    const [left, right] = [leastOf(2 * node), leastOf(2 * node + 1)];
    if (left <= right) {
      visit(2 * node, from, middle, left);
      visit(2 * node + 1, middle, to, right);
    } else {
      visit(2 * node + 1, middle, to, right);
      visit(2 * node, from, middle, left);
    }
  }
}
