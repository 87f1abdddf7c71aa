import { kolmogorovByMatrix } from './durbin-matrix.ts';
import { smirnovSurvival } from './smirnov.ts';

/**
 * P(D ≥ x) of the two-sided Kolmogorov–Smirnov statistic of n draws from a continuous distribution (n a positive
 * integer). Exact to about 1e-12, but for n > 140 and nx² between about 0.3 and 2.2, where a series in 1/√n is used: there the
 * absolute error is below 2e-6, and below 4e-8 from n = 1,000.
 *
 * Which method is exact or good enough where follows R. Simard, P. L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov
 * distribution", Journal of Statistical Software 39 (2011).
 */
export function kolmogorovSurvival(n: number, x: number): number {
  const scaled = n * x;
  if (x >= 1) return 0;
  if (scaled <= 0.5) return 1;
  const square = scaled * x;
  // 2·P(D⁺ ≥ x) counts twice the draws that stray on both sides: probability about e^(−8nx²) against e^(−2nx²).
  if (x >= 0.5 || square > 4 || (n > 140 && square >= 2.2)) {
    return square > 370 ? 0 : Math.min(1, 2 * smirnovSurvival(n, x));
  }
  if (n <= 140 || (n <= 100_000 && n * x ** 1.5 <= 1.4)) return 1 - kolmogorovByMatrix(n, x);
  return 1 - pelzGood(n, x);
}

/**
 * P(√n·D > z) in the limit of many draws: 2 Σ (−1)^(k−1) e^(−2k²z²), or by the theta transformation
 * 1 − √(2π)/z · Σ e^(−(2k−1)²π²/(8z²)) for small z.
 */
export function kolmogorovLimitSurvival(z: number): number {
  if (z <= 0) return 1;
  if (z < 1) {
    let sum = 0;
    for (let k = 1; k < 10; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * z * z));
    return 1 - (Math.sqrt(2 * Math.PI) / z) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 6; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * z * z);
  return sum;
}

/** The z that √n·D exceeds with probability `tail` (0 < tail < 1) in the limit of many draws. */
export function kolmogorovLimitQuantile(tail: number): number {
  let low = 0;
  // The survival function is below 2e^(−2z²).
  let high = Math.sqrt(Math.log(2 / tail) / 2) + 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (kolmogorovLimitSurvival(middle) > tail) low = middle;
    else high = middle;
  }
}

/**
 * P(D ≤ x) by the limit and three more terms in 1/√n.
 * Source: W. Pelz, I. J. Good, "Approximating the lower tail-areas of the Kolmogorov–Smirnov one-sample statistic",
 * J. R. Statist. Soc. B 38 (1976), as printed by Simard and L'Ecuyer.
 */
function pelzGood(n: number, x: number): number {
  const z = Math.sqrt(n) * x;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const pi2 = Math.PI * Math.PI;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k3 = 0;
  // Sums over all integers k are twice the sums over k ≥ 0 of the terms in (k + ½)², over k ≥ 1 of those in k².
  for (let k = 0; k < 16; k++) {
    const half = pi2 * (k + 0.5) ** 2;
    const weight = Math.exp(-half / (2 * z2));
    k0 += weight;
    k1 += (half - z2) * weight;
    k2 += (6 * z6 + 2 * z4 + half * (2 * z4 - 5 * z2) + half ** 2 * (1 - 2 * z2)) * weight;
    k3 +=
      (-30 * z6 -
        90 * z6 * z2 +
        half * (135 * z4 - 96 * z6) +
        half ** 2 * (212 * z4 - 60 * z2) +
        half ** 3 * (5 - 30 * z2)) *
      weight;
  }
  let k2Rest = 0;
  let k3Rest = 0;
  for (let k = 1; k < 16; k++) {
    const whole = pi2 * k * k;
    const weight = Math.exp(-whole / (2 * z2));
    k2Rest += whole * weight;
    k3Rest += (3 * z2 * whole - whole * whole) * weight;
  }
  const factor = 2 * Math.sqrt(Math.PI / 2);
  const root = Math.sqrt(n);
  return (
    factor *
    (k0 / z +
      k1 / (6 * z4 * root) +
      (k2 / (72 * z6 * z) - k2Rest / (36 * z2 * z)) / n +
      (k3 / (6480 * z6 * z4) + k3Rest / (216 * z6)) / (n * root))
  );
}
