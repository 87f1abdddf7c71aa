import { chiSquaredUpperQuantile, gammaUpperQuantile } from '../../math/gamma-quantile.ts';

/**
 * The value that a statistic exceeds with probability `tail` without drift, from `draws` simulated without drift.
 *
 * Where the draws reach that far, it is the k-th largest, k = ⌊tail · (draws + 1)⌋: one more draw exceeds that with
 * probability k / (draws + 1) ≤ tail, exactly. Beyond them, it is the quantile of a gamma distribution with the mean,
 * variance and skewness of the draws (Pearson type III: sums of squared normals, which these statistics tend to, have
 * such tails), and at least the largest draw.
 */
export function tailQuantile(draws: Float64Array, tail: number): number {
  const sorted = draws.toSorted();
  const rank = Math.floor(tail * (sorted.length + 1));
  const largest = sorted[sorted.length - 1];
  if (rank >= 1) return sorted[sorted.length - rank];
  if (largest === Infinity) return largest;
  const { mean, deviation, skewness } = moments(sorted);
  if (deviation === 0) return largest;
  // Shape 4/g²: x = mean + σ · (g/2 · Γ-variable − 2/g); g → 0 is the normal distribution.
  const fitted =
    skewness < 0.02
      ? mean + deviation * Math.sqrt(chiSquaredUpperQuantile(1, Math.min(1, 2 * tail)))
      : mean +
        deviation * ((skewness / 2) * gammaUpperQuantile(4 / (skewness * skewness), tail) - 2 / skewness);
  return Math.max(largest, fitted);
}

function moments(values: Float64Array): { mean: number; deviation: number; skewness: number } {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let second = 0;
  let third = 0;
  for (const value of values) {
    second += (value - mean) ** 2 / n;
    third += (value - mean) ** 3 / n;
  }
  const deviation = Math.sqrt(second);
  return { mean, deviation, skewness: deviation === 0 ? 0 : third / deviation ** 3 };
}
