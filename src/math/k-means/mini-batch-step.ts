import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type Coordinates, placePoints } from '../points/points.ts';
import { allocateCenters, packCenters } from './centers.ts';
import { allocateScratch, labelPoints } from './nearest.ts';
import { rowDistances } from './row-distances.ts';

/** Mutable centres in coordinates, rows of `columns`. */
export interface RunningCenters {
  readonly centers: Float64Array;
  readonly counts: Float64Array;
  sinceReassign: number;
}

interface LabelledBatch {
  readonly labels: Int32Array;
  readonly inertia: number;
  /** Rows in coordinates, `stride` numbers a row. */
  readonly rows: Float64Array;
  readonly stride: number;
}

/** Nearest centres of the rows of a batch, and Σ w ‖x − c‖². */
export async function labelBatch(
  workers: Workers,
  centers: Float64Array,
  coordinates: Coordinates,
  batch: Matrix,
  weights: Float64Array | undefined,
): Promise<LabelledBatch> {
  const { team } = workers;
  const { arena } = team;
  const clusters = centers.length / batch.columns;
  return arena.scopeAsync(async () => {
    const points = await placePoints(workers, batch, coordinates);
    const { stride64, columns, rows, x64 } = points;
    const placed = allocateCenters(team, points, clusters);
    const view = arena.viewF64(placed.centers64, clusters * stride64);
    for (let c = 0; c < clusters; c++) {
      view.set(centers.subarray(c * columns, (c + 1) * columns), c * stride64);
    }
    packCenters(team, points, placed);
    const at = arena.i32(rows);
    labelPoints(workers, points, placed, at, allocateScratch(team, clusters));
    const distances = rowDistances(workers, points, placed.centers64, at);
    let inertia = 0;
    for (let i = 0; i < rows; i++) inertia += (weights?.[i] ?? 1) * distances[i]!;
    return {
      labels: arena.viewI32(at, rows).slice(),
      inertia,
      rows: arena.copyF64(x64, rows * stride64),
      stride: stride64,
    };
  });
}

/** Moves the centres towards the rows of a batch; returns the inertia of the batch before. */
export async function takeBatch(
  workers: Workers,
  running: RunningCenters,
  coordinates: Coordinates,
  batch: Matrix,
  weights: Float64Array | undefined,
  { reassignmentRatio, random }: { readonly reassignmentRatio: number; readonly random: RandomState },
): Promise<number> {
  const { centers, counts } = running;
  const { columns } = batch;
  const clusters = counts.length;
  running.sinceReassign += batch.rows;
  const looksAtFew = counts.includes(0) || running.sinceReassign >= 10 * clusters;
  if (looksAtFew) running.sinceReassign = 0;
  const { labels, inertia, rows, stride } = await labelBatch(workers, centers, coordinates, batch, weights);
  // c ← (c · count + Σ w x) / (count + Σ w)
  const added = new Float64Array(clusters);
  for (const [i, label] of labels.entries()) added[label]! += weights?.[i] ?? 1;
  for (let c = 0; c < clusters; c++) {
    if (added[c] === 0) continue;
    for (let j = 0; j < columns; j++) centers[c * columns + j]! *= counts[c]!;
  }
  for (const [i, label] of labels.entries()) {
    const weight = weights?.[i] ?? 1;
    for (let j = 0; j < columns; j++) centers[label * columns + j]! += weight * rows[i * stride + j]!;
  }
  for (let c = 0; c < clusters; c++) {
    if (added[c] === 0) continue;
    counts[c]! += added[c]!;
    const share = 1 / counts[c]!;
    for (let j = 0; j < columns; j++) centers[c * columns + j]! *= share;
  }
  if (looksAtFew && reassignmentRatio > 0) {
    reassign(running, { rows, stride, columns, count: batch.rows, ratio: reassignmentRatio, random });
  }
  return inertia;
}

/** Clusters that have seen less than `ratio` of what the largest has; at most half as many as the batch has rows. */
function fewRows(counts: Float64Array, ratio: number, rows: number): number[] {
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const few = [...counts.keys()].filter((c) => counts[c]! < ratio * most);
  const limit = Math.floor(0.5 * rows);
  if (few.length <= 0.5 * rows) return few;
  const lowest = new Set([...counts.keys()].sort((a, b) => counts[a]! - counts[b]! || a - b).slice(0, limit));
  return few.filter((c) => lowest.has(c));
}

interface Reassignment {
  readonly rows: Float64Array;
  readonly stride: number;
  readonly columns: number;
  readonly count: number;
  readonly ratio: number;
  readonly random: RandomState;
}

/** Puts centres with few rows on random rows of the batch; they then count like the smallest of the others, lest they move again at once. */
function reassign({ centers, counts }: RunningCenters, batch: Reassignment): void {
  const { rows, stride, columns, count, ratio, random } = batch;
  const few = fewRows(counts, ratio, count);
  if (few.length === 0) return;
  const chosen = random.choice(count, { size: few.length, replace: false });
  for (const [k, c] of few.entries()) {
    centers.set(rows.subarray(chosen[k]! * stride, chosen[k]! * stride + columns), c * columns);
  }
  const isFew = new Set(few);
  const others = counts.filter((_, c) => !isFew.has(c));
  const least = others.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
  for (const c of few) counts[c] = least;
}
