/**
 * The elastic net, scikit-learn's objective for each target:
 *
 *     Σ s_i (y_i − x_i·w − b)² / (2 Σ s_i) + alpha · l1Ratio · ‖w‖₁ + ½ alpha · (1 − l1Ratio) · ‖w‖²
 */
import type { Matrix } from '../core/matrix.ts';
import type { Team } from '../kernels/host/team.ts';
import { cholesky } from './cholesky.ts';
import { columnForm } from './column-form.ts';
import { coordinateDescent } from './coordinate-descent.ts';
import { makeDesign } from './design.ts';
import { gramForm, placeGram } from './gram-form.ts';
import type { LeastSquaresForm } from './least-squares-form.ts';
import { centredGram } from './normal-equations.ts';
import { placeColumns } from './place-columns.ts';
import { refuseOverflow } from './refuse-overflow.ts';

/** Strengths of the penalty. */
export interface NetPenalty {
  readonly alpha: number;
  readonly l1Ratio: number;
}

/** An elastic net without its penalty. */
export interface ElasticNetBase {
  readonly x: Matrix;
  /** Row-major, rows × targets. */
  readonly y: Float64Array;
  readonly targets: number;
  readonly sampleWeight: Float64Array | undefined;
  readonly fitIntercept: boolean;
  readonly positive: boolean;
  readonly tol: number;
  readonly maxIter: number;
  readonly selection: 'cyclic' | 'random';
  readonly randomState: number | null;
  /** Coefficients to start from, targets × columns. */
  readonly from?: Float64Array | undefined;
  readonly checkpoint?: () => void;
  readonly onSweep?: (target: number, sweep: number) => void;
}

export interface ElasticNetProblem extends ElasticNetBase, NetPenalty {}

export interface ElasticNetSolution {
  /** Row-major, targets × columns. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  /** Of each target: sweeps, duality gap in the units of the objective, tol · mean of (y − ȳ)², whether gap ≤ that. */
  readonly iterations: Int32Array;
  readonly dualGap: Float64Array;
  readonly tolerance: Float64Array;
  readonly converged: readonly boolean[];
}

/** The least-squares term of each target divided by Σ s, and how to undo its centring. */
interface Forms {
  readonly center: Float64Array;
  readonly targetCenter: Float64Array;
  form(target: number): LeastSquaresForm;
}

/** Gram matrices larger than this side are not formed. */
const MOST_GRAM_COLUMNS = 2000;

/** The solution for one penalty. */
export async function solveElasticNet(team: Team, problem: ElasticNetProblem): Promise<ElasticNetSolution> {
  const [solution] = await solveElasticNetPath(team, problem, [problem]);
  return solution!;
}

/**
 * The solutions for several penalties, each searched from the one before: fast when they go from strong to weak in small steps.
 * The form is chosen by the shape of the data: from the Gram matrix a sweep costs columns², whatever the rows; from the columns
 * themselves rows × columns, without the price of the Gram matrix.
 */
