import { RandomState } from '../../core/random.ts';
import { drawMultinomial } from '../../math/multinomial-draw.ts';

/** A statistic of the counts of two windows over the same cells. */
export type CountStatistic = (reference: Float64Array, current: Float64Array) => number;

const MOST_DRAWS = 1000;
const FEWEST_DRAWS = 200;
/** Binomial draws spent on one column: about 0.1 µs each. */
const BUDGET = 200_000;

/**
 * A statistic without drift: both windows drawn from the pooled shares of their cells, with the rows they have.
 * 1,000 draws, fewer (at least 200) for more than 100 cells: what a column costs does not depend on its rows.
 */
export function nullDraws(
  reference: Float64Array,
  current: Float64Array,
  statistic: CountStatistic,
  randomState: number | null,
): Float64Array {
  const random = new RandomState(randomState);
  const pooled = reference.map((count, i) => count + current[i]);
  const n = Math.round(reference.reduce((sum, count) => sum + count, 0));
  const m = Math.round(current.reduce((sum, count) => sum + count, 0));
  const size = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(BUDGET / (2 * pooled.length))));
  const a = new Float64Array(pooled.length);
  const b = new Float64Array(pooled.length);
  const draws = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    draws[i] = statistic(drawMultinomial(random, n, pooled, a), drawMultinomial(random, m, pooled, b));
  }
  return draws;
}

/** (1 + draws at least as large) / (1 + draws): never 0, valid as a p-value for any number of draws. */
export function drawnPValue(draws: Float64Array, value: number): number {
  let atLeast = 1;
  // Equal counts in another order may differ in the last bits.
  for (const draw of draws) if (draw >= value * (1 - 1e-12)) atLeast++;
  return atLeast / (draws.length + 1);
}
