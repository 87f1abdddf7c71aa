import { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { type Coordinates, placePoints } from '../points/points.ts';
import { allocateCenters, packCenters } from './centers.ts';
import { allocateScratch, type Centers, labelPoints } from './nearest.ts';
import { rowDistances } from './row-distances.ts';
import { drawRows, seedRows } from './seed.ts';

export interface MiniBatchProblem {
  readonly x: Matrix;
  readonly sampleWeight: Float64Array | undefined;
  readonly nClusters: number;
  readonly init: 'k-means++' | 'random' | readonly (readonly number[])[];
  /** Starts, of which the one that suits some rows best is gone on from. */
  readonly starts: number;
  /** Rows that starts are drawn from and compared on; null for three batches. */
  readonly initSize: number | null;
  readonly maxIter: number;
  readonly batchSize: number;
  /** In units of the mean variance of the columns; 0 for no such limit. */
  readonly tol: number;
  readonly maxNoImprovement: number | null;
  readonly reassignmentRatio: number;
  readonly random: RandomState;
}

/** Centres with the weight that each has seen, from which later batches go on. */
export interface BatchCenters extends Centers {
  readonly counts: Float64Array;
  /** Batches so far. */
  readonly nSteps: number;
  /** Rows since centres with few rows were last looked at. */
  readonly sinceReassign: number;
}

export interface MiniBatchRun extends BatchCenters {
  /** Passes over the rows, the last begun. */
  readonly nIter: number;
  /** Whether it ended before `maxIter`. */
  readonly converged: boolean;
}

/** Mutable centres in coordinates, rows of `columns`. */
interface Running {
  readonly centers: Float64Array;
  readonly counts: Float64Array;
  sinceReassign: number;
}

/**
 * Mini-batch k-means (D. Sculley, "Web-scale k-means clustering", WWW 2010): each step moves the centres towards the rows of a random batch, by the share
 * that these have in all rows a centre has seen. Draws, starts and the rules for ending and for centres with few rows are scikit-learn's.
 */
export async function fitMiniBatches(workers: Workers, problem: MiniBatchProblem): Promise<MiniBatchRun> {
  const { x, sampleWeight, nClusters, random } = problem;
  const { rows } = x;
  const { mean, scale, variance } = await measureCoordinates(workers, x);
  const coordinates = { mean, scale };
  const batchSize = Math.min(problem.batchSize, rows);
  const running: Running = {
    centers: await bestStart(workers, problem, coordinates, batchSize),
    counts: new Float64Array(nClusters),
    sinceReassign: 0,
  };
  const steps = Math.floor((problem.maxIter * rows) / batchSize);
  const draw = rowDraws(rows, sampleWeight, random);
  const hasEnded = endRule(problem, batchSize, problem.tol * variance);
  let step = 0;
  let ended = false;
  while (step < steps && !ended) {
    const batch = x.take(draw(batchSize));
    const before = problem.tol > 0 ? running.centers.slice() : undefined;
    const inertia = await stepOn(workers, running, coordinates, batch, undefined, problem);
    let moved = 0;
    if (before !== undefined) {
      for (let at = 0; at < before.length; at++) moved += (running.centers[at]! - before[at]!) ** 2;
    }
    step++;
    ended = hasEnded(step, inertia, moved);
    workers.progress?.(step / steps);
  }
  return {
    ...{ ...coordinates, centers: running.centers, counts: running.counts },
    ...{ sinceReassign: running.sinceReassign, nSteps: step },
    nIter: Math.ceil((step * batchSize) / rows),
    converged: ended,
  };
}

/** The rows of `x` as further batches, in their order, each row once. */
export async function continueBatches(
  workers: Workers,
  problem: Pick<MiniBatchProblem, 'x' | 'sampleWeight' | 'batchSize' | 'reassignmentRatio' | 'random'>,
  from: BatchCenters,
): Promise<MiniBatchRun> {
  const { x, sampleWeight, batchSize } = problem;
  const { mean } = from;
  await measureCoordinates(workers, x);
  const scale = Math.min(from.scale, scaleFor(x, mean));
  const running: Running = {
    centers: from.centers.map((value) => value * (scale / from.scale)),
    counts: from.counts.slice(),
    sinceReassign: from.sinceReassign,
  };
  let steps = 0;
  for (let first = 0; first < x.rows; first += batchSize) {
    const last = Math.min(x.rows, first + batchSize);
    const batch = new Matrix({
      rows: last - first,
      columns: x.columns,
      data: x.data.subarray(first * x.columns, last * x.columns),
    });
    const weights = sampleWeight?.subarray(first, last);
    await stepOn(workers, running, { mean, scale }, batch, weights, problem);
    steps++;
    workers.progress?.(last / x.rows);
  }
  return {
    ...{ mean, scale, centers: running.centers, counts: running.counts },
    ...{ sinceReassign: running.sinceReassign, nSteps: from.nSteps + steps, nIter: 1, converged: true },
  };
}

/** The power of two that brings all differences from `mean` below 1. */
function scaleFor({ data, columns }: Matrix, mean: Float64Array): number {
  let most = 0;
  for (let at = 0; at < data.length; at++) most = Math.max(most, Math.abs(data[at]! - mean[at % columns]!));
  return most > 0 ? 2 ** -Math.ceil(Math.log2(most)) : Number.POSITIVE_INFINITY;
}

/** Draws rows with replacement in proportion to their weights: `RandomState.choice` with the running sums made once. */
function rowDraws(
  rows: number,
  sampleWeight: Float64Array | undefined,
  random: RandomState,
): (count: number) => Int32Array {
  const total = sampleWeight?.reduce((sum, weight) => sum + weight, 0) ?? rows;
  const sums = new Float64Array(rows);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    sum += (sampleWeight?.[i] ?? 1) / total;
    sums[i] = sum;
  }
  for (let i = 0; i < rows; i++) sums[i]! /= sum;
  return (count) =>
    Int32Array.from(random.randomSample(count), (u) => {
      let [low, high] = [0, rows];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle]! <= u) low = middle + 1;
        else high = middle;
      }
      return Math.min(low, rows - 1);
    });
}

