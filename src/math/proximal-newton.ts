/**
 * Minimises f(x) + Σ_j λ_j |x_j| for a convex f by proximal Newton steps: the quadratic model of f at x plus the penalty is minimised by
 * coordinate descent, then the step is damped (J. D. Lee, Y. Sun and M. A. Saunders, "Proximal Newton-type methods for minimizing
 * composite functions", SIAM J. Optim. 24 (2014); J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear
 * models via coordinate descent", JSS 33 (2010)).
 */
import { l1Norm, shrink, smallestSubgradient } from './l1-penalty.ts';
import { dot, maxNorm } from './lbfgs.ts';
import type { CurvedObjective, NewtonMinimum } from './newton-cholesky.ts';

export interface ProximalNewtonOptions {
  /** λ of each parameter, 0 for those without a penalty. */
  readonly l1: Float64Array;
  /** Stop when the norm of the smallest subgradient is at most this. */
  readonly gtol: number;
  readonly maxIter: number;
  readonly gradientNorm?: (subgradient: Float64Array) => number;
  readonly onIteration?: (iteration: number, value: number, gradientNorm: number) => void;
  /** Called between sweeps of coordinate descent; may throw to stop. */
  readonly checkpoint?: () => void;
}

/** Armijo's share of the predicted decrease. */
const DECREASE = 1e-4;
const SMALLEST_STEP = 2 ** -30;
/** The model is solved until its subgradient is this share of the present one. */
const MODEL_SHARE = 0.01;
const MOST_SWEEPS = 1000;

export function proximalNewton(
  objective: CurvedObjective,
  start: Float64Array,
  options: ProximalNewtonOptions,
): NewtonMinimum {
  const { l1, gtol, maxIter, gradientNorm = maxNorm, onIteration, checkpoint } = options;
  const { size } = objective;
  const hessian = new Float64Array(size * size);
  const subgradient = new Float64Array(size);
  const step = new Float64Array(size);
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let trial = new Float64Array(size);
  let trialGradient = new Float64Array(size);
  let smooth = objective.evaluate(x, gradient);
  let penalty = l1Norm(x, l1);
  let evaluations = 1;
  let iterations = 0;
  const measure = () => {
    smallestSubgradient(x, gradient, l1, subgradient);
    return gradientNorm(subgradient);
  };
  let norm = measure();

  const finish = (reason: NewtonMinimum['reason']): NewtonMinimum => ({
    ...{
      x,
      value: smooth + penalty,
      gradient: subgradient,
      gradientNorm: norm,
      iterations,
      evaluations,
      reason,
    },
    converged: reason === 'gradient' || reason === 'decrease',
  });

  for (;;) {
    if (norm <= gtol) return finish('gradient');
    if (iterations >= maxIter) return finish('iterations');
    objective.hessian(hessian);
    trial.set(x);
    minimizeModel({ hessian, gradient, l1, target: MODEL_SHARE * maxNorm(subgradient), checkpoint }, trial);
    for (let j = 0; j < size; j++) step[j] = trial[j]! - x[j]!;
    // An upper bound of the slope of the penalised function along the step.
    const slope = dot(gradient, step) + l1Norm(trial, l1) - penalty;
    const value = smooth + penalty;
    const noise = 16 * Number.EPSILON * Math.max(Math.abs(value), 1);
    if (!(slope < 0)) return finish(-slope <= noise ? 'decrease' : 'line-search');
    let t = 2;
    let accepted = false;
    let trialSmooth = smooth;
    let trialPenalty = penalty;
    while (!accepted && t > SMALLEST_STEP) {
      t /= 2;
      // A whole step keeps the zeros of the model's minimum exact.
      if (t < 1) for (let j = 0; j < size; j++) trial[j] = x[j]! + t * step[j]!;
      trialSmooth = objective.evaluate(trial, trialGradient);
      trialPenalty = l1Norm(trial, l1);
      evaluations++;
      const decrease = value - trialSmooth - trialPenalty;
      accepted = decrease >= -DECREASE * t * slope || (t === 1 && -slope <= noise && decrease >= -noise);
    }
    if (!accepted) return finish(-slope <= noise ? 'decrease' : 'line-search');
    const former = norm;
    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    smooth = trialSmooth;
    penalty = trialPenalty;
    norm = measure();
    iterations++;
    onIteration?.(iterations, smooth + penalty, norm);
    if (norm > gtol && -slope <= noise && norm > 0.5 * former) return finish('decrease');
  }
}

interface Model {
  /** Row-major and symmetric. */
  readonly hessian: Float64Array;
  /** Of f at the point that the search starts from. */
  readonly gradient: Float64Array;
  readonly l1: Float64Array;
  /** Largest entry of the model's subgradient to stop at. */
  readonly target: number;
  readonly checkpoint?: (() => void) | undefined;
}

/** Minimises gᵀ(z − x) + ½ (z − x)ᵀ H (z − x) + Σ λ|z| over z, from z = x: `z` is changed in place. */
function minimizeModel({ hessian, gradient, l1, target, checkpoint }: Model, z: Float64Array): void {
  const size = z.length;
  /** ∇ of the model's smooth part. */
  const slope = Float64Array.from(gradient);
  const subgradient = new Float64Array(size);
  const all = Array.from(z.keys());
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    descend(all, hessian, slope, l1, z);
    checkpoint?.();
    smallestSubgradient(z, slope, l1, subgradient);
    if (maxNorm(subgradient) <= target) return;
    // Mostly the coordinates away from zero move on: the others are looked at again when these stand still.
    const active = all.filter((j) => z[j] !== 0 || l1[j] === 0);
    for (; sweep < MOST_SWEEPS; sweep++) {
      descend(active, hessian, slope, l1, z);
      checkpoint?.();
      smallestSubgradient(z, slope, l1, subgradient);
      let largest = 0;
      for (const j of active) largest = Math.max(largest, Math.abs(subgradient[j]!));
      if (largest <= target) break;
    }
    if (maxNorm(subgradient) <= target) return;
  }
}

/** One sweep: each coordinate goes to the minimum along its axis. */
function descend(
  coordinates: readonly number[],
  hessian: Float64Array,
  slope: Float64Array,
  l1: Float64Array,
  z: Float64Array,
): void {
  const size = z.length;
  for (const j of coordinates) {
    const curvature = hessian[j * size + j]!;
    // A column that changes nothing.
    if (!(curvature > 0)) continue;
    const next = shrink(curvature * z[j]! - slope[j]!, l1[j]!) / curvature;
    const change = next - z[j]!;
    if (change === 0) continue;
    z[j] = next;
    const row = j * size;
    for (let i = 0; i < size; i++) slope[i]! += change * hessian[row + i]!;
  }
}
