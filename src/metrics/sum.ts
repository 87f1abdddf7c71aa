/**
 * Sums whose rounding error grows with log n instead of n.
 * Source: N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14 (1993), pairwise summation.
 */

/** Below this length a plain loop over four accumulators is both fast and accurate. */
const BLOCK = 128;

/** Pairwise sum of `values[start … end)`. The order depends on the length alone, so the bits are repeatable. */
export function pairwiseSum(values: Float64Array, start = 0, end = values.length): number {
  const length = end - start;
  if (length > BLOCK) {
    // Halves that are multiples of 4 keep the unrolled loop busy.
    const middle = start + 4 * Math.floor(length / 8);
    return pairwiseSum(values, start, middle) + pairwiseSum(values, middle, end);
  }
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += values[i];
    b += values[i + 1];
    c += values[i + 2];
    d += values[i + 3];
  }
  for (; i < end; i++) a += values[i];
  return a + b + (c + d);
}

/** Σ wᵢxᵢ, or Σ xᵢ without weights. */
export function weightedSum(values: Float64Array, weights: Float64Array | undefined): number {
  if (weights === undefined) return pairwiseSum(values);
  const products = new Float64Array(values.length);
  for (let i = 0; i < products.length; i++) products[i] = values[i] * weights[i];
  return pairwiseSum(products);
}

/** Σ wᵢxᵢ / Σ wᵢ, or the plain mean without weights. Weights that sum to 0 give NaN. */
export function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  const total = weights === undefined ? values.length : pairwiseSum(weights);
  return weightedSum(values, weights) / total;
}
