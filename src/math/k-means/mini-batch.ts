import { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { bestStart } from './mini-batch-start.ts';
import { type RunningCenters, takeBatch } from './mini-batch-step.ts';
import type { Centers } from './nearest.ts';

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
  const running: RunningCenters = {
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
    const inertia = await takeBatch(workers, running, coordinates, batch, undefined, problem);
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
  const running: RunningCenters = {
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
    await takeBatch(workers, running, { mean, scale }, batch, weights, problem);
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
