import { chiSquaredSurvival } from '../../math/incomplete-gamma.ts';
import { checkCounts, sum } from './sample.ts';

export interface ChiSquaredResult {
  /** χ² = Σ (observed − expected)² / expected over both windows and all cells. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** P(χ² ≥ statistic) without drift, in the limit of many rows per cell; 1 with fewer than two cells. */
  readonly pValue: number;
  /** Cohen's w, √(χ²(1/n + 1/m)) = √(Σ (pᵢ − qᵢ)² / πᵢ), π the pooled shares: does not grow with the number of rows. */
  readonly effect: number;
}

/**
 * The χ² test of homogeneity of the counts of two windows over the same cells, without continuity correction. Cells that
 * are empty on both sides are left out; a level that one side has never seen is a cell with 0 there. O(cells).
 * Agrees with `scipy.stats.chi2_contingency(correction=False)`.
 * @throws DataError when lengths differ, a count is negative or a window has no rows.
 */
export function chiSquared(reference: ArrayLike<number>, current: ArrayLike<number>): ChiSquaredResult {
  checkCounts(reference, current);
  const n = sum(reference);
  const m = sum(current);
  // With p = aᵢ/n and q = bᵢ/m, χ² = nm · Σ (p − q)² / (aᵢ + bᵢ).
  let sumOfSquares = 0;
  let cells = 0;
  for (let i = 0; i < reference.length; i++) {
    const pooled = reference[i] + current[i];
    if (pooled === 0) continue;
    cells++;
    sumOfSquares += (reference[i] / n - current[i] / m) ** 2 / pooled;
  }
  const statistic = n * m * sumOfSquares;
  const degreesOfFreedom = cells - 1;
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquaredSurvival(statistic, degreesOfFreedom);
  return { statistic, degreesOfFreedom, pValue, effect: Math.sqrt((n + m) * sumOfSquares) };
}