export async function solveElasticNetPath(
  team: Team,
  problem: ElasticNetBase,
  penalties: readonly NetPenalty[],
): Promise<ElasticNetSolution[]> {
  const { x, targets, onSweep, from } = problem;
  const { columns } = x;
  const solutions = penalties.map(() => ({
    coef: new Float64Array(targets * columns),
    intercept: new Float64Array(targets),
    iterations: new Int32Array(targets),
    dualGap: new Float64Array(targets),
    tolerance: new Float64Array(targets),
    converged: [] as boolean[],
  }));
  const workers = { team, ...(problem.checkpoint && { checkpoint: problem.checkpoint }) };
  await team.arena.scopeAsync(async () => {
    const byGram = columns <= Math.min(x.rows, MOST_GRAM_COLUMNS);
    const forms = byGram ? await gramForms(team, problem) : await columnForms(team, problem);
    for (let t = 0; t < targets; t++) {
      team.arena.scope(() => {
        const form = forms.form(t);
        refuseOverflow(x, form.norms);
        if (from !== undefined) form.w.set(from.subarray(t * columns, (t + 1) * columns));
        penalties.forEach(({ alpha, l1Ratio }, k) => {
          const found = coordinateDescent(form, {
            ...problem,
            alpha: alpha * l1Ratio,
            beta: alpha * (1 - l1Ratio),
            factorize: (matrix, size) => cholesky(workers, matrix, size)?.solve,
            onSweep: (sweep) => onSweep?.(t, sweep),
          });
          const solution = solutions[k]!;
          solution.coef.set(form.w, t * columns);
          solution.iterations[t] = found.iterations;
          solution.dualGap[t] = found.gap;
          solution.tolerance[t] = found.tolerance;
          solution.converged.push(found.converged);
          let shift = forms.targetCenter[t]!;
          for (let j = 0; j < columns; j++) shift -= form.w[j]! * forms.center[j]!;
          solution.intercept[t] = problem.fitIntercept ? shift : 0;
        });
      });
    }
  });
  return solutions;
}

async function gramForms(team: Team, problem: ElasticNetBase): Promise<Forms> {
  const { x, y, targets, sampleWeight, fitIntercept, checkpoint = () => {} } = problem;
  const { columns, rows } = x;
  const start = makeDesign({ x, y, targets, sampleWeight, fitIntercept });
  const { design, xx, xy, means } = await centredGram({ team, checkpoint }, start);
  const { shift, scale } = design;
  const weight = sampleWeight === undefined ? rows : sampleWeight.reduce((sum, s) => sum + s, 0);
  const gram = xx.map(
    (value, at) => value / (weight * scale[1 + (at % columns)]! * scale[1 + Math.floor(at / columns)]!),
  );
  const placed = placeGram(team, gram, columns);
  const center = (i: number) => (fitIntercept ? shift[i]! + means[i]! / scale[i]! : 0);
  const targetCenter = Float64Array.from({ length: targets }, (_, t) => center(1 + columns + t));
  return {
    center: Float64Array.from({ length: columns }, (_, j) => center(1 + j)),
    targetCenter,
    form(t) {
      const unit = weight * scale[1 + columns + t]!;
      let targetSquare = 0;
      for (let i = 0; i < rows; i++) {
        targetSquare += (sampleWeight?.[i] ?? 1) * (y[i * targets + t]! - targetCenter[t]!) ** 2;
      }
      return gramForm(team, placed, {
        correlations: Float64Array.from(
          { length: columns },
          (_, j) => xy[t * columns + j]! / (unit * scale[1 + j]!),
        ),
        targetSquare: targetSquare / weight,
        checkpoint,
      });
    },
  };
}

async function columnForms(team: Team, problem: ElasticNetBase): Promise<Forms> {
  const { x, y, targets, sampleWeight, fitIntercept, checkpoint } = problem;
  const placed = placeColumns(team, x, { y, targets, sampleWeight, center: fitIntercept, checkpoint });
  return {
    ...placed,
    form: (t) => columnForm(team, placed, { y: placed.target(t), ...(checkpoint && { checkpoint }) }),
  };
}

/** What to tell the user of the targets that did not reach the tolerance; undefined when all did. */
export function describeShortfall(
  solution: ElasticNetSolution,
  model: string,
  tol: number,
): string | undefined {
  const { converged, dualGap, tolerance, iterations } = solution;
  const worst = converged.indexOf(false);
  if (worst < 0) return undefined;
  const where = converged.length > 1 ? ` for target ${worst}` : '';
  return (
    `${model} stopped${where} after ${iterations[worst]} sweeps with a duality gap of ${dualGap[worst]!.toExponential(1)} ` +
    `where tol = ${tol} asks for ${tolerance[worst]!.toExponential(1)}. Raise maxIter or alpha, or scale the columns.`
  );
}
