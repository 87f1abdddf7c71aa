import { stirlingError } from './log-gamma.ts';

/**
 * The regularised incomplete gamma functions P(a, x) = γ(a, x) / Γ(a) and Q = 1 − P for a > 0, x ≥ 0, and the χ²
 * distribution, which is P(df / 2, x / 2). The smaller one of P and Q has a small relative error.
 * Source: the power series and the continued fraction of NIST DLMF §8.11.4 and §8.9.2, the latter by Lentz's method.
 */

/** P(a, x), the distribution function of the gamma distribution with shape a and scale 1. */
export function regularizedGammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** Q(a, x) = 1 − P(a, x), accurate where it is tiny. */
export function regularizedGammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** P(X > x) of a χ² variable with `df` > 0 degrees of freedom. */
export function chiSquaredSurvival(x: number, df: number): number {
  return regularizedGammaQ(df / 2, x / 2);
}

/** P(a, x) = xᵃe⁻ˣ / Γ(a + 1) · Σ xᵏ / ((a + 1) … (a + k)). */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return Math.min(1, sum * poissonTerm(a, x));
}

/** Q(a, x) = xᵃe⁻ˣ / Γ(a) · 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …))). */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b, tiny);
    c = nonZero(b + numerator / c, tiny);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 2.3e-16) return Math.min(1, value * a * poissonTerm(a, x));
  }
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** xᵃe⁻ˣ / Γ(a + 1) = e^(−a·φ(x/a) − δ(a)) / √(2πa), φ(r) = r − 1 − ln r, so that a ≈ x loses no digits. */
function poissonTerm(a: number, x: number): number {
  const excess = (x - a) / a;
  const deviance = Math.abs(excess) < 0.5 ? a * excessMinusLog1p(excess) : x - a - a * Math.log(x / a);
  return Math.exp(-deviance - stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
}

/** u − ln(1 + u) for |u| < ½, with s = u / (2 + u): ln(1 + u) = 2(s + s³/3 + s⁵/5 + …) and u = 2s + us. */
function excessMinusLog1p(u: number): number {
  const s = u / (2 + u);
  const square = s * s;
  let power = s;
  let sum = 0;
  for (let k = 3; ; k += 2) {
    power *= square;
    const term = power / k;
    sum += term;
    if (Math.abs(term) <= Math.abs(sum) * 1e-17) break;
  }
  return u * s - 2 * sum;
}
