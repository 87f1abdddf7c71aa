/**
 * Minimises a smooth function by L-BFGS: Newton-like steps from the last few differences of points and gradients
 * (D. C. Liu and J. Nocedal, "On the limited memory BFGS method", Math. Programming 45 (1989); two-loop recursion of
 * J. Nocedal and S. Wright, Numerical Optimization, algorithm 7.4).
 */
import { type LinePoint, wolfeLineSearch } from './line-search.ts';

/** Returns f(x) and writes ∇f(x) into `gradientOut`. */
export type Objective = (x: Float64Array, gradientOut: Float64Array) => number | Promise<number>;

export interface LbfgsOptions {
  /** Stop when the gradient's norm (by default its largest absolute entry) is at most this. Default 1e-5. */
  readonly gtol?: number;
  /** Stop when (f − f₊) ≤ ftol · max(|f|, |f₊|, 1). Default 64 ε. */
  readonly ftol?: number;
  /** Default 100. */
  readonly maxIter?: number;
  /** Pairs of differences kept. Default 10. */
  readonly memory?: number;
  /** Diagonal estimate of the inverse Hessian, all positive: the metric the first step is taken in. */
  readonly inverseDiagonal?: Float64Array;
  readonly gradientNorm?: (gradient: Float64Array) => number;
  /** Another reason to stop: `expectedGain` is what the quadratic model has left to gain, −½ dᵀ∇f. Asked once there are `memory` pairs. */
  readonly isEnough?: (gradient: Float64Array, expectedGain: number) => boolean;
  /** Called after each iteration; what it throws ends the search. */
  readonly onIteration?: (iteration: number, value: number, gradientNorm: number) => void;
}

/** Why a search ended; the first two mean that it converged. */
export type StopReason = 'gradient' | 'decrease' | 'iterations' | 'line-search';

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Evaluations of the objective. */
  readonly evaluations: number;
  readonly converged: boolean;
  readonly reason: StopReason;
}

export interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / yᵀs */
  readonly rho: number;
}

/** scipy's choices for L-BFGS-B (`ftol`, `gtol` of its line search), with scikit-learn's 50 trials. */
const LINE_SEARCH = { decrease: 1e-3, curvature: 0.9, maxStep: 1e10, maxEvaluations: 50 };

/** What sums of some thousand terms lose of a value. */
const ROUNDING = 64 * Number.EPSILON;

/** The largest absolute entry. */
export function maxNorm(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Minimises `objective` from `start`, which is left as it is. */
export async function lbfgs(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions = {},
): Promise<Minimum> {
  const { gtol = 1e-5, ftol = ROUNDING, maxIter = 100, memory = 10 } = options;
  const { inverseDiagonal, gradientNorm = maxNorm, isEnough, onIteration } = options;
  const size = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = await objective(x, gradient);
  let norm = gradientNorm(gradient);
  let evaluations = 1;
  let iterations = 0;
  const pairs: Pair[] = [];

  const finish = (reason: StopReason): Minimum => ({
    ...{ x, value, gradient, gradientNorm: norm, iterations, evaluations, reason },
    converged: reason === 'gradient' || reason === 'decrease',
  });

  for (;;) {
    if (norm <= gtol) return finish('gradient');
    if (iterations >= maxIter) return finish('iterations');
    let direction = searchDirection(gradient, pairs, inverseDiagonal);
    let slope = dot(direction, gradient);
    if (pairs.length === memory && isEnough?.(gradient, -0.5 * slope)) return finish('gradient');
    if (!(slope < 0)) {
      // Rounding spoilt the pairs: start over from the scaled gradient.
      pairs.length = 0;
      direction = searchDirection(gradient, pairs, inverseDiagonal);
      slope = dot(direction, gradient);
      if (!(slope < 0)) return finish(isSpent(slope, value) ? 'decrease' : 'line-search');
    }
    const trial = new Float64Array(size);
    const trialGradient = new Float64Array(size);
    const evaluate = async (step: number): Promise<LinePoint> => {
      for (let i = 0; i < size; i++) trial[i] = x[i]! + step * direction[i]!;
      evaluations++;
      const trialValue = await objective(trial, trialGradient);
      return { step, value: trialValue, slope: dot(trialGradient, direction) };
    };
    // Without a metric the gradient's length says nothing about a good step: move by at most 1.
    const unscaled = pairs.length === 0 && inverseDiagonal === undefined;
    const firstStep = unscaled ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
    const { point, satisfied } = await wolfeLineSearch(
      evaluate,
      { step: 0, value, slope },
      firstStep,
      LINE_SEARCH,
    );
    const decrease = value - point.value;
    if (!satisfied && !(decrease > 0)) {
      if (pairs.length === 0) return finish(isSpent(slope, value) ? 'decrease' : 'line-search');
      pairs.length = 0;
      continue;
    }
    remember(pairs, memory, x, trial, gradient, trialGradient);
    const scale = Math.max(Math.abs(value), Math.abs(point.value), 1);
    x = trial;
    gradient = trialGradient;
    value = point.value;
    norm = gradientNorm(gradient);
    iterations++;
    onIteration?.(iterations, value, norm);
    if (norm > gtol && decrease <= ftol * scale) return finish('decrease');
  }
}

/** Whether the quadratic model's gain, −½ slope, is within the rounding of the value: what no line search can find. */
function isSpent(slope: number, value: number): boolean {
  return -0.5 * slope <= ROUNDING * Math.max(Math.abs(value), 1);
}

/** Keeps s = x₊ − x and y = g₊ − g if they show positive curvature. */
export function remember(
  pairs: Pair[],
  memory: number,
  x: Float64Array,
  nextX: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const s = new Float64Array(x.length);
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    s[i] = nextX[i]! - x[i]!;
    y[i] = nextGradient[i]! - gradient[i]!;
  }
  const curvature = dot(s, y);
  if (!(curvature > Number.EPSILON * dot(y, y))) return;
  if (pairs.length === memory) pairs.shift();
  pairs.push({ s, y, rho: 1 / curvature });
}

/** −H∇f, where H starts as γP: P the given diagonal (or 1), γ = sᵀy / yᵀPy of the newest pair. */
export function searchDirection(
  gradient: Float64Array,
  pairs: readonly Pair[],
  inverseDiagonal: Float64Array | undefined,
): Float64Array {
  const d = gradient.map((g) => -g);
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!;
    const share = rho * dot(s, d);
    shares[k] = share;
    for (let i = 0; i < d.length; i++) d[i]! -= share * y[i]!;
  }
  if (inverseDiagonal !== undefined) for (let i = 0; i < d.length; i++) d[i]! *= inverseDiagonal[i]!;
  const newest = pairs.at(-1);
  if (newest !== undefined) {
    const { y, rho } = newest;
    let length = 0;
    for (let i = 0; i < y.length; i++) length += y[i]! * y[i]! * (inverseDiagonal?.[i] ?? 1);
    const gamma = 1 / (rho * length);
    for (let i = 0; i < d.length; i++) d[i]! *= gamma;
  }
  for (let k = 0; k < pairs.length; k++) {
    const { s, y, rho } = pairs[k]!;
    const correction = shares[k]! - rho * dot(y, d);
    for (let i = 0; i < d.length; i++) d[i]! += correction * s[i]!;
  }
  return d;
}
