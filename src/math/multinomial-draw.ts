import type { RandomState } from '../core/random.ts';
import { logGamma } from './log-gamma.ts';

/**
 * A draw of `n` rows into cells with probabilities proportional to `shares` (not negative, not all 0), as counts: each cell
 * is binomial given the ones before it. O(cells), whatever n.
 */
export function drawMultinomial(
  random: RandomState,
  n: number,
  shares: Float64Array,
  out = new Float64Array(shares.length),
): Float64Array {
  let mass = 0;
  let last = 0;
  for (let i = 0; i < shares.length; i++) {
    mass += shares[i];
    if (shares[i] > 0) last = i;
  }
  let rows = n;
  out.fill(0);
  for (let i = 0; i < last && rows > 0; i++) {
    out[i] = drawBinomial(random, rows, Math.min(1, shares[i] / mass));
    rows -= out[i];
    mass -= shares[i];
  }
  // The last cell with a share takes the rest, so that rounding in `mass` loses no row.
  out[last] += rows;
  return out;
}

/** A binomial draw of n trials with probability p. */
export function drawBinomial(random: RandomState, n: number, p: number): number {
  if (p <= 0 || n === 0) return 0;
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p);
  return n * p < 10 ? byInversion(random, n, p) : byTransformedRejection(random, n, p);
}

/** Adds P(0), P(1), … until the sum passes a uniform number; n·p < 10, so (1 − p)ⁿ does not underflow. */
function byInversion(random: RandomState, n: number, p: number): number {
  const odds = p / (1 - p);
  let probability = Math.exp(n * Math.log1p(-p));
  let rest = random.randomSample();
  let k = 0;
  while (rest > probability && k < n) {
    rest -= probability;
    probability *= ((n - k) / (k + 1)) * odds;
    k++;
  }
  return k;
}

/** Source of the method and its constants: W. Hörmann, "The generation of binomial random variates" (1993), BTRS. */
function byTransformedRejection(random: RandomState, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  let logAtMode: number | undefined;
  for (;;) {
    const u = random.randomSample() - 0.5;
    const v = random.randomSample();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + center);
    if (distance >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    logAtMode ??= logFactorial(mode) + logFactorial(n - mode);
    // ln of P(k) / P(mode).
    const ratio = logAtMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds;
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= ratio) return k;
  }
}

const logFactorials = Float64Array.from({ length: 2048 }, (_, k) => logGamma(k + 1));

function logFactorial(k: number): number {
  return k < logFactorials.length ? logFactorials[k] : logGamma(k + 1);
}
