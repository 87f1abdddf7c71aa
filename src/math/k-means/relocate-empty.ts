import type { Workers } from '../least-squares-problem.ts';
import { rowDistances } from './row-distances.ts';
import type { WeightedPoints } from './seed.ts';

interface Sums {
  readonly clusters: number;
  /** Addresses of the centres that the labels belong to, and of the labels. */
  readonly centers: number;
  readonly labels: number;
  /** Weighted sums of rows and, in the last column, weights: clusters × stride. Changed in place. */
  readonly sums: Float64Array;
}

/**
 * Gives each cluster without weight the row that is farthest from its centre, next the second farthest, …, which leaves its old
 * cluster; as scikit-learn does.
 */
export function relocateEmpty(
  workers: Workers,
  data: WeightedPoints,
  { clusters, centers, labels, sums }: Sums,
): void {
  const { points, sampleWeight } = data;
  const { columns, stride64, x64, rows } = points;
  const { arena } = workers.team;
  const empty: number[] = [];
  for (let c = 0; c < clusters; c++) if (!(sums[c * stride64 + columns]! > 0)) empty.push(c);
  if (empty.length === 0) return;
  arena.scope(() => {
    const distances = rowDistances(workers, points, centers, labels);
    const labelOf = arena.viewI32(labels, rows);
    const farthest = largest(distances, empty.length);
    // More clusters than distinct rows: there is nothing to gain.
    if (distances[farthest[0]!] === 0) return;
    for (const [k, c] of empty.entries()) {
      const row = farthest[k]!;
      const weight = sampleWeight?.[row] ?? 1;
      const values = arena.viewF64(x64 + 8 * row * stride64, stride64);
      const old = labelOf[row]! * stride64;
      for (let j = 0; j <= columns; j++) {
        sums[old + j]! -= values[j]! * weight;
        sums[c * stride64 + j] = values[j]! * weight;
      }
    }
  });
}

/** Positions of the `count` largest values, the largest first, the first among equals. */
function largest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && !(values[i]! > values[found[count - 1]!]!)) continue;
    let at = found.length;
    while (at > 0 && values[i]! > values[found[at - 1]!]!) at--;
    found.splice(at, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}
