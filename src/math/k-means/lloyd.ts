import type { Arena } from '../../kernels/host/arena.ts';
import type { Workers } from '../least-squares-problem.ts';
import { allocateCenters, centerGroups, packCenters } from './centers.ts';
import { clusterShards, shardSlices } from './cluster-shards.ts';
import { allocateScratch, type Bounds, labelPoints } from './nearest.ts';
import { relocateEmpty } from './relocate-empty.ts';
import { rowDistances } from './row-distances.ts';
import type { WeightedPoints } from './seed.ts';

export interface LloydOptions {
  /** clusters × columns, in the coordinates of the points. */
  readonly start: Float64Array;
  readonly maxIter: number;
  /** Stop when the squared moves of all centres sum to at most this, in the coordinates of the points. */
  readonly tol: number;
}

export interface Clustering {
  /** clusters × columns, in the coordinates of the points. */
  readonly centers: Float64Array;
  readonly labels: Int32Array;
  /** Σ w ‖x − c‖² in the coordinates of the points. */
  readonly inertia: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/** Bounds that were rounded to float32 stay bounds when they grow by this. */
const UP = 1 + 1e-6;

/**
 * Lloyd's algorithm: rows go to the nearest centre, centres to the weighted mean of their rows, until no label changes or the centres move
 * by no more than `tol`. The assignments are exact; bounds only spare those that cannot change (see the kernel `nearestCenters`).
 * Sums of clusters change by the rows that moved, and are summed anew at the end.
 */
export function lloyd(workers: Workers, data: WeightedPoints, options: LloydOptions): Clustering {
  const { team } = workers;
  const { points, weights } = data;
  const { rows, columns, stride64, x64 } = points;
  const clusters = options.start.length / columns;
  const { arena } = team;
  return arena.scope(() => {
    const placed = allocateCenters(team, points, clusters);
    const [width, size] = [stride64, clusters * stride64];
    const centers = () => arena.viewF64(placed.centers64, size);
    for (let c = 0; c < clusters; c++) {
      centers().set(options.start.subarray(c * columns, (c + 1) * columns), c * width);
    }
    const shards = clusterShards(points, size);
    const parts = arena.zeros(shards.count * size);
    const total = arena.f64(size);
    const changed = arena.i32(shards.count);
    const [labels, previous] = [arena.i32(rows), arena.i32(rows)];
    arena.viewI32(previous, rows).fill(-1);
    const bounds = placeBounds(arena, rows, clusters);
    const scratch = allocateScratch(team, clusters);

    const sum = (whole: boolean): number => {
      if (whole) arena.viewF64(parts, shards.count * size).fill(0);
      for (const [first, last] of shardSlices(shards, width)) {
        team.callIfLarge(
          rows * width,
          'sumClusters',
          ...([x64, width, weights, labels, previous, rows, shards.rows, shards.count, first, last] as const),
          ...([clusters, whole ? 1 : 0, parts, changed] as const),
        );
        workers.checkpoint();
      }
      team.callIfLarge(shards.count * size, 'sumShards', parts, size, shards.count, total);
      return arena.viewI32(changed, shards.count).reduce((a, b) => a + b, 0);
    };
    /** Sets the centres to the means of their rows; returns how far each has moved. */
    const moveCenters = (): Float64Array => {
      const sums = arena.copyF64(total, size);
      relocateEmpty(workers, data, { clusters, centers: placed.centers64, labels, sums });
      return replaceCenters(centers(), sums, clusters, columns, width);
    };

    const moves = () => arena.viewF32(bounds.moves, moveCount(clusters));
    /** How far each centre has moved since the rows were labelled. */
    let shifts: Float64Array = new Float64Array(clusters);
    let nIter = 0;
    let strict = false;
    /** Rows that changed their label the last time: what moves costs two additions. */
    let moved = 0;
    let converged = false;
    let fresh = true;
    packCenters(team, points, placed);
    while (nIter < options.maxIter) {
      labelPoints(workers, points, placed, labels, scratch, { ...bounds, fresh, backwards: nIter % 2 === 1 });
      nIter++;
      // Differences of weights that are no whole numbers would not come out as 0 for an empty cluster.
      const anew: boolean = fresh || weights !== 0 || moved > rows / 2;
      moved = sum(anew);
      strict = moved === 0;
      fresh = false;
      if (strict) sum(true);
      shifts = moveCenters();
      packCenters(team, points, placed);
      let squares = 0;
      for (const shift of shifts) squares += shift * shift;
      converged = strict || squares <= options.tol;
      if (converged) break;
      writeMoves(moves(), shifts, centers(), columns, width, rows);
    }
    if (!strict) {
      sum(true);
      const sums = arena.viewF64(total, size);
      const isEmpty = (c: number) => !(sums[c * width + columns]! > 0);
      if (!Array.from({ length: clusters }, (_, c) => c).some(isEmpty)) {
        const more = replaceCenters(centers(), sums, clusters, columns, width);
        for (let c = 0; c < clusters; c++) shifts[c]! += more[c]!;
        packCenters(team, points, placed);
      }
      // The labels that belong to the last centres.
      writeMoves(moves(), shifts, centers(), columns, width, rows);
      labelPoints(workers, points, placed, labels, scratch, {
        ...{ ...bounds, fresh: nIter === 0, backwards: nIter % 2 === 1 },
      });
    }
    const inertia = weightedDistances(workers, data, placed.centers64, labels);
    const found = new Float64Array(clusters * columns);
    for (let c = 0; c < clusters; c++) {
      found.set(centers().subarray(c * width, c * width + columns), c * columns);
    }
    return { centers: found, labels: arena.viewI32(labels, rows).slice(), inertia, nIter, converged };
  });
}

/**
 * Means from sums; a cluster that stayed without weight moves to the heaviest one, as in scikit-learn.
 * @returns how far each centre has moved.
 */
function replaceCenters(
  centers: Float64Array,
  sums: Float64Array,
  clusters: number,
  columns: number,
  width: number,
): Float64Array {
  let heaviest = 0;
  for (let c = 1; c < clusters; c++) {
    if (sums[c * width + columns]! > sums[heaviest * width + columns]!) heaviest = c;
  }
  const shifts = new Float64Array(clusters);
  for (let c = 0; c < clusters; c++) {
    const from = sums[c * width + columns]! > 0 ? c : heaviest;
    const weight = sums[from * width + columns]!;
    let square = 0;
    for (let j = 0; j < columns; j++) {
      const value = sums[from * width + j]! / weight;
      square += (value - centers[c * width + j]!) ** 2;
      centers[c * width + j] = value;
    }
    shifts[c] = Math.sqrt(square);
  }
  return shifts;
}

/** Numbers of `moves`; see the kernel. */
const moveCount = (clusters: number) => centerGroups(clusters).width + 2 * clusters;

/** Memory of the bounds of the kernel `nearestCenters`. */
function placeBounds(arena: Arena, rows: number, clusters: number): Omit<Bounds, 'fresh' | 'backwards'> {
  const { width } = centerGroups(clusters);
  const [uppers, lowers, moves] = [arena.f32(rows), arena.f32(rows * width), arena.f32(moveCount(clusters))];
  // What pads the groups is never near.
  arena.viewF32(lowers, rows * width).fill(3e38);
  return { uppers, lowers, moves };
}

/** What the kernel wants to know: the largest move in each group; of each centre its move and half the distance to the nearest other. */
function writeMoves(
  moves: Float32Array,
  shifts: Float64Array,
  centers: Float64Array,
  columns: number,
  width: number,
  rows: number,
): void {
  const clusters = shifts.length;
  const groups = centerGroups(clusters);
  moves.fill(0);
  const own = moves.subarray(groups.width);
  for (let c = 0; c < clusters; c++) {
    const group = Math.floor(c / groups.size);
    own[2 * c] = shifts[c]! * UP;
    moves[group] = Math.max(moves[group]!, own[2 * c]!);
  }
  // Distances between all centres must be cheap beside those of the rows.
  if (clusters * 32 > rows) return;
  const nearest = new Float64Array(clusters).fill(Number.POSITIVE_INFINITY);
  for (let a = 1; a < clusters; a++) {
    for (let b = 0; b < a; b++) {
      let square = 0;
      for (let j = 0; j < columns; j++) square += (centers[a * width + j]! - centers[b * width + j]!) ** 2;
      if (square < nearest[a]!) nearest[a] = square;
      if (square < nearest[b]!) nearest[b] = square;
    }
  }
  for (let c = 0; c < clusters; c++) own[2 * c + 1] = Math.sqrt(nearest[c]!) / 2 / UP;
}

/** Σ w ‖x − c‖² over the rows and the centres of their labels, in blocks of a fixed size. */
function weightedDistances(
  workers: Workers,
  { points, sampleWeight }: WeightedPoints,
  centers: number,
  labels: number,
): number {
  const { team } = workers;
  const { rows } = points;
  return team.arena.scope(() => {
    const out = rowDistances(workers, points, centers, labels);
    let sum = 0;
    for (let from = 0; from < rows; from += 1024) {
      let part = 0;
      const to = Math.min(rows, from + 1024);
      for (let i = from; i < to; i++) part += (sampleWeight?.[i] ?? 1) * out[i]!;
      sum += part;
    }
    return sum;
  });
}
