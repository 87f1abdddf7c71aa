/** What minimising f(x) + Σ_j λ_j |x_j| needs beside f. */

/** Σ_j λ_j |x_j| */
export function l1Norm(x: Float64Array, lambda: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += lambda[j]! * Math.abs(x[j]!);
  return sum;
}

/**
 * The subgradient of f + Σ λ|x| that is smallest in every entry, given ∇f: zero at a minimum and nowhere else.
 * Its negative is the direction of steepest descent (G. Andrew and J. Gao, "Scalable training of L1-regularized log-linear
 * models", ICML 2007, equation 4).
 */
export function smallestSubgradient(
  x: Float64Array,
  gradient: Float64Array,
  lambda: Float64Array,
  out: Float64Array,
): void {
  for (let j = 0; j < x.length; j++) {
    const g = gradient[j]!;
    const l = lambda[j]!;
    if (x[j]! > 0) out[j] = g + l;
    else if (x[j]! < 0) out[j] = g - l;
    else out[j] = shrink(g, l);
  }
}

/** The number moved towards zero by `amount`, at most to zero. */
export function shrink(value: number, amount: number): number {
  if (value > amount) return value - amount;
  return value < -amount ? value + amount : 0;
}
