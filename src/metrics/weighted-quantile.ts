import { argsort } from './argsort.ts';

/**
 * The quantile of `values` at `level` (0 to 1) by the averaged inverse of the weighted distribution function: the smallest
 * value whose cumulative weight reaches `level` of the total; where it is reached exactly, the mean of that value and the next
 * one that carries weight. With equal weights and level 0.5 this is the median.
 * Source: Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), definition 2.
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | undefined,
  level: number,
): number {
  const order = argsort(values).filter((i) => weights === undefined || weights[i] > 0);
  const cumulative = new Float64Array(order.length);
  let total = 0;
  for (let k = 0; k < order.length; k++) {
    total += weights === undefined ? 1 : weights[order[k]];
    cumulative[k] = total;
  }
  const goal = level * total;
  const last = order.length - 1;
  let k = 0;
  while (k < last && cumulative[k] < goal) k++;
  const reachedExactly = cumulative[k] - goal <= Number.EPSILON;
  // At level 0 the goal lies below every cumulative weight: the smallest value alone.
  if (!reachedExactly || k === last) return values[order[k]];
  return (values[order[k]] + values[order[k + 1]]) / 2;
}
