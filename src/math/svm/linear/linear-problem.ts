import type { Matrix } from '../../../core/matrix.ts';

/** A linear machine with one output: min ½‖w‖² + ½ (b / interceptScaling)² + C Σ s_i loss(e_i). */
export interface LinearProblem {
  readonly x: Matrix;
  /** ±1 for the hinge, else values. */
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
  /** Errors that cost nothing; null for the hinge: e = max(0, 1 − y m), else max(0, |y − m| − epsilon). */
  readonly epsilon: number | null;
  /** Whether errors cost their square or their size. */
  readonly squared: boolean;
  readonly C: number;
  readonly fitIntercept: boolean;
  readonly interceptScaling: number;
  readonly tol: number;
  readonly maxIter: number;
  readonly randomState: number | null;
  readonly onIteration?: (iteration: number) => void;
}

export interface LinearMachine {
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  readonly converged: boolean;
}
