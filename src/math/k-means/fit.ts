import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { type Points, placePoints } from '../points/points.ts';
import { type Clustering, lloyd } from './lloyd.ts';
import type { Centers } from './nearest.ts';
import { drawRows, seedRows, type WeightedPoints } from './seed.ts';

export interface KMeansProblem {
  readonly x: Matrix;
  readonly sampleWeight: Float64Array | undefined;
  readonly nClusters: number;
  readonly init: 'k-means++' | 'random' | readonly (readonly number[])[];
  /** Runs, of which the best is kept. */
  readonly starts: number;
  readonly maxIter: number;
  /** In units of the mean variance of the columns. */
  readonly tol: number;
  readonly random: RandomState;
}

/** Centres in the coordinates that the points were given, with what is known of the training rows. */
export interface KMeansState extends Centers {
  readonly labels: Int32Array;
  readonly inertia: number;
  readonly nIter: number;
  readonly converged: boolean;
  /** Clusters that have rows. */
  readonly distinct: number;
}

/** k-means on a table: the best of several runs. */
export async function fitKMeans(workers: Workers, problem: KMeansProblem): Promise<KMeansState> {
  const { x, sampleWeight, nClusters, starts, maxIter } = problem;
  const { arena } = workers.team;
  return arena.scopeAsync(async () => {
    const { mean, scale, variance } = await measureCoordinates(workers, x);
    const points = await placePoints(workers, x, { mean, scale });
    const weights = sampleWeight === undefined ? 0 : arena.place(sampleWeight);
    const data = { points, sampleWeight, weights };
    const tol = problem.tol * variance;
    let best: Clustering | undefined;
    for (let run = 0; run < starts; run++) {
      const start = startCenters(workers, data, problem);
      const found = lloyd(workers, data, { start, maxIter, tol });
      // A repeated clustering with other labels is no better, whatever rounding errors say.
      if (
        best === undefined ||
        (found.inertia < best.inertia && !isSameClustering(found.labels, best.labels, nClusters))
      ) {
        best = found;
      }
      workers.progress?.((run + 1) / starts);
    }
    const { centers, labels, nIter, converged } = best!;
    const distinct = countDistinct(labels, nClusters);
    return {
      centers,
      mean,
      scale,
      labels,
      inertia: best!.inertia / scale / scale,
      nIter,
      converged,
      distinct,
    };
  });
}

function startCenters(workers: Workers, data: WeightedPoints, problem: KMeansProblem): Float64Array {
  const { points } = data;
  const { init, nClusters, random } = problem;
  if (init === 'k-means++') return rowsOf(workers, points, seedRows(workers, data, nClusters, random));
  if (init === 'random') return rowsOf(workers, points, drawRows(data, nClusters, random));
  const { columns, mean, scale } = points;
  return Float64Array.from(
    { length: nClusters * columns },
    (_, at) => (init[Math.floor(at / columns)]![at % columns]! - mean[at % columns]!) * scale,
  );
}

function rowsOf({ team }: Workers, { columns, x64, stride64 }: Points, rows: Int32Array): Float64Array {
  const found = new Float64Array(rows.length * columns);
  for (const [c, row] of rows.entries()) {
    found.set(team.arena.viewF64(x64 + 8 * row * stride64, columns), c * columns);
  }
  return found;
}

function countDistinct(labels: Int32Array, clusters: number): number {
  const isUsed = new Uint8Array(clusters);
  for (let i = 0; i < labels.length; i++) isUsed[labels[i]!] = 1;
  return isUsed.reduce((sum, value) => sum + value, 0);
}

/** Whether two labellings differ in the names of the clusters only. */
function isSameClustering(a: Int32Array, b: Int32Array, clusters: number): boolean {
  const names = new Int32Array(clusters).fill(-1);
  for (let i = 0; i < a.length; i++) {
    if (names[a[i]!] === -1) names[a[i]!] = b[i]!;
    else if (names[a[i]!] !== b[i]) return false;
  }
  return true;
}