/** Whether to end: centres that stand still, or a smoothed inertia that has not fallen for some batches. */
function endRule(
  { x, maxNoImprovement }: MiniBatchProblem,
  batchSize: number,
  tol: number,
): (step: number, inertia: number, moved: number) => boolean {
  let smooth: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  let idle = 0;
  return (step, inertia, moved) => {
    const mean = inertia / batchSize;
    // The first inertia is that of the start.
    if (step === 1) return false;
    const alpha = Math.min(1, (2 * batchSize) / (x.rows + 1));
    smooth = smooth === undefined ? mean : smooth * (1 - alpha) + mean * alpha;
    if (tol > 0 && moved <= tol) return true;
    if (smooth < least) {
      idle = 0;
      least = smooth;
    } else idle++;
    return maxNoImprovement !== null && idle >= maxNoImprovement;
  };
}

async function bestStart(
  workers: Workers,
  problem: MiniBatchProblem,
  coordinates: Coordinates,
  batchSize: number,
): Promise<Float64Array> {
  const { x, sampleWeight, nClusters, random } = problem;
  const { rows, columns } = x;
  let size = problem.initSize ?? 3 * batchSize;
  if (size < nClusters) size = 3 * nClusters;
  size = Math.min(size, rows);
  const valid = random.randint(0, rows, size);
  const validRows = x.take(valid);
  const validWeights = sampleWeight && Float64Array.from(valid, (i) => sampleWeight[i]!);
  let best: Float64Array | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start < problem.starts; start++) {
    const chosen = size < rows ? random.randint(0, rows, size) : undefined;
    const centers = await startCenters(chosen);
    const { inertia } = await labelBatch(workers, centers, coordinates, validRows, validWeights);
    if (best === undefined || inertia < least) {
      best = centers;
      least = inertia;
    }
  }
  return best!;

  async function startCenters(chosen: Int32Array | undefined): Promise<Float64Array> {
    const { init } = problem;
    const centers = new Float64Array(nClusters * columns);
    if (typeof init !== 'string') {
      for (let at = 0; at < centers.length; at++) {
        const j = at % columns;
        centers[at] = (init[Math.floor(at / columns)]![j]! - coordinates.mean[j]!) * coordinates.scale;
      }
      return centers;
    }
    const table = chosen === undefined ? x : x.take(chosen);
    const weights =
      sampleWeight && chosen ? Float64Array.from(chosen, (i) => sampleWeight[i]!) : sampleWeight;
    return workers.team.arena.scopeAsync(async () => {
      const { arena } = workers.team;
      const points = await placePoints(workers, table, coordinates);
      const data = {
        points,
        sampleWeight: weights,
        weights: weights === undefined ? 0 : arena.place(weights),
      };
      const seeds =
        init === 'random' ? drawRows(data, nClusters, random) : seedRows(workers, data, nClusters, random);
      for (const [c, row] of seeds.entries()) {
        centers.set(arena.viewF64(points.x64 + 8 * row * points.stride64, columns), c * columns);
      }
      return centers;
    });
  }
}

interface LabelledBatch {
  readonly labels: Int32Array;
  readonly inertia: number;
  /** Rows in coordinates, `stride` numbers a row. */
  readonly rows: Float64Array;
  readonly stride: number;
}

/** Nearest centres of the rows of a batch, and Σ w ‖x − c‖². */
async function labelBatch(
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

/** One step; returns the inertia of the batch before it. */
async function stepOn(
  workers: Workers,
  running: Running,
  coordinates: Coordinates,
  batch: Matrix,
  weights: Float64Array | undefined,
  { reassignmentRatio, random }: Pick<MiniBatchProblem, 'reassignmentRatio' | 'random'>,
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
function reassign({ centers, counts }: Running, batch: Reassignment): void {
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
