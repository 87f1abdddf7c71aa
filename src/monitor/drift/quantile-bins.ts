import { OptionError } from '../../core/errors.ts';
import type { SortedCells } from './kolmogorov-smirnov.ts';
import { sortedSample } from './sample.ts';

export interface BinCounts {
  /** Upper ends of the bins, included; the first bin lies below the reference's least value, one more bin above the last end. */
  readonly edges: Float64Array;
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * Counts of both windows in bins between quantiles of the reference: the k/bins quantile is the least value that at least
 * k/bins of the reference do not exceed; equal quantiles make one bin. Values outside the range of the reference have two bins
 * of their own, so `bins` (default 10) gives at most `bins + 2` counts.
 * @throws DataError when a window is empty or holds NaN or infinite values; OptionError when `bins` is no positive integer.
 */
export function quantileBinCounts(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { bins = 10 }: { readonly bins?: number } = {},
): BinCounts {
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new OptionError('option/invalid', `bins is ${bins}: it is a positive integer.`, { option: 'bins' });
  }
  const a = sortedSample(reference, 'reference');
  return binByCells(
    { lower: a, upper: a, counts: undefined, total: a.length },
    sortedSample(current, 'current'),
    bins,
  );
}

/** {@link quantileBinCounts} of sorted cells; edges are ends of cells. */
export function binByCells(cells: SortedCells, sorted: ArrayLike<number>, bins: number): BinCounts {
  const { lower, upper, counts, total } = cells;
  const edges: number[] = [];
  const reference = [0];
  let below = 0;
  let closed = 0;
  let next = 1;
  for (let i = 0; i < upper.length; i++) {
    below += counts === undefined ? 1 : counts[i];
    const lastOfRun = i + 1 === upper.length || upper[i + 1] !== upper[i];
    if (!lastOfRun || below * bins < next * total) continue;
    edges.push(upper[i]);
    reference.push(below - closed);
    closed = below;
    next = Math.floor((below * bins) / total) + 1;
  }
  reference.push(0);
  const current = new Float64Array(reference.length);
  let bin = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (bin === 0 && sorted[i] >= lower[0]) bin = 1;
    while (bin > 0 && bin <= edges.length && sorted[i] > edges[bin - 1]) bin++;
    current[bin]++;
  }
  return { edges: Float64Array.from(edges), reference: Float64Array.from(reference), current };
}
