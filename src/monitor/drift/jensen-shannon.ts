import { checkCounts, sum } from './sample.ts';

/**
 * The Jensen–Shannon distance √(½ KL(p ‖ m) + ½ KL(q ‖ m)), m = (p + q) / 2, with logarithms to base 2: 0 for equal shares,
 * 1 for windows that share no cell. Counts or shares are divided by their sums. Agrees with
 * `scipy.spatial.distance.jensenshannon(p, q, base=2)`.
 * @throws DataError when lengths differ, a count is negative or a window has no rows.
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  checkCounts(reference, current);
  const n = sum(reference);
  const m = sum(current);
  let divergence = 0;
  for (let i = 0; i < reference.length; i++) {
    const p = reference[i] / n;
    const q = current[i] / m;
    const middle = (p + q) / 2;
    if (p > 0) divergence += p * Math.log2(p / middle);
    if (q > 0) divergence += q * Math.log2(q / middle);
  }
  // Rounding may leave a divergence of equal shares just below 0.
  return Math.sqrt(Math.max(0, divergence) / 2);
}
