import type { Matrix } from '../../core/matrix.ts';
import type { TableLike } from '../../core/table.ts';
import type { JobOptions } from '../../jobs/job.ts';
import type { Linkage } from '../../math/hierarchical/merge-rows.ts';
import type { LinkageMetric } from '../../math/hierarchical/metric.ts';
import { agglomerative } from './agglomerative.ts';

export interface LinkageOptions extends JobOptions {
  /** Default `single`, as in SciPy. */
  readonly method?: Linkage;
  /** Default `euclidean`; `precomputed`: x is the square matrix of distances. */
  readonly metric?: LinkageMetric;
}

/**
 * The tree of merges of the rows of `x` in the form of SciPy's `linkage`: for each of the rows − 1 merges the two nodes (rows, then rows + k for what merge k made), their
 * distance and the rows below, in ascending order of distance.
 * @throws DataError, OptionError, AbortError as `agglomerative`.
 */
export async function linkage(
  x: TableLike,
  { method = 'single', metric = 'euclidean', ...job }: LinkageOptions = {},
): Promise<Matrix> {
  const model = await agglomerative({ nClusters: 1, linkage: method, metric }).fit(x, job);
  return model.linkageMatrix!;
}
