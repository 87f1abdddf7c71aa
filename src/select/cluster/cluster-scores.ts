import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { type TableLike, toMatrix, toSharedTable } from '../../core/table.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import {
  calinskiHarabaszScore,
  daviesBouldinScore,
  silhouetteScore,
} from '../../metrics/cluster-separation.ts';

/** How compact and how far apart clusters are. Scores that are not defined (a single cluster, one row each) are null. */
export interface ClusterScores {
  /** Mean silhouette, −1 … 1; more is better. */
  readonly silhouette: number | null;
  /** 0 or more; less is better. */
  readonly daviesBouldin: number | null;
  /** 0 or more; more is better. */
  readonly calinskiHarabasz: number | null;
  /** Σ ‖x − mean of its cluster‖². */
  readonly inertia: number;
  /** Rows that the silhouette was taken from: all of them, or those drawn. */
  readonly silhouetteRows: number;
}

export interface ClusterScoresOptions extends Pick<JobOptions, 'signal'> {
  /** Rows drawn for the silhouette, whose time grows with their square. Default 4,000. */
  readonly sampleSize?: number | undefined;
  /** Seed of the draw. Default 0. */
  readonly randomState?: number | null | undefined;
}

interface ScorePayload {
  readonly x: { readonly rows: number; readonly columns: number; readonly data: Float64Array };
  readonly labels: Int32Array;
  readonly sampleSize: number;
  readonly randomState: number | null;
}

const SAMPLE_SIZE = 4000;

/**
 * Scores of a clustering of the rows of `x` that need no truth, on a worker thread; the silhouette on a sample where there are many rows.
 * @throws DataError when `labels` are of another number than rows.
 */
export async function clusterScores(
  x: TableLike,
  labels: Int32Array,
  { sampleSize = SAMPLE_SIZE, randomState = 0, signal }: ClusterScoresOptions = {},
): Promise<ClusterScores> {
  const matrix = toMatrix(await toSharedTable(x));
  requireLabels(matrix, labels);
  const { rows, columns, data } = matrix;
  const payload: ScorePayload = { x: { rows, columns, data }, labels, sampleSize, randomState };
  return runJob({ module: import.meta.url, name: 'scoreClusters', payload, threads: 1, signal });
}

function requireLabels({ rows }: Matrix, { length }: Int32Array): void {
  if (length === rows) return;
  throw new DataError('data/length-mismatch', `There are ${length} labels, but x has ${rows} rows.`, {
    labels: length,
    rows,
  });
}

/** The task of the worker. */
export function scoreClusters({ x, labels, sampleSize, randomState }: ScorePayload, job: Job): ClusterScores {
  const clusters = new Set(labels).size;
  const silhouetteRows = Math.min(x.rows, Math.max(2, sampleSize));
  const inertia = sumWithin(x, labels);
  if (clusters < 2 || clusters >= x.rows) {
    return { silhouette: null, daviesBouldin: null, calinskiHarabasz: null, inertia, silhouetteRows };
  }
  const daviesBouldin = daviesBouldinScore(x, labels);
  const calinskiHarabasz = calinskiHarabaszScore(x, labels);
  job.checkpoint();
  const silhouette = sampledSilhouette();
  return { silhouette, daviesBouldin, calinskiHarabasz, inertia, silhouetteRows };

  function sampledSilhouette(): number | null {
    if (silhouetteRows === x.rows) return silhouetteScore(x, labels);
    try {
      return silhouetteScore(x, labels, { sampleSize: silhouetteRows, randomState });
    } catch (error) {
      // A draw that misses all but one cluster tells nothing.
      if (error instanceof DataError && error.code === 'data/cluster-count') return null;
      throw error;
    }
  }
}

function sumWithin({ rows, columns, data }: ScorePayload['x'], labels: Int32Array): number {
  const sums = new Map<number, Float64Array>();
  const counts = new Map<number, number>();
  for (let i = 0; i < rows; i++) {
    const label = labels[i]!;
    const sum = sums.get(label) ?? new Float64Array(columns);
    for (let j = 0; j < columns; j++) sum[j]! += data[i * columns + j]!;
    sums.set(label, sum);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  for (const [label, sum] of sums) for (let j = 0; j < columns; j++) sum[j]! /= counts.get(label)!;
  let inertia = 0;
  for (let i = 0; i < rows; i++) {
    const mean = sums.get(labels[i]!)!;
    for (let j = 0; j < columns; j++) inertia += (data[i * columns + j]! - mean[j]!) ** 2;
  }
  return inertia;
}
