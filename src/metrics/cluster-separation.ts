/** How compact and how far apart the clusters of rows are: scores that need no true labels. */
import { DataError } from '../core/errors.ts';
import { RandomState } from '../core/random.ts';
import { codeLabels, type Labels } from './labels.ts';
import {
  checkOneOf,
  checkOption,
  checkSameLength,
  type Dense,
  type NumberTable,
  toDense,
} from './validate.ts';

export type SilhouetteMetric = 'euclidean' | 'manhattan' | 'precomputed';

export interface SilhouetteOptions {
  /** Default `euclidean`. With `precomputed`, `x` is the square matrix of distances. */
  readonly metric?: SilhouetteMetric | undefined;
}

export interface SilhouetteScoreOptions extends SilhouetteOptions {
  /** Rows drawn at random, since the time grows with their square. Default: all. */
  readonly sampleSize?: number | undefined;
  /** Seed of the draw. Default 0. */
  readonly randomState?: number | null | undefined;
}

interface Clusters {
  readonly x: Dense;
  readonly codes: Int32Array;
  /** Rows of each cluster. */
  readonly sizes: Float64Array;
}

/** @throws DataError unless there are from 2 to n − 1 clusters, or when the lengths differ. */
function clustersOf(x: NumberTable, labels: Labels): Clusters {
  const table = toDense(x, 'x');
  const { codes, classes } = codeLabels({ labels });
  const found = codes[0]!;
  checkSameLength('x', table.rows, 'labels', found.length);
  if (classes.length < 2 || classes.length >= table.rows) {
    throw new DataError(
      'data/cluster-count',
      `There are ${classes.length} clusters of ${table.rows} rows; this score needs from 2 to ${Math.max(2, table.rows - 1)} clusters.`,
      { clusters: classes.length, rows: table.rows },
    );
  }
  const sizes = new Float64Array(classes.length);
  for (const code of found) sizes[code]! += 1;
  return { x: table, codes: found, sizes };
}

/**
 * (b − a) / max(a, b) of each row, with a its mean distance from the other rows of its cluster and b that from the rows of the nearest
 * other cluster (P. Rousseeuw, 1987); 0 for a row alone in its cluster. −1 … 1. Takes time rows² × columns.
 */
export function silhouetteSamples(
  x: NumberTable,
  labels: Labels,
  { metric = 'euclidean' }: SilhouetteOptions = {},
): Float64Array {
  checkOneOf('metric', metric, ['euclidean', 'manhattan', 'precomputed'] as const);
  const clusters = clustersOf(x, labels);
  const { codes, sizes } = clusters;
  const { rows, columns } = clusters.x;
  checkOption(
    metric !== 'precomputed' || rows === columns,
    'metric',
    metric,
    `come with a square matrix of distances, not ${rows} × ${columns}`,
  );
  const distance = distanceBy(metric, clusters.x);
  // Sums of the distances of each row from each cluster.
  const sums = new Float64Array(rows * sizes.length);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < i; k++) {
      const value = distance(i, k);
      sums[i * sizes.length + codes[k]!]! += value;
      sums[k * sizes.length + codes[i]!]! += value;
    }
  }
  return Float64Array.from(codes, (own, i) => {
    if (sizes[own] === 1) return 0;
    const within = sums[i * sizes.length + own]! / (sizes[own]! - 1);
    let between = Number.POSITIVE_INFINITY;
    for (let c = 0; c < sizes.length; c++) {
      if (c !== own) between = Math.min(between, sums[i * sizes.length + c]! / sizes[c]!);
    }
    const most = Math.max(within, between);
    return most === 0 ? 0 : (between - within) / most;
  });
}

