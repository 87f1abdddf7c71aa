export interface Quadrature {
  /** In (0, 1), rising. */
  readonly points: Float64Array;
  /** Of sum 1. */
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre quadrature on [0, 1]: exact for polynomials up to degree 2 · count − 1. Points by Newton's method on the Legendre
 * polynomial. Source: G. H. Golub, J. H. Welsch, "Calculation of Gauss quadrature rules" (1969), section 1.
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < Math.ceil(count / 2); i++) {
    // Tricomi's approximation of the i-th largest root; four steps reach the last digit, ten are safe.
    let root = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 10; step++) {
      const [value, before] = legendre(count, root);
      slope = (count * (root * value - before)) / (root * root - 1);
      root -= value / slope;
    }
    const weight = 1 / ((1 - root * root) * slope * slope);
    points[count - 1 - i] = (1 + root) / 2;
    points[i] = (1 - root) / 2;
    weights[i] = weight;
    weights[count - 1 - i] = weight;
  }
  return { points, weights };
}

/** P_count and P_{count − 1}: k P_k = (2k − 1) x P_{k−1} − (k − 1) P_{k−2}. */
function legendre(count: number, x: number): [number, number] {
  let [value, before] = [1, 0];
  for (let k = 1; k <= count; k++)
    [value, before] = [((2 * k - 1) * x * value - (k - 1) * before) / k, value];
  return [value, before];
}
