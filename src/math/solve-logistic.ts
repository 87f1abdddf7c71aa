/**
 * Logistic regression with an elastic-net penalty: minimises scikit-learn's objective
 *
 *     Σ s_i ℓ_i / Σ s_i + (ρ ‖w‖₁ + ½ (1 − ρ) ‖w‖²) / (C Σ s_i)
 *
 * (the intercept is not penalised) by L-BFGS or by Newton steps, in their forms for an L1 penalty where ρ > 0.
 */
import { DataError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import type { Team } from '../kernels/host/team.ts';
import { cholesky } from './cholesky.ts';
import { requireClassWork } from './class-work.ts';
import { lbfgs, type StopReason } from './lbfgs.ts';
import { LogisticLoss } from './logistic-loss.ts';
import { newtonCholesky } from './newton-cholesky.ts';
import { orthantLbfgs } from './orthant-lbfgs.ts';
import { type Design, placeDesign } from './place-design.ts';
import { proximalNewton } from './proximal-newton.ts';

export type LogisticSolver = 'lbfgs' | 'newton-cholesky' | 'proximal-newton';

export interface LogisticProblem {
  /** Float32 rows stay so where L-BFGS solves the problem and `tol` allows it; its products then are float32 and its sums float64. */
  readonly x: Matrix | Matrix<Float32Array>;
  /** Class of each row, 0 … classes − 1. */
  readonly codes: Int32Array;
  readonly classes: number;
  /** Sample weights times class weights. */
  readonly weights: Float64Array | undefined;
  readonly fitIntercept: boolean;
  /** Inverse strength of the penalty; null for none. */
  readonly C: number | null;
  /** ρ, the share of the L1 penalty: 0 … 1. Default 0. */
  readonly l1Ratio?: number | undefined;
  /** Largest absolute entry of the gradient to stop at. */
  readonly tol: number;
  readonly maxIter: number;
  readonly solver: LogisticSolver | 'auto';
  /** Coefficients to start from, in the same form as the result's. */
  readonly from?: { readonly coef: Float64Array; readonly intercept: Float64Array } | undefined;
  readonly checkpoint?: () => void;
  readonly onIteration?: (iteration: number) => void;
}

export interface LogisticSolution {
  /** One row of coefficients for two classes, else one a class; row-major. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly gradientNorm: number;
  readonly converged: boolean;
  readonly reason: StopReason | 'singular';
  /** The solver that ended the search: Newton's hands over to L-BFGS where a Hessian is singular. */
  readonly solver: LogisticSolver;
}

/**
 * L-BFGS goes on to this share of `tol`: in standardised coordinates their last steps are short, so that
 * stopping at `tol` itself may leave more to gain than scikit-learn does. The gain left falls with the square of the gradient.
 */
const SHORT_STEP_SHARE = 0.1;
/** Likewise for the proximal steps, of which one more is enough: SAGA at its defaults may leave less than a tenth. */
const PROXIMAL_SHARE = 0.01;
/** Below it, what is asked for is what float64 gives. */
const TIGHT_TOL = 1e-8;
/** What L-BFGS expects to gain, as a share of `tol`, when it may stop by the gradient in the units of the data. */
const SHORT_STEP_GAIN = 1e-3;
/** Pairs that L-BFGS keeps for large tables: cheap beside an evaluation, and a tenth of the iterations less than with 10. */
const MEMORY = 20;

/** Below this the rounding errors of float32 products would decide when to stop. */
const SINGLE_TOL = 1e-5;

/** Bytes that coefficients, their gradients and the pairs of L-BFGS may take. */
const MOST_BYTES = 2 ** 32;

/**
 * @param fits How many such problems are to be solved.
 * @throws DataError when there are so many classes that the search itself would take more than 4 GiB, or hours.
 */
export function requireFewClasses(
  { x, classes, fitIntercept, maxIter }: Pick<LogisticProblem, 'x' | 'classes' | 'fitIntercept' | 'maxIter'>,
  fits = 1,
): void {
  const parameters = (classes === 2 ? 1 : classes) * (x.columns + (fitIntercept ? 1 : 0));
  const bytes = 8 * parameters * (2 * MEMORY + 8);
  // An iteration is an evaluation or a little more: for each row and class an exponential and two products.
  const nanoseconds = fits * maxIter * x.rows * classes * (10 + 2 * x.columns);
  const advice = 'lower maxIter';
  requireClassWork({ model: 'Logistic regression', rows: x.rows, classes, nanoseconds, advice });
  if (bytes <= MOST_BYTES) return;
  throw new DataError(
    'data/too-many-classes',
    `Logistic regression has a coefficient for each of ${classes} classes and ${x.columns} columns: ${parameters} coefficients and what the search keeps of them ` +
      `would take ${Math.ceil(bytes / 2 ** 30)} GiB. Merge classes, take fewer columns, or use nearest neighbours.`,
    { classes, columns: x.columns },
  );
}

export async function solveLogistic(team: Team, problem: LogisticProblem): Promise<LogisticSolution> {
  requireFewClasses(problem);
  const solve = (precision: 'single' | 'double', task: LogisticProblem) =>
    team.arena.scopeAsync(async () => {
      const { x, weights: sampleWeight, fitIntercept: intercept } = task;
      const design = await placeDesign(team, x, { sampleWeight, intercept, scale: 'deviation', precision });
      return minimize(team, design, task);
    });
  if (!staysSingle(problem)) return solve('double', problem);
  const found = await solve('single', problem);
  // Steps that float32 cannot tell from none: go on in float64.
  if (found.converged || found.reason === 'iterations') return found;
  const { coef, intercept, iterations } = found;
  const rest = await solve('double', {
    ...{ ...problem, from: { coef, intercept }, maxIter: Math.max(1, problem.maxIter - iterations) },
    onIteration: (iteration) => problem.onIteration?.(iterations + iteration),
  });
  return { ...rest, iterations: iterations + rest.iterations };
}

function staysSingle({ x, tol, classes, C, l1Ratio = 0, solver, fitIntercept }: LogisticProblem): boolean {
  if (!(x.data instanceof Float32Array) || tol < SINGLE_TOL) return false;
  const isSparse = C !== null && l1Ratio > 0;
  const width = x.columns + (fitIntercept ? 1 : 0);
  return planOf(solver, isSparse, x.rows, width, classes === 2 ? 1 : classes) === 'lbfgs';
}

async function minimize(team: Team, design: Design, problem: LogisticProblem): Promise<LogisticSolution> {
  const { classes, C, l1Ratio = 0, tol, maxIter, codes, checkpoint, onIteration } = problem;
  const { width, columns, scale, totalWeight } = design;
  const vectors = classes === 2 ? 1 : classes;
  const penalty = new Float64Array(width);
  const l1 = new Float64Array(width * vectors);
  if (C !== null) {
    for (let j = 0; j < columns; j++) {
      penalty[j] = (1 - l1Ratio) / (C * totalWeight * scale[j]! ** 2);
      for (let c = 0; c < vectors; c++) l1[c * width + j] = l1Ratio / (C * totalWeight * scale[j]!);
    }
  }
  const isSparse = C !== null && l1Ratio > 0;
  const plan = planOf(problem.solver, isSparse, design.rows, width, vectors);
  const derivatives = plan === 'lbfgs' ? 'gradient' : 'hessian';
  const loss = new LogisticLoss({
    ...{ team, design, codes, classes, penalty, derivatives },
    ...(checkpoint && { checkpoint }),
  });

  /** In the units of the data. */
  const dataNorm = (gradient: Float64Array) => {
    let largest = 0;
    for (let at = 0; at < gradient.length; at++) {
      largest = Math.max(largest, (scale[at % width] ?? 1) * Math.abs(gradient[at]!));
    }
    return largest;
  };
  /** In the units of the data or of the standardised columns, whichever is stricter. */
  const gradientNorm = (gradient: Float64Array) => {
    let largest = 0;
    for (let at = 0; at < gradient.length; at++) {
      const j = at % width;
      const unit = j < columns ? Math.max(1, scale[j]!) : 1;
      largest = Math.max(largest, unit * Math.abs(gradient[at]!));
    }
    return largest;
  };

  // The loss's second derivative by a margin at w = 0 is at most (1 − 1/k)/k, the columns have variance 1.
  const curvature = (1 / classes) * (1 - 1 / classes);
  const byLbfgs = async (from: Found, most: number): Promise<Found> => {
    const options = {
      ...{ gtol: SHORT_STEP_SHARE * tol, maxIter: most - from.iterations, gradientNorm },
      // A loss of well divided classes is small beside 1: at a tight setting only steps without any gain end the search.
      ...(tol < TIGHT_TOL && { ftol: Number.EPSILON / 4 }),
      inverseDiagonal: Float64Array.from(from.x, (_, at) => 1 / (curvature + penalty[at % width]!)),
      onIteration: (iteration: number) => onIteration?.(from.iterations + iteration),
      // On large tables: the documented limit, in the units of the data, is reached and next to nothing is left to gain.
      ...(design.rows * from.x.length >= LARGE && {
        isEnough: (gradient: Float64Array, expectedGain: number) =>
          expectedGain <= SHORT_STEP_GAIN * tol && dataNorm(gradient) <= tol,
        memory: MEMORY,
      }),
    };
    const evaluate = (w: Float64Array, gradient: Float64Array) => loss.evaluate(w, gradient);
    const found = isSparse
      ? await orthantLbfgs(evaluate, from.x, { ...options, l1 })
      : await lbfgs(evaluate, from.x, options);
    return { ...found, iterations: from.iterations + found.iterations, solver: 'lbfgs' };
  };
  const byProximalNewton = (from: Found): Found => {
    const found = proximalNewton(loss, from.x, {
      ...{ l1, gtol: PROXIMAL_SHARE * tol, maxIter: maxIter - from.iterations, gradientNorm },
      ...(checkpoint && { checkpoint }),
      onIteration: (iteration) => onIteration?.(from.iterations + iteration),
    });
    return { ...found, iterations: from.iterations + found.iterations, solver: 'proximal-newton' };
  };
  const byNewton = (from: Found): Found => {
    if (isSparse) return byProximalNewton(from);
    const found = newtonCholesky(loss, from.x, {
      ...{ gtol: tol, maxIter: maxIter - from.iterations, gradientNorm },
      factorize: (matrix, size) => cholesky({ team, ...(checkpoint && { checkpoint }) }, matrix, size)?.solve,
      onIteration: (iteration) => onIteration?.(from.iterations + iteration),
    });
    return { ...found, iterations: from.iterations + found.iterations, solver: 'newton-cholesky' };
  };

  let found: Found = { ...NOT_STARTED, x: startPoint(design, vectors, problem.from) };
  if (plan === 'lbfgs-then-newton') found = await byLbfgs(found, Math.min(maxIter, HEAD_START));
  if (plan !== 'lbfgs' && !found.converged && found.iterations < maxIter) found = byNewton(found);
  const stuck = found.reason === 'singular' || found.reason === 'line-search';
  if (plan === 'lbfgs' || (stuck && found.iterations < maxIter)) found = await byLbfgs(found, maxIter);
  return solution(found, design, vectors);
}

interface Found {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly gradientNorm: number;
  readonly converged: boolean;
  readonly reason: StopReason | 'singular';
  readonly solver: LogisticSolver;
}

const NOT_STARTED: Omit<Found, 'x'> = {
  value: Number.NaN,
  gradientNorm: Number.NaN,
  iterations: 0,
  converged: false,
  reason: 'iterations',
  solver: 'lbfgs',
};

type Plan = LogisticSolver | 'lbfgs-then-newton';

function planOf(
  solver: LogisticProblem['solver'],
  isSparse: boolean,
  rows: number,
  width: number,
  vectors: number,
): Plan {
  if (solver !== 'auto') return solver;
  const plan = chooseSolver(rows, width, vectors);
  // Few steps of the orthant's L-BFGS say little about which coefficients are zero, which is what the Newton steps find.
  return isSparse && plan !== 'lbfgs' ? 'proximal-newton' : plan;
}

/** Iterations of L-BFGS before Newton's: about what one Newton search costs, and enough for well-conditioned columns. */
const HEAD_START = 12;
/** Values of the table from which an evaluation costs more than the overheads that Newton's few iterations save. */
const LARGE = 1_000_000;

/**
 * Newton's few expensive iterations against L-BFGS's many cheap ones, by counted operations: about 5 Hessians against
 * 100 gradients, a Hessian's products being twice as fast as the gradient's, which wait for memory. On large tables that
 * Newton's iterations suit, L-BFGS has the first try.
 */
export function chooseSolver(rows: number, width: number, vectors: number): Exclude<Plan, 'proximal-newton'> {
  const pairs = (vectors * (vectors + 1)) / 2;
  const hessian = (rows * width * width * pairs) / 4 + (width * vectors) ** 3 / 3;
  const gradient = 2 * rows * width * vectors;
  if (5 * hessian > 100 * gradient || width * vectors > 2000) return 'lbfgs';
  return rows * width * vectors >= LARGE ? 'lbfgs-then-newton' : 'newton-cholesky';
}

/** Zeros, or earlier coefficients in the design's coordinates. */
function startPoint(design: Design, vectors: number, from: LogisticProblem['from']): Float64Array {
  const { columns, width, center, scale } = design;
  const start = new Float64Array(vectors * width);
  if (from === undefined) return start;
  for (let c = 0; c < vectors; c++) {
    let shift = 0;
    for (let j = 0; j < columns; j++) {
      const w = from.coef[c * columns + j]!;
      start[c * width + j] = w * scale[j]!;
      shift += w * center[j]!;
    }
    if (width > columns) start[c * width + columns] = from.intercept[c]! + shift;
  }
  return start;
}

/** Back from the design's coordinates. Intercepts of several classes are shifted to sum 0. */
function solution(found: Found, design: Design, vectors: number): LogisticSolution {
  const { columns, width, center, scale } = design;
  const { x, value, iterations, gradientNorm, converged, reason, solver } = found;
  const coef = new Float64Array(vectors * columns);
  const intercept = new Float64Array(vectors);
  for (let c = 0; c < vectors; c++) {
    let shift = 0;
    for (let j = 0; j < columns; j++) {
      const w = x[c * width + j]! / scale[j]!;
      coef[c * columns + j] = w;
      shift += w * center[j]!;
    }
    if (width > columns) intercept[c] = x[c * width + columns]! - shift;
  }
  if (vectors > 1 && width > columns) {
    const mean = intercept.reduce((sum, b) => sum + b, 0) / vectors;
    for (let c = 0; c < vectors; c++) intercept[c]! -= mean;
  }
  return { coef, intercept, value, iterations, gradientNorm, converged, reason, solver };
}
