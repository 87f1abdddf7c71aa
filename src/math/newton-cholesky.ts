/**
 * Minimises a convex function by damped Newton steps −H⁻¹∇f (S. Boyd and L. Vandenberghe, Convex Optimization, section 9.5),
 * keeping a factorised Hessian for further steps while they still shrink the gradient tenfold (the chord method).
 */
import { dot, type Minimum, maxNorm, type StopReason } from './lbfgs.ts';

export interface CurvedObjective {
  readonly size: number;
  /** Returns f(x) and writes ∇f(x). */
  evaluate(x: Float64Array, gradientOut: Float64Array): number;
  /** Writes the Hessian, row-major, at the point of the last evaluation. */
  hessian(out: Float64Array): void;
}

/** Solves Hd = b for a factorised H. */
export type LinearSolver = (b: Float64Array) => Float64Array;

export interface NewtonOptions {
  /** Stop when the gradient's norm is at most this and half the squared Newton decrement, the expected gain, at most 1e-6 of it. */
  readonly gtol?: number;
  readonly maxIter?: number;
  /** Factorises a symmetric matrix, or says that it is not positive definite. */
  readonly factorize: (matrix: Float64Array, size: number) => LinearSolver | undefined;
  readonly gradientNorm?: (gradient: Float64Array) => number;
  readonly onIteration?: (iteration: number, value: number, gradientNorm: number) => void;
}

export interface NewtonMinimum extends Omit<Minimum, 'reason'> {
  /** `singular`: the Hessian could not be factorised, `x` is the best point so far. */
  readonly reason: StopReason | 'singular';
}

/** Armijo's share of the predicted decrease, small since full steps are the rule near the minimum. */
const DECREASE = 2 ** -11;
const SMALLEST_STEP = 2 ** -30;
const EXPECTED_GAIN = 1e-6;
/** A factorised Hessian is kept while the expected gain falls by this, i.e. the gradient tenfold. */
const CHORD_GAIN = 0.01;

export function newtonCholesky(
  objective: CurvedObjective,
  start: Float64Array,
  options: NewtonOptions,
): NewtonMinimum {
  const { gtol = 1e-4, maxIter = 100, factorize, gradientNorm = maxNorm, onIteration } = options;
  const { size } = objective;
  const hessian = new Float64Array(size * size);
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let trial = new Float64Array(size);
  let trialGradient = new Float64Array(size);
  let value = objective.evaluate(x, gradient);
  let norm = gradientNorm(gradient);
  let evaluations = 1;
  let iterations = 0;
  let solve: LinearSolver | undefined;
  let fresh = false;
  let gainBefore = Number.POSITIVE_INFINITY;

  const finish = (reason: NewtonMinimum['reason']): NewtonMinimum => ({
    ...{ x, value, gradient, gradientNorm: norm, iterations, evaluations, reason },
    converged: reason === 'gradient' || reason === 'decrease',
  });

  for (;;) {
    if (solve === undefined) {
      objective.hessian(hessian);
      solve = factorize(hessian, size);
      fresh = true;
      if (solve === undefined) return finish(norm <= gtol ? 'gradient' : 'singular');
    }
    const step = solve(gradient);
    const gain = 0.5 * dot(step, gradient);
    if (!(gain >= 0)) return finish('singular');
    if (norm <= gtol && gain <= EXPECTED_GAIN * gtol) return finish('gradient');
    if (!fresh && gain > CHORD_GAIN * gainBefore) {
      // The old Hessian no longer pays. The last evaluation was at x, so that a new one can be computed.
      solve = undefined;
      continue;
    }
    if (iterations >= maxIter) return finish('iterations');

    const noise = 16 * Number.EPSILON * Math.abs(value);
    let accepted = false;
    let trialValue = value;
    let t = 2;
    while (!accepted && t > SMALLEST_STEP) {
      t /= 2;
      for (let i = 0; i < size; i++) trial[i] = x[i]! - t * step[i]!;
      trialValue = objective.evaluate(trial, trialGradient);
      evaluations++;
      const decrease = value - trialValue;
      // Within the noise of the values the slope decides: it must have come closer to 0.
      accepted =
        decrease >= DECREASE * t * 2 * gain ||
        (Math.abs(decrease) <= noise && Math.abs(dot(trialGradient, step)) < 2 * gain);
    }
    if (!accepted) {
      if (gain <= Number.EPSILON * Math.max(Math.abs(value), 1)) return finish('decrease');
      if (fresh) return finish('line-search');
      objective.evaluate(x, trialGradient);
      solve = undefined;
      continue;
    }
    const trialNorm = gradientNorm(trialGradient);
    const exhausted = gain <= Number.EPSILON * Math.max(Math.abs(value), 1) && trialNorm > 0.5 * norm;
    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    value = trialValue;
    norm = trialNorm;
    iterations++;
    onIteration?.(iterations, value, norm);
    if (exhausted) return finish(norm <= gtol ? 'gradient' : 'decrease');
    fresh = false;
    gainBefore = gain;
    if (t < 1) solve = undefined;
  }
}
