import type { KernelFunction } from './kernel-function.ts';
import type { KernelPoints } from './points.ts';

/** A matrix of kernel values in the arena: float32, row-major. */
export interface PlacedGram {
  readonly kernel: KernelFunction;
  readonly gram: number;
  readonly size: number;
}

/**
 * min_β ½ βᵀKβ + pᵀβ + ε Σ|β_i| with Σ β_i fixed and low ≤ β ≤ high, K the kernel values of some rows with each other.
 * A classifier has β_i = y_i α_i and p = −y; a regressor β = α − α* and p = −y; one class has p = 0.
 */
export interface SmoProblem {
  readonly points: KernelPoints | PlacedGram;
  /** The rows of `points` that the variables stand for. */
  readonly rows: Int32Array;
  readonly p: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Within the bounds; default zeros. */
  readonly start?: Float64Array | undefined;
  readonly epsilon: number;
  /** The fit ends when no pair of variables violates optimality by this much. */
  readonly tol: number;
  readonly maxIter: number;
  readonly shrinking: boolean;
  readonly cacheBytes: number;
  readonly onProgress?: (fraction: number) => void;
}

export interface SmoSolution {
  readonly beta: Float64Array;
  /** b of the decision Σ β_i k(x_i, x) + b. */
  readonly intercept: number;
  readonly objective: number;
  readonly iterations: number;
  /** How far the most violating pair is from optimal. */
  readonly violation: number;
  readonly converged: boolean;
  /** Kernel rows that were computed. */
  readonly rowsComputed: number;
}

/** Fewer variables than this are not worth a second thread, unless a row is long. */
const SOLO_ROWS = 3000;
const SOLO_NUMBERS = 150_000;

/** Whether a problem keeps all threads busy. */
export function isLarge({ rows, points }: SmoProblem): boolean {
  const columns = 'gram' in points ? 0 : points.columns;
  return rows.length >= SOLO_ROWS || rows.length * columns >= SOLO_NUMBERS;
}
