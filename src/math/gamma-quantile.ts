import { regularizedGammaP, regularizedGammaQ } from './incomplete-gamma.ts';

/**
 * The x that a gamma variable of shape `a` and scale 1 exceeds with probability `tail` (0 < tail < 1), by bisection on
 * the logarithm of x. The relative error is below 1e-12.
 */
export function gammaUpperQuantile(a: number, tail: number): number {
  // The smaller one of the two tails is compared, which keeps its digits.
  const exceeds =
    tail <= 0.5
      ? (x: number) => regularizedGammaQ(a, x) > tail
      : (x: number) => regularizedGammaP(a, x) < 1 - tail;
  let low = Math.log(a);
  let high = low;
  let step = 1;
  while (exceeds(Math.exp(high))) high += step *= 2;
  step = 1;
  while (!exceeds(Math.exp(low))) {
    low -= step *= 2;
    if (low < -700) return 0;
  }
  while (high - low > 1e-13 * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (exceeds(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** The value that a χ² variable with `df` degrees of freedom exceeds with probability `tail`. */
export function chiSquaredUpperQuantile(df: number, tail: number): number {
  return 2 * gammaUpperQuantile(df / 2, tail);
}
