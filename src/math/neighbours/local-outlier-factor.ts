import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Workers } from '../least-squares-problem.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import type { NeighbourIndex } from './neighbour-index.ts';
import type { Neighbours } from './plain-neighbours.ts';

/** What is known of the training rows. */
export interface RowDensities {
  /** Distance of each row from its k-th neighbour. */
  readonly reach: Float64Array;
  /** Local reachability density of each row. */
  readonly densities: Float64Array;
}

/** Keeps densities finite where a row has more than k equal ones; scikit-learn's. */
export const LEAST_REACH = 1e-10;

/**
 * The local outlier factor of the rows of the index (M. Breunig et al., "LOF: identifying density-based local outliers", SIGMOD 2000): the mean density of the k neighbours of a
 * row over its own, where the density is the inverse of the mean reachability distance max(d(row, neighbour), distance of the neighbour from its k-th). About 1 amid
 * rows like it, larger for outliers.
 */
export async function trainingFactors(
  workers: Workers,
  index: NeighbourIndex,
  x: Matrix,
  k: number,
): Promise<RowDensities & { readonly factors: Float64Array }> {
  const found = withoutSelf(await nearestNeighbours(workers, index, x, k + 1), x.rows, k);
  const reach = sharedArray(Float64Array, x.rows);
  for (let i = 0; i < x.rows; i++) reach[i] = found.distances[i * k + k - 1]!;
  const densities = densitiesOf(found, reach, x.rows, k);
  return { reach, densities, factors: factorsOf(found, densities, densities, x.rows, k) };
}

/** The factors of other rows, among the training rows. */
export async function factorsAmong(
  workers: Workers,
  index: NeighbourIndex,
  { reach, densities }: RowDensities,
  x: Matrix,
  k: number,
): Promise<Float64Array> {
  const found = await nearestNeighbours(workers, index, x, k);
  return factorsOf(found, densities, densitiesOf(found, reach, x.rows, k), x.rows, k);
}

/** k of k + 1 neighbours of each row: all but the row itself, or the last where more than k equal rows come before it. */
function withoutSelf({ distances, indices }: Neighbours, rows: number, k: number): Neighbours {
  const others = { distances: new Float64Array(rows * k), indices: new Int32Array(rows * k) };
  for (let i = 0; i < rows; i++) {
    let out = i * k;
    for (let at = i * (k + 1); at < (i + 1) * (k + 1) && out < (i + 1) * k; at++) {
      if (indices[at] === i) continue;
      others.distances[out] = distances[at]!;
      others.indices[out++] = indices[at]!;
    }
  }
  return others;
}

function densitiesOf(
  { distances, indices }: Neighbours,
  reach: Float64Array,
  rows: number,
  k: number,
): Float64Array {
  const densities = sharedArray(Float64Array, rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += Math.max(distances[at]!, reach[indices[at]!]!);
    densities[i] = 1 / (sum / k + LEAST_REACH);
  }
  return densities;
}

function factorsOf(
  { indices }: Neighbours,
  ofNeighbours: Float64Array,
  own: Float64Array,
  rows: number,
  k: number,
): Float64Array {
  const factors = sharedArray(Float64Array, rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += ofNeighbours[indices[at]!]! / own[i]!;
    factors[i] = sum / k;
  }
  return factors;
}
