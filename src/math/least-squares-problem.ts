import type { Matrix } from '../core/matrix.ts';
import type { Team } from '../kernels/host/team.ts';

/** The threads that work on a problem, and the way to stop them: a job is one. */
export interface Workers {
  readonly team: Team;
  /** Called between slices of work; may throw to stop. */
  checkpoint(): void;
  /** Told how far the first pass over the rows is, 0 … 1. */
  progress?(fraction: number): void;
}

/** `cholesky` squares the condition number, so it too gives way to `qr` where that would cost accuracy. */
export type LeastSquaresSolver = 'auto' | 'cholesky' | 'qr';

/** Minimise Σ_i w_i ‖y_i − B x_i − b‖² + alpha ‖B‖² over the coefficients B (targets × columns) and the intercepts b. */
export interface LeastSquaresProblem {
  readonly x: Matrix;
  /** Row-major, rows × targets. */
  readonly y: Float64Array;
  readonly targets: number;
  /** w, at least 0; without them every row weighs 1. */
  readonly sampleWeight?: Float64Array | undefined;
  /** Whether b is free; otherwise it is 0. */
  readonly fitIntercept: boolean;
  /** Strength of the L2 penalty, at least 0. Default 0. */
  readonly alpha?: number;
  /** Whether all coefficients must be at least 0. Default false. */
  readonly positive?: boolean;
  /**
   * Relative size, after scaling all columns to the same norm, of what a column adds to the others below which it counts as
   * dependent on them. Default max(rows, columns) · ε.
   */
  readonly tol?: number | null | undefined;
  /** Default `auto`: `qr` for small data and where the rank demands it, else `cholesky`. */
  readonly solver?: LeastSquaresSolver;
}

export interface LinearSolution {
  /** Row-major, targets × columns. */
  readonly coef: Float64Array;
  /** One a target. */
  readonly intercept: Float64Array;
  /** Numerical rank of the (centred) columns of x. */
  readonly rank: number;
}

export function rankTolerance({ x, tol }: LeastSquaresProblem): number {
  return tol ?? Math.max(x.rows, x.columns) * Number.EPSILON;
}

/** The rank cannot be larger than this: rows that weigh something, less one for the intercept. */
export function rankLimit({ x, sampleWeight, fitIntercept }: LeastSquaresProblem): number {
  let rows = x.rows;
  if (sampleWeight !== undefined) for (const weight of sampleWeight) if (weight === 0) rows--;
  return Math.min(x.columns, fitIntercept ? rows - 1 : rows);
}
