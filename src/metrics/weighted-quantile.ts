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
  const order = argsort(values);
  const weightOf = (k: number) => (weights === undefined ? 1 : weights[order[k]]);
  // Positions of weight 0 carry nothing and are stepped over.
  const nextFrom = (k: number) => {
    while (k < order.length && weightOf(k) === 0) k++;
    return k;
  };
  let total = 0;
  for (let k = 0; k < order.length; k++) total += weightOf(k);
  const goal = level * total;
  let k = nextFrom(0);
  let cumulative = weightOf(k);
  let next = nextFrom(k + 1);
  while (next < order.length && cumulative < goal) {
    k = next;
    cumulative += weightOf(k);
    next = nextFrom(k + 1);
  }
  const reachedExactly = cumulative - goal <= Number.EPSILON;
  if (!reachedExactly || next === order.length) return values[order[k]];
  return (values[order[k]] + values[order[next]]) / 2;
}
