/**
 * Dense linear least squares, penalised or not, for data of any shape. The method follows from size and condition; all give
 * the same solution: where several fit equally well, the one of smallest norm in the units of the columns.
 */
import { JobError } from '../core/errors.ts';
import { completeWeights, type Design, makeDesign, toUnits, withEqualScales } from './design.ts';
import { dualRidge } from './dual-ridge.ts';
import {
  type LeastSquaresProblem,
  type LinearSolution,
  rankLimit,
  rankTolerance,
  type Workers,
} from './least-squares-problem.ts';
import { minimumNorm } from './minimum-norm.ts';
import { centredGram, solveNormalEquations } from './normal-equations.ts';
import { positiveFromGram, positiveFromReduced } from './positive-least-squares.ts';
import { type Reduced, reduceByCentring, reduceByQr } from './reduce.ts';

/** rows × columns² up to which the most accurate method is fast enough to be the only one. */
const SMALL = 3e6;

/** Coefficients of scaled columns (targets × columns) with what turns them into the units of the data. */
interface Scaled {
  readonly design: Design;
  readonly means: Float64Array;
  readonly coefficients: Float64Array;
  readonly rank: number;
}

/**
 * Solves the problem.
 * @throws what `workers.checkpoint` throws; JobError when kernel memory does not suffice or the numbers overflow.
 */
export async function leastSquares(workers: Workers, problem: LeastSquaresProblem): Promise<LinearSolution> {
  const { design, means, coefficients, rank } = await workers.team.arena.scopeAsync(() =>
    solve(workers, problem),
  );
  const { coef, intercept } = toUnits(design, completeWeights(design, means, coefficients));
  if (!coef.every(Number.isFinite) || !intercept.every(Number.isFinite)) {
    throw new JobError(
      'job/overflow',
      'The least-squares solution left the range of float64 numbers. Scale columns with extremely large or small values.',
    );
  }
  return { coef, intercept, rank };
}

async function solve(workers: Workers, problem: LeastSquaresProblem): Promise<Scaled> {
  const { x, alpha = 0, solver = 'auto' } = problem;
  const design = makeDesign(problem);
  if (x.rows <= x.columns) {
    return solveReduced(workers, reduceByCentring(workers, alpha > 0 ? withEqualScales(design) : design));
  }
  const deficient = alpha === 0 && rankLimit(problem) < x.columns;
  const small = x.rows * design.width ** 2 <= SMALL && solver !== 'cholesky';
  const byQr = solver === 'qr' || small || deficient;
  const solved = byQr ? undefined : await solveByGram(workers, design);
  return solved ?? solveReduced(workers, await reduceByQr(workers, design));
}

/** Undefined when the condition is too bad for normal equations. */
async function solveByGram(workers: Workers, start: Design): Promise<Scaled | undefined> {
  const gram = await centredGram(workers, start);
  const { design, means, columns, constant } = gram;
  const penalty = scaledPenalty(design);
  const coefficients = design.problem.positive
    ? positiveFromGram(workers, gram, penalty)
    : await solveNormalEquations(workers, gram, penalty);
  return coefficients && { design, means, coefficients, rank: columns - constant.length };
}

function solveReduced(workers: Workers, reduced: Reduced): Scaled {
  const { design, means, matrix } = reduced;
  const { problem, scale } = design;
  const { alpha = 0, positive = false, solver } = problem;
  const { columns } = matrix;
  const limit = rankLimit(problem);
  if (positive) return { design, means, ...positiveFromReduced(workers, reduced, scaledPenalty(design)) };
  if (alpha > 0 && matrix.rows < columns && solver !== 'qr') {
    const coefficients = dualRidge(workers, matrix, alpha * scale[1]! ** 2);
    if (coefficients !== undefined) return { design, means, coefficients, rank: limit };
  }
  const units = scale.slice(1, 1 + columns);
  const tolerance = rankTolerance(problem);
  const { solution, rank } = minimumNorm(workers, matrix, { units, tolerance, limit, alpha });
  // In scaled columns again, as the other methods give them.
  const coefficients = solution.map((value, i) => value / units[i % columns]!);
  return { design, means, coefficients, rank };
}

/** alpha ‖B‖² in terms of the coefficients of the scaled columns. */
function scaledPenalty({ problem, scale }: Design): Float64Array {
  const { alpha = 0, x } = problem;
  return Float64Array.from({ length: x.columns }, (_, j) => alpha * scale[1 + j]! ** 2);
}
