/**
 * Minimises f(x) + Σ_j λ_j |x_j| for a smooth f by L-BFGS steps that stay within the orthant of the point they start from, where the
 * penalty is linear (OWL-QN: G. Andrew and J. Gao, "Scalable training of L1-regularized log-linear models", ICML 2007).
 */
import { l1Norm, smallestSubgradient } from './l1-penalty.ts';
import {
  dot,
  type LbfgsOptions,
  type Minimum,
  maxNorm,
  type Objective,
  type Pair,
  remember,
  type StopReason,
  searchDirection,
} from './lbfgs.ts';

export interface OrthantOptions extends Omit<LbfgsOptions, 'gradientNorm'> {
  /** λ of each parameter, 0 for those without a penalty. */
  readonly l1: Float64Array;
  /** Of the smallest subgradient. */
  readonly gradientNorm?: ((subgradient: Float64Array) => number) | undefined;
}

const DECREASE = 1e-4;
const MOST_HALVINGS = 40;

export async function orthantLbfgs(
  objective: Objective,
  start: Float64Array,
  options: OrthantOptions,
): Promise<Minimum> {
  const { l1, gtol = 1e-5, ftol = 64 * Number.EPSILON, maxIter = 100, memory = 10 } = options;
  const { inverseDiagonal, gradientNorm = maxNorm, onIteration } = options;
  const size = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = (await objective(x, gradient)) + l1Norm(x, l1);
  const subgradient = new Float64Array(size);
  smallestSubgradient(x, gradient, l1, subgradient);
  let norm = gradientNorm(subgradient);
  let evaluations = 1;
  let iterations = 0;
  const pairs: Pair[] = [];

  const finish = (reason: StopReason): Minimum => ({
    ...{ x, value, gradient: subgradient, gradientNorm: norm, iterations, evaluations, reason },
    converged: reason === 'gradient' || reason === 'decrease',
  });

  for (;;) {
    if (norm <= gtol) return finish('gradient');
    if (iterations >= maxIter) return finish('iterations');
    const direction = searchDirection(subgradient, pairs, inverseDiagonal);
    // Only entries that lead downhill, and no further than to the border of the orthant.
    for (let j = 0; j < size; j++) if (direction[j]! * subgradient[j]! >= 0) direction[j] = 0;
    if (!(dot(direction, subgradient) < 0)) {
      if (pairs.length === 0) return finish('line-search');
      pairs.length = 0;
      continue;
    }
    const trial = new Float64Array(size);
    const trialGradient = new Float64Array(size);
    const unscaled = pairs.length === 0 && inverseDiagonal === undefined;
    let t = unscaled ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
    let trialValue = value;
    let accepted = false;
    for (let halving = 0; halving < MOST_HALVINGS && !accepted; halving++, t /= 2) {
      let gain = 0;
      for (let j = 0; j < size; j++) {
        const at = x[j]! + t * direction[j]!;
        const orthant = x[j] === 0 ? -subgradient[j]! : x[j]!;
        trial[j] = l1[j] === 0 || at * orthant > 0 ? at : 0;
        gain += subgradient[j]! * (trial[j]! - x[j]!);
      }
      trialValue = (await objective(trial, trialGradient)) + l1Norm(trial, l1);
      evaluations++;
      accepted = trialValue <= value + DECREASE * gain;
    }
    const decrease = value - trialValue;
    if (!accepted) {
      if (Math.abs(decrease) <= ftol * Math.max(Math.abs(value), 1)) return finish('decrease');
      if (pairs.length === 0) return finish('line-search');
      pairs.length = 0;
      continue;
    }
    remember(pairs, memory, x, trial, gradient, trialGradient);
    x = trial;
    gradient = trialGradient;
    value = trialValue;
    smallestSubgradient(x, gradient, l1, subgradient);
    norm = gradientNorm(subgradient);
    iterations++;
    onIteration?.(iterations, value, norm);
    if (norm > gtol && decrease <= ftol * Math.max(Math.abs(value), 1)) return finish('decrease');
  }
}
