import type { Neighbours } from '../../math/neighbours/plain-neighbours.ts';

/**
 * What each neighbour counts, queries × k: 1, or the inverse of its distance; where a distance is 0, such neighbours count 1 and the others nothing.
 */
export function neighbourWeights(
  { distances }: Neighbours,
  k: number,
  weights: 'uniform' | 'distance',
): Float64Array {
  if (weights === 'uniform') return new Float64Array(distances.length).fill(1);
  const found = distances.map((distance) => 1 / distance);
  for (let at = 0; at < found.length; at += k) {
    const own = found.subarray(at, at + k);
    if (!own.includes(Number.POSITIVE_INFINITY)) continue;
    for (let j = 0; j < k; j++) own[j] = own[j] === Number.POSITIVE_INFINITY ? 1 : 0;
  }
  return found;
}
