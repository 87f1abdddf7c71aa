// Slow oracle of the logistic kernels: the formulas, row by row.

export interface LogisticProblem {
  readonly x: readonly (readonly number[])[];
  readonly codes: ArrayLike<number>;
  readonly classes: number;
  readonly weights: ArrayLike<number>;
  /** Multiplies ½ w² of each column's parameter. */
  readonly penalty: ArrayLike<number>;
}

export interface LogisticTerms {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array[];
}

/**
 * Σ s ℓ / Σ s + ½ Σ λ w², its gradient and Hessian. Two classes have one vector of parameters, for the second class; that is the same
 * as two vectors of which the first is zero.
 */
export function plainLogistic(problem: LogisticProblem, w: ArrayLike<number>): LogisticTerms {
  const { x, codes, classes, weights, penalty } = problem;
  const width = penalty.length;
  const free = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  const size = free.length * width;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  const total = Array.from(weights).reduce((sum, s) => sum + s, 0);
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const row = x[i]!;
    const share = weights[i]! / total;
    const margins = new Float64Array(classes);
    free.forEach((c, v) => {
      for (let j = 0; j < width; j++) margins[c]! += w[v * width + j]! * row[j]!;
    });
    const top = Math.max(...margins);
    const powers = margins.map((m) => Math.exp(m - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    const p = powers.map((e) => e / sum);
    value += share * (Math.log(sum) + top - margins[codes[i]!]!);
    free.forEach((a, va) => {
      const residual = p[a]! - (codes[i] === a ? 1 : 0);
      for (let j = 0; j < width; j++) gradient[va * width + j]! += share * residual * row[j]!;
      free.forEach((b, vb) => {
        const curvature = p[a]! * ((a === b ? 1 : 0) - p[b]!);
        for (let j = 0; j < width; j++) {
          for (let k = 0; k < width; k++) {
            hessian[va * width + j]![vb * width + k]! += share * curvature * row[j]! * row[k]!;
          }
        }
      });
    });
  }
  for (let at = 0; at < size; at++) {
    const lambda = penalty[at % width]!;
    value += 0.5 * lambda * w[at]! * w[at]!;
    gradient[at]! += lambda * w[at]!;
    hessian[at]![at]! += lambda;
  }
  return { value, gradient, hessian };
}
