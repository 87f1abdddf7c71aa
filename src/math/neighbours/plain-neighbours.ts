import { searchBalls } from './ball-tree.ts';
import { distanceBy } from './distance-from.ts';
import { offer } from './nearest-list.ts';
import type { NeighbourIndex } from './neighbour-index.ts';
import { searchTree } from './plain-tree.ts';

/** The nearest rows of each query, ascending by distance, then by index. */
export interface Neighbours {
  /** queries × k. */
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

/** Queries `from` to before `to` (row-major) against all rows, in plain TypeScript: distances in the form of `powerOf`. */
export function plainNeighbours(
  index: NeighbourIndex,
  queries: Float64Array,
  from: number,
  to: number,
  { distances, indices }: Neighbours,
): void {
  const { rows, columns, tree, ball, data, metric } = index;
  const k = indices.length / (queries.length / columns);
  const distanceFrom = distanceBy(metric);
  for (let i = from; i < to; i++) {
    const list = {
      distances: distances.subarray(i * k, (i + 1) * k).fill(Number.POSITIVE_INFINITY),
      indices: indices.subarray(i * k, (i + 1) * k).fill(-1),
    };
    if (tree !== null) {
      searchTree({ tree, rows, columns, metric }, queries.subarray(i * columns, (i + 1) * columns), list);
      continue;
    }
    if (ball) {
      searchBalls(
        { ball, data: data!, rows, columns, metric },
        queries.subarray(i * columns, (i + 1) * columns),
        () => list.distances[k - 1]!,
        (distance, row) => offer(list, distance, row),
      );
      continue;
    }
    for (let r = 0; r < rows; r++) {
      const worst = list.distances[k - 1]!;
      const distance = distanceFrom(queries, i * columns, data!, r * columns, columns, worst);
      if (distance <= worst) offer(list, distance, r);
    }
  }
}
