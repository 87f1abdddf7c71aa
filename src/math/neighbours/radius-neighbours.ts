import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { overBlocks, type Workers } from '../../kernels/host/over-blocks.ts';
import { searchBalls } from './ball-tree.ts';
import { comparedRows } from './compared-rows.ts';
import { distanceBy } from './distance-from.ts';
import { powerOf, toCompared, toDistances } from './metric.ts';
import type { NeighbourIndex } from './neighbour-index.ts';

/** The rows within a radius of each query, ascending by distance, then by index: those of query i lie from starts[i] to before starts[i + 1]. */
export interface RadiusNeighbours {
  readonly starts: Float64Array;
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

interface RadiusWork {
  readonly index: NeighbourIndex;
  readonly queries: Float64Array;
  readonly radius: number;
  readonly counts: Int32Array;
  /** Undefined while rows are only counted. */
  readonly found: RadiusNeighbours | undefined;
}

const BLOCK_QUERIES = 32;
/** Compared numbers may be larger by rounding than a radius in their form; the distance itself decides. */
const SLACK = 1 + 1e-9;
/** About how many numbers a query meets in a tree. */
const TREE_COST = 20_000;

/** All rows of the index whose distance from a row of `x` is at most `radius`: counted first, then written where they belong. */
export async function radiusNeighbours(
  workers: Workers,
  index: NeighbourIndex,
  x: Matrix,
  radius: number,
): Promise<RadiusNeighbours> {
  const queries = comparedRows(x, index.metric, 'asked').data;
  const counts = sharedArray(Int32Array, x.rows);
  const cost = Math.min(
    index.rows * index.columns,
    index.tree === null && !index.ball ? Number.POSITIVE_INFINITY : TREE_COST,
  );
  const work = {
    ...{ module: import.meta.url, name: 'searchRadius', run: searchRadius },
    ...{ count: x.rows, size: BLOCK_QUERIES, cost },
  };
  await overBlocks(workers, work, { index, queries, radius, counts, found: undefined });
  const starts = sharedArray(Float64Array, x.rows + 1);
  for (let i = 0; i < x.rows; i++) starts[i + 1] = starts[i]! + counts[i]!;
  const total = starts[x.rows]!;
  const found = {
    starts,
    distances: sharedArray(Float64Array, total),
    indices: sharedArray(Int32Array, total),
  };
  await overBlocks(workers, work, { index, queries, radius, counts, found });
  return found;
}

/** What every thread runs on the queries `from` to before `to`. */
export function searchRadius(
  { index, queries, radius, counts, found }: RadiusWork,
  from: number,
  to: number,
): void {
  const { columns, metric } = index;
  const limit = toCompared(radius, metric) * SLACK;
  for (let i = from; i < to; i++) {
    const near: { readonly distance: number; readonly row: number }[] = [];
    const one = new Float64Array(1);
    const offer = (value: number, row: number) => {
      one[0] = value;
      toDistances(one, metric);
      if (one[0] <= radius) near.push({ distance: one[0], row });
    };
    const query = queries.subarray(i * columns, (i + 1) * columns);
    if (index.ball) searchBalls({ ...index, ball: index.ball, data: index.data! }, query, () => limit, offer);
    else if (index.tree === null) scanAll(index, query, limit, offer);
    else searchTree(index, query, limit, offer);
    counts[i] = near.length;
    if (found === undefined) continue;
    near.sort((a, b) => a.distance - b.distance || a.row - b.row);
    for (const [k, { distance, row }] of near.entries()) {
      found.distances[found.starts[i]! + k] = distance;
      found.indices[found.starts[i]! + k] = row;
    }
  }
}

type Offer = (value: number, row: number) => void;

function scanAll(
  { data, rows, columns, metric }: NeighbourIndex,
  query: Float64Array,
  limit: number,
  offer: Offer,
) {
  const distanceFrom = distanceBy(metric);
  for (let row = 0; row < rows; row++) {
    const value = distanceFrom(query, 0, data!, row * columns, columns, limit);
    if (value <= limit) offer(value, row);
  }
}

function searchTree(
  { tree, rows, columns, metric }: NeighbourIndex,
  query: Float64Array,
  limit: number,
  offer: Offer,
) {
  const { order, axes, places, data, stride } = tree!;
  const power = powerOf(metric);
  const offsets = new Float64Array(columns);
  visit(1, 0, rows, 0);

  /** `bound`: distance of the query from the cell, `offsets` its parts by column. */
  function visit(node: number, from: number, to: number, bound: number): void {
    const axis = axes[node]!;
    if (axis < 0) {
      for (let at = from; at < to; at++) {
        const value = distanceOf(at);
        if (value <= limit) offer(value, order[at]!);
      }
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
    // `limit` leaves room for rounding.
    if (far > limit) return;
    offsets[axis] = length;
    if (isLeft) visit(near ^ 1, middle, to, far);
    else visit(near ^ 1, from, middle, far);
    offsets[axis] = old;
  }

  function distanceOf(at: number): number {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = query[j]! - data[j * stride + at]!;
      if (power === 2) sum += difference * difference;
      else if (power === 1) sum += Math.abs(difference);
      else sum = Math.max(sum, Math.abs(difference));
    }
    return sum;
  }
}
