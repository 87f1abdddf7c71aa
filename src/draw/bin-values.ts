import type { Bins } from './histogram.ts';

const MOST_BINS = 40;

/**
 * Bins of equal width over the finite values, as wide as Freedman & Diaconis say: 2 · (interquartile range) / ∛n ("On the
 * histogram as a density estimator", 1981); at least Sturges' ⌈log₂ n⌉ + 1 of them and at most 40.
 */
export function binValues(values: ArrayLike<number>): Bins {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const n = sorted.length;
  if (n === 0) return { min: 0, max: 0, counts: [] };
  const min = sorted[0]!;
  const max = sorted[n - 1]!;
  if (min === max) return { min, max, counts: [n] };
  const spread = sorted[Math.floor(0.75 * (n - 1))]! - sorted[Math.floor(0.25 * (n - 1))]!;
  const width = (2 * spread) / Math.cbrt(n);
  const wanted = width > 0 ? Math.ceil((max - min) / width) : 1;
  const sturges = Math.ceil(Math.log2(n)) + 1;
  const bins = Math.min(MOST_BINS, Math.max(sturges, wanted));
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) counts[Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins))]!++;
  return { min, max, counts };
}
