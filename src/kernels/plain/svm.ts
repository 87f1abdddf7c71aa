// Slow oracle of the kernels of support vector machines: the formulas, on arrays of rows.

export interface PlainKernel {
  readonly name: string;
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
}

/** ⟨a, b⟩, (γ⟨a, b⟩ + c)^d, exp(−γ‖a − b‖²) or tanh(γ⟨a, b⟩ + c). */
export function plainKernelValue(
  { name, gamma, degree, coef0 }: PlainKernel,
  a: readonly number[],
  b: readonly number[],
): number {
  if (name === 'rbf') return Math.exp(-gamma * a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0));
  const product = a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  if (name === 'linear') return product;
  return name === 'poly' ? (gamma * product + coef0) ** degree : Math.tanh(gamma * product + coef0);
}

/** min ½ βᵀKβ + pᵀβ + ε Σ|β| with Σβ fixed and low ≤ β ≤ high. */
export interface PlainDual {
  readonly gram: readonly (readonly number[])[];
  readonly p: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly epsilon: number;
}

/** Kβ + p */
export function plainGradient({ gram, p }: PlainDual, beta: ArrayLike<number>): number[] {
  return p.map((value, i) => gram[i]!.reduce((sum, k, j) => sum + k * beta[j]!, value));
}

export function plainDualObjective(dual: PlainDual, beta: ArrayLike<number>): number {
  return plainGradient(dual, beta).reduce(
    (sum, f, i) => sum + 0.5 * beta[i]! * (f + dual.p[i]!) + dual.epsilon * Math.abs(beta[i]!),
    0,
  );
}

/**
 * By how much the pair that violates optimality most does: max over what can fall of its slope − min over what can
 * rise.
 */
export function plainViolation(dual: PlainDual, beta: ArrayLike<number>): number {
  const { low, high, epsilon } = dual;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  plainGradient(dual, beta).forEach((f, i) => {
    const value = beta[i]!;
    if (value < high[i]!) least = Math.min(least, f + (value < 0 ? -epsilon : epsilon));
    if (value > low[i]!) most = Math.max(most, f + (value > 0 ? epsilon : -epsilon));
  });
  return Math.max(0, most - least);
}

/**
 * ½‖w‖² + ½ (b / scaling)² + C Σ s e², e = max(0, 1 − y m) where `epsilon` is null, else max(0, |y − m| − epsilon), m =
 * ⟨w, x⟩ + b.
 */
export function plainMarginLoss(
  problem: {
    readonly x: readonly (readonly number[])[];
    readonly y: readonly number[];
    readonly weights: readonly number[];
    readonly epsilon: number | null;
    readonly C: number;
    readonly scaling: number;
  },
  w: readonly number[],
  b: number,
): number {
  const { x, y, weights, epsilon, C, scaling } = problem;
  const penalty = 0.5 * w.reduce((sum, value) => sum + value * value, 0) + 0.5 * (b / scaling) ** 2;
  return x.reduce((sum, row, i) => {
    const m = row.reduce((total, value, j) => total + value * w[j]!, b);
    const error = epsilon === null ? 1 - y[i]! * m : Math.abs(y[i]! - m) - epsilon;
    return sum + C * weights[i]! * Math.max(0, error) ** 2;
  }, penalty);
}