/** The mean of {@link silhouetteSamples}. */
export function silhouetteScore(
  x: NumberTable,
  labels: Labels,
  { metric, sampleSize, randomState = 0 }: SilhouetteScoreOptions = {},
): number {
  let [table, chosen]: [NumberTable, Labels] = [x, labels];
  if (sampleSize !== undefined) {
    const dense = toDense(x, 'x');
    checkSameLength('x', dense.rows, 'labels', labels.length);
    checkOption(
      Number.isInteger(sampleSize) && sampleSize >= 2 && sampleSize <= dense.rows,
      'sampleSize',
      sampleSize,
      `be a whole number from 2 to ${dense.rows}`,
    );
    const rows = new RandomState(randomState).permutation(dense.rows).slice(0, sampleSize);
    table = Array.from(rows, (i) => {
      const row = dense.data.subarray(i * dense.columns, (i + 1) * dense.columns);
      return metric === 'precomputed' ? Float64Array.from(rows, (k) => row[k]!) : row;
    });
    chosen = Array.from(rows, (i) => labels[i]!);
  }
  const samples = silhouetteSamples(table, chosen, { metric });
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

function distanceBy(metric: SilhouetteMetric, { columns, data }: Dense): (i: number, k: number) => number {
  if (metric === 'precomputed') return (i, k) => data[i * columns + k]!;
  if (metric === 'manhattan') {
    return (i, k) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += Math.abs(data[i * columns + j]! - data[k * columns + j]!);
      return sum;
    };
  }
  return (i, k) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = data[i * columns + j]! - data[k * columns + j]!;
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  };
}

/** Means of the clusters, clusters × columns. */
function centroidsOf({ x, codes, sizes }: Clusters): Float64Array {
  const means = new Float64Array(sizes.length * x.columns);
  for (let i = 0; i < x.rows; i++) {
    const c = codes[i]!;
    for (let j = 0; j < x.columns; j++) means[c * x.columns + j]! += x.data[i * x.columns + j]! / sizes[c]!;
  }
  return means;
}

function squareBetween(a: Float64Array, atA: number, b: Float64Array, atB: number, columns: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (a[atA + j]! - b[atB + j]!) ** 2;
  return sum;
}

/**
 * Mean over the clusters of the largest (s_i + s_k) / d_ik, with s the mean distance from the own centroid and d the distance of centroids (D.
 * Davies and D. Bouldin, 1979). 0 or more; less is better.
 */
export function daviesBouldinScore(x: NumberTable, labels: Labels): number {
  const clusters = clustersOf(x, labels);
  const { codes, sizes } = clusters;
  const { rows, columns, data } = clusters.x;
  const means = centroidsOf(clusters);
  const spread = new Float64Array(sizes.length);
  for (let i = 0; i < rows; i++) {
    const c = codes[i]!;
    spread[c]! += Math.sqrt(squareBetween(data, i * columns, means, c * columns, columns)) / sizes[c]!;
  }
  let sum = 0;
  for (let i = 0; i < sizes.length; i++) {
    let worst = 0;
    for (let k = 0; k < sizes.length; k++) {
      const distance = Math.sqrt(squareBetween(means, i * columns, means, k * columns, columns));
      // Centroids in the same place say nothing of separation, as in scikit-learn.
      if (k !== i && distance > 0) worst = Math.max(worst, (spread[i]! + spread[k]!) / distance);
    }
    sum += worst;
  }
  return sum / sizes.length;
}

/**
 * Variance between clusters over variance within: (B / (k − 1)) / (W / (n − k)) (T. Caliński and J. Harabasz, 1974). More is better; 1
 * when no cluster has any spread.
 */
export function calinskiHarabaszScore(x: NumberTable, labels: Labels): number {
  const clusters = clustersOf(x, labels);
  const { codes, sizes } = clusters;
  const { rows, columns, data } = clusters.x;
  const means = centroidsOf(clusters);
  const overall = new Float64Array(columns);
  for (let c = 0; c < sizes.length; c++) {
    for (let j = 0; j < columns; j++) overall[j]! += (means[c * columns + j]! * sizes[c]!) / rows;
  }
  let [between, within] = [0, 0];
  for (let c = 0; c < sizes.length; c++) {
    between += sizes[c]! * squareBetween(means, c * columns, overall, 0, columns);
  }
  for (let i = 0; i < rows; i++)
    within += squareBetween(data, i * columns, means, codes[i]! * columns, columns);
  if (within === 0) return 1;
  return (between * (rows - sizes.length)) / (within * (sizes.length - 1));
}
