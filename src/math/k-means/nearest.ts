import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type Coordinates, type Points, placePoints } from '../points/points.ts';
import { allocateCenters, centerGroups, type PlacedCenters, packCenters } from './centers.ts';

/** Centres in the coordinates of the points, clusters × columns. */
export interface Centers extends Coordinates {
  readonly centers: Float64Array;
}

/** Multiplications of one kernel call on each thread: a few milliseconds. */
const WORK_PER_CALL = 1 << 25;
/** Multiplications up to which plain TypeScript is done before the kernels have been prepared. */
const PLAIN_WORK = 200_000;
/** Rows of kernel memory at a time, in numbers. */
const CHUNK_NUMBERS = 1 << 24;

/** Bounds that let rows keep their centre unseen; see the kernel. */
export interface Bounds {
  readonly uppers: number;
  readonly lowers: number;
  readonly moves: number;
  readonly fresh: boolean;
  /** Whether to start from the last rows: those that the pass before has left in the cache. */
  readonly backwards: boolean;
}

/** Address of the scratch of `nearestCenters`. */
export function allocateScratch({ arena, threads }: Team, clusters: number): number {
  return arena.allocate(threads * (7872 + 64 * centerGroups(clusters).size));
}

/** Writes the nearest centre of each point to `labels`. */
export function labelPoints(
  workers: Workers,
  points: Points,
  placed: PlacedCenters,
  labels: number,
  scratch: number,
  bounds?: Bounds,
): void {
  const { team } = workers;
  const { rows, columns, x32, stride32, x64, stride64, squares } = points;
  const { centers32, centers64, panels, halves, clusters, largest, error } = placed;
  const work = columns * (clusters + 8);
  const step = Math.max(1, Math.floor((WORK_PER_CALL * team.threads) / work / 192)) * 192;
  const steps = Math.ceil(rows / step);
  for (let k = 0; k < steps; k++) {
    const from = step * (bounds?.backwards ? steps - 1 - k : k);
    const to = Math.min(rows, from + step);
    team.callIfLarge(
      (to - from) * work,
      'nearestCenters',
      ...([x32, stride32, x64, stride64, columns, squares] as const),
      ...([centers32, centers64, panels, halves, clusters, largest, error, from, to, labels] as const),
      ...([
        bounds?.uppers ?? 0,
        bounds?.lowers ?? 0,
        bounds?.moves ?? 0,
        bounds?.fresh ? 1 : 0,
        scratch,
      ] as const),
    );
    workers.checkpoint();
  }
}

/** The nearest centre of each row of `x`, the first among equals: the same as {@link labelPoints} gives. */
export function nearestCenters(
  workers: Workers,
  x: Matrix,
  centers: Centers,
): Int32Array | Promise<Int32Array> {
  if (x.rows * centers.centers.length <= PLAIN_WORK) return plainNearest(x, centers);
  return nearestByKernel(workers, x, centers);
}

async function nearestByKernel(workers: Workers, x: Matrix, centers: Centers): Promise<Int32Array> {
  const { arena } = workers.team;
  const { rows, columns } = x;
  const clusters = centers.centers.length / columns;
  const labels = sharedArray(Int32Array, rows);
  const chunk = Math.max(1024, Math.floor(CHUNK_NUMBERS / columns));
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk);
    await arena.scopeAsync(async () => {
      const points = await placePoints(workers, x, centers, from, to);
      const placed = allocateCenters(workers.team, points, clusters);
      const view = arena.viewF64(placed.centers64, clusters * points.stride64);
      for (let c = 0; c < clusters; c++) {
        view.set(centers.centers.subarray(c * columns, (c + 1) * columns), c * points.stride64);
      }
      packCenters(workers.team, points, placed);
      const at = arena.i32(to - from);
      labelPoints(workers, points, placed, at, allocateScratch(workers.team, clusters));
      labels.set(arena.viewI32(at, to - from), from);
    });
  }
  return labels;
}

/** argmin_c Σ_j ((x_j − mean_j) · scale − c_j)², summed in order: what the kernel falls back on. */
export function plainNearest({ rows, columns, data }: Matrix, { centers, mean, scale }: Centers): Int32Array {
  const labels = sharedArray(Int32Array, rows);
  const point = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) point[j] = (data[i * columns + j]! - mean[j]!) * scale;
    labels[i] = nearestOf(point, centers);
  }
  return labels;
}

/** {@link plainNearest} of one row, which is overwritten. */
export function nearestOfRow(row: Float64Array, { centers, mean, scale }: Centers): number {
  for (let j = 0; j < row.length; j++) row[j] = (row[j]! - mean[j]!) * scale;
  return nearestOf(row, centers);
}

function nearestOf(point: Float64Array, centers: Float64Array): number {
  const columns = point.length;
  let least = Number.POSITIVE_INFINITY;
  let nearest = 0;
  for (let c = 0, at = 0; at < centers.length; c++) {
    let sum = 0;
    for (let j = 0; j < columns; j++, at++) {
      const difference = point[j]! - centers[at]!;
      sum += difference * difference;
    }
    if (sum < least) {
      least = sum;
      nearest = c;
    }
  }
  return nearest;
}
