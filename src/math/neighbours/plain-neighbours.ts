import type { Metric } from './metric.ts';
import { powerOf } from './metric.ts';
import type { NeighbourIndex } from './neighbour-index.ts';

/** The nearest rows of each query, ascending by distance, then by index. */
export interface Neighbours {
  /** queries × k. */
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

/** Queries `from` to before `to` (row-major) against all rows, in plain TypeScript: distances in the form of {@link powerOf}. */
export function plainNeighbours(
  index: NeighbourIndex,
  queries: Float64Array,
  from: number,
  to: number,
  { distances, indices }: Neighbours,
): void {
  const k = indices.length / (queries.length / index.columns);
  const { rows, columns, tree, metric } = index;
  const data = tree === null ? index.data! : tree.data;
  const [rowStep, columnStep] = tree === null ? [columns, 1] : [1, tree.stride];
  const distanceFrom = distanceBy(metric);
  for (let i = from; i < to; i++) {
    const near = distances.subarray(i * k, (i + 1) * k).fill(Number.POSITIVE_INFINITY);
    const names = indices.subarray(i * k, (i + 1) * k).fill(-1);
    for (let r = 0; r < rows; r++) {
      const worst = near[k - 1]!;
      const distance = distanceFrom(queries, i * columns, data, r * rowStep, columnStep, columns, worst);
      if (distance > worst) continue;
      const name = tree === null ? r : tree.order[r]!;
      if (distance < worst || name < names[k - 1]! || names[k - 1] === -1)
        insert(near, names, distance, name);
    }
  }
}

function insert(near: Float64Array, names: Int32Array, distance: number, name: number): void {
  let at = near.length - 1;
  for (; at > 0; at--) {
    const before = near[at - 1]!;
    if (before < distance || (before === distance && names[at - 1]! !== -1 && names[at - 1]! < name)) break;
    near[at] = before;
    names[at] = names[at - 1]!;
  }
  near[at] = distance;
  names[at] = name;
}

type DistanceFrom = (
  q: Float64Array,
  at: number,
  x: Float64Array,
  from: number,
  step: number,
  columns: number,
  /** Sums that exceed it may be given up. */
  limit: number,
) => number;

/** Sums in the order of the columns, as in the kernels. */
function distanceBy(metric: Metric): DistanceFrom {
  const power = powerOf(metric);
  if (power === 2) {
    return (q, at, x, from, step, columns, limit) => {
      let sum = 0;
      let j = 0;
      while (j < columns) {
        const end = Math.min(columns, j + 8);
        for (; j < end; j++) {
          const difference = q[at + j]! - x[from + j * step]!;
          sum += difference * difference;
        }
        if (sum > limit) return sum;
      }
      return sum;
    };
  }
  if (power === 0) {
    return (q, at, x, from, step, columns) => {
      let most = 0;
      for (let j = 0; j < columns; j++) most = Math.max(most, Math.abs(q[at + j]! - x[from + j * step]!));
      return most;
    };
  }
  if (power === 1) {
    return (q, at, x, from, step, columns) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += Math.abs(q[at + j]! - x[from + j * step]!);
      return sum;
    };
  }
  if (Number.isInteger(power) && power <= 16) {
    // Products are many times faster than a power.
    return (q, at, x, from, step, columns, limit) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        const size = Math.abs(q[at + j]! - x[from + j * step]!);
        let product = size;
        for (let k = 1; k < power; k++) product *= size;
        sum += product;
        if (sum > limit) return sum;
      }
      return sum;
    };
  }
  return (q, at, x, from, step, columns, limit) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      sum += Math.abs(q[at + j]! - x[from + j * step]!) ** power;
      if (sum > limit) return sum;
    }
    return sum;
  };
}
