import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { type BallTree, buildBallTree } from './ball-tree.ts';
import { comparedRows } from './compared-rows.ts';
import { buildKdTree, type KdTree } from './kd-tree.ts';
import { type Metric, powerOf } from './metric.ts';

export type NeighbourAlgorithm = 'kd-tree' | 'ball-tree' | 'brute';

/** Rows prepared for questions of which are nearest; plain data. */
export interface NeighbourIndex {
  readonly metric: Metric;
  readonly rows: number;
  /** Of the rows as they are compared, see `comparedRows`. */
  readonly columns: number;
  /** With a k-d tree the rows are in its own data. */
  readonly tree: KdTree | null;
  /** Undefined or null without one. */
  readonly ball?: BallTree | null;
  readonly data: Float64Array | null;
  /** Coordinates for float32: (x − mean) · scale; only for Euclidean distances without a tree. */
  readonly mean: Float64Array | null;
  readonly scale: number;
}

export interface IndexOptions {
  readonly metric: Metric;
  readonly algorithm: NeighbourAlgorithm | 'auto';
  /** Rows of a tree's leaf at most. Default 30. */
  readonly leafSize?: number;
}

/** Prepares the rows of `x`. */
export async function indexRows(
  workers: Workers,
  x: Matrix,
  { metric, algorithm, leafSize = 30 }: IndexOptions,
): Promise<NeighbourIndex> {
  const { data, columns } = comparedRows(x, metric, 'indexed');
  const { rows } = x;
  const chosen = algorithm === 'auto' ? chooseAlgorithm(metric, rows, columns) : algorithm;
  if (chosen === 'kd-tree') {
    const tree = buildKdTree(data, rows, columns, leafSize, () => workers.checkpoint());
    return { metric, rows, columns, tree, data: null, mean: null, scale: 1 };
  }
  if (chosen === 'ball-tree') {
    const ball = buildBallTree({ data, rows, columns, metric }, leafSize, () => workers.checkpoint());
    return { metric, rows, columns, tree: null, ball, data, mean: null, scale: 1 };
  }
  if (powerOf(metric) !== 2) return { metric, rows, columns, tree: null, data, mean: null, scale: 1 };
  const { mean, scale } = await measureCoordinates(
    workers,
    data === x.data ? x : matrixLike(data, rows, columns),
  );
  return { metric, rows, columns, tree: null, data, mean, scale };
}

/** How an index finds neighbours. */
export function algorithmOf({ tree, ball }: NeighbourIndex): NeighbourAlgorithm {
  if (tree !== null) return 'kd-tree';
  return ball ? 'ball-tree' : 'brute';
}

/** What the trees can prune by: a ball needs a triangle inequality only, a cell of the k-d tree parts that add up column by column. */
export function hasTree(metric: Metric, tree: 'kd-tree' | 'ball-tree'): boolean {
  if (metric.name === 'cosine') return false;
  return tree === 'ball-tree' || [0, 1, 2].includes(powerOf(metric));
}

/** A tree prunes little unless it can halve every column some times over. */
function chooseAlgorithm(metric: Metric, rows: number, columns: number): NeighbourAlgorithm {
  if (columns > 15 || rows < 8 * 2 ** columns) return 'brute';
  if (hasTree(metric, 'kd-tree')) return 'kd-tree';
  return hasTree(metric, 'ball-tree') ? 'ball-tree' : 'brute';
}

function matrixLike(data: Float64Array, rows: number, columns: number): Matrix {
  return { data, rows, columns, names: undefined } as Matrix;
}
