import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import { type ChainLinkage, chainLinkages, matrixMerges } from './matrix-merges.ts';
import { type MergeTree, treeOfMerges } from './merge-tree.ts';
import type { LinkageMetric } from './metric.ts';
import { spanningMerges, spanningMergesOfDistances } from './spanning-merges.ts';
import { wardMerges } from './ward-merges.ts';

/** How far apart two clusters are, by the distances of their rows: see `agglomerative`. */
export const linkages = [...chainLinkages, 'single'] as const;
export type Linkage = ChainLinkage | 'single';

/** Up to this many rows, ward goes by the matrix of distances, whose order of ties is SciPy's. */
const MATRIX_ROWS = 2048;

/**
 * The whole tree of merges of the rows of `x`: a nearest-neighbour chain on the matrix of distances for complete, average and weighted linkage (and for ward when
 * there are few rows), a minimum spanning tree for single linkage, rounds of mutual nearest neighbours for ward; the last two in memory that
 * grows with the rows.
 * @throws DataError when the matrix of distances does not fit.
 */
export async function mergeRows(
  workers: Workers,
  x: Matrix,
  linkage: Linkage,
  metric: LinkageMetric,
): Promise<MergeTree> {
  if (metric === 'precomputed') requireDistances(x);
  return treeOfMerges(x.rows, await mergesOf(workers, x, linkage, metric));
}

function mergesOf(
  workers: Workers,
  x: Matrix,
  linkage: Linkage,
  metric: LinkageMetric,
): Float64Array | Promise<Float64Array> {
  if (linkage === 'single') {
    return metric === 'precomputed'
      ? spanningMergesOfDistances(workers, x)
      : spanningMerges(workers, x, metric);
  }
  if (linkage === 'ward' && metric === 'euclidean' && x.rows > MATRIX_ROWS) return wardMerges(workers, x);
  return matrixMerges(workers, x, linkage, metric);
}

/** @throws DataError unless the table is square and holds no negative distance. */
export function requireDistances({ rows, columns, data }: Matrix): void {
  if (rows !== columns) {
    throw new DataError(
      'data/not-square',
      `With metric precomputed, x is the square matrix of distances between rows, but it has ${rows} rows and ${columns} columns.`,
      { rows, columns },
    );
  }
  const at = data.findIndex((value) => value < 0);
  if (at < 0) return;
  throw new DataError(
    'data/negative-distance',
    `With metric precomputed, x holds distances, but row ${Math.floor(at / columns)}, column ${at % columns} is ${data[at]}.`,
    { row: Math.floor(at / columns), column: at % columns },
  );
}
