/** Cholesky factorisation of symmetric positive definite matrices, with equilibration and a condition estimate. */
import { inverseNormEstimate } from './condition.ts';
import { padded } from './design.ts';
import type { Workers } from './least-squares-problem.ts';

const PANEL = 48;
/** Multiplications up to which one thread is faster than two. */
const SOLO_WORK = 1e6;

/** D⁻¹AD⁻¹ = UᵀU, where D² is the diagonal of A. */
export interface Cholesky {
  readonly order: number;
  /** Row-major, order × order; below the diagonal it is undefined. */
  readonly upper: Float64Array;
  /** Estimated condition number of D⁻¹AD⁻¹ in the 1-norm. */
  condition(): number;
  /** A⁻¹b. */
  solve(b: Float64Array): Float64Array;
}

/**
 * Factors a symmetric matrix of which the upper triangle is read.
 * @param matrix Row-major, `order` rows of `stride` numbers.
 * @returns undefined when the matrix is not numerically positive definite: a pivot of D⁻¹AD⁻¹ is at most order · ε.
 */
export function cholesky(
  { team, checkpoint }: Pick<Workers, 'team'> & Partial<Workers>,
  matrix: Float64Array,
  order: number,
  stride: number = order,
): Cholesky | undefined {
  const inverse = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    const square = matrix[i * stride + i]!;
    if (!(square > 0 && square < Number.POSITIVE_INFINITY)) return undefined;
    inverse[i] = 1 / Math.sqrt(square);
  }
  const norm = largestRowSum(matrix, order, stride, inverse);
  const upper = team.arena.scope(() => {
    const ld = padded(order);
    const a = team.arena.zeros(ld * ld);
    const view = team.arena.viewF64(a, ld * ld);
    for (let i = 0; i < order; i++) {
      for (let j = i; j < order; j++) view[i * ld + j] = matrix[i * stride + j]! * inverse[i]! * inverse[j]!;
      view[i * ld + i] = 1;
    }
    const failed = team.arena.place(Int32Array.of(-1));
    for (let from = 0; from < order; from += PANEL) {
      const work = (order - from) ** 2 * PANEL;
      const numbers = [a, order, ld, from, PANEL, order * Number.EPSILON, failed] as const;
      if (work > SOLO_WORK) team.call('choleskyPanel', ...numbers);
      else team.solo('choleskyPanel', ...numbers);
      if (team.arena.viewI32(failed, 1)[0]! >= 0) return undefined;
      checkpoint?.();
    }
    const copy = new Float64Array(order * order);
    for (let i = 0; i < order; i++) copy.set(view.subarray(i * ld + i, i * ld + order), i * order + i);
    return copy;
  });
  if (upper === undefined) return undefined;
  const solveScaled = (b: Float64Array) => solveUpper(upper, order, solveUpperTransposed(upper, order, b));
  return {
    order,
    upper,
    condition: () => norm * inverseNormEstimate(solveScaled, order),
    solve: (b) =>
      solveScaled(b.map((value, i) => value * inverse[i]!)).map((value, i) => value * inverse[i]!),
  };
}

/** The 1-norm of D⁻¹AD⁻¹. */
function largestRowSum(matrix: Float64Array, order: number, stride: number, inverse: Float64Array): number {
  const sums = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    sums[i]! += 1;
    for (let j = i + 1; j < order; j++) {
      const size = Math.abs(matrix[i * stride + j]! * inverse[i]! * inverse[j]!);
      sums[i]! += size;
      sums[j]! += size;
    }
  }
  return Math.max(0, ...sums);
}

/** Solves Uᵀz = b by rows of U. */
export function solveUpperTransposed(
  upper: Float64Array,
  order: number,
  b: Float64Array,
  stride: number = order,
): Float64Array {
  const z = b.slice(0, order);
  for (let i = 0; i < order; i++) {
    const row = i * stride;
    const value = z[i]! / upper[row + i]!;
    z[i] = value;
    for (let j = i + 1; j < order; j++) z[j]! -= upper[row + j]! * value;
  }
  return z;
}

/** Solves Ux = b by rows of U. */
export function solveUpper(
  upper: Float64Array,
  order: number,
  b: Float64Array,
  stride: number = order,
): Float64Array {
  const x = b.slice(0, order);
  for (let i = order - 1; i >= 0; i--) {
    const row = i * stride;
    let value = x[i]!;
    for (let j = i + 1; j < order; j++) value -= upper[row + j]! * x[j]!;
    x[i] = value / upper[row + i]!;
  }
  return x;
}
