import { cholesky } from '../../cholesky.ts';
import { lbfgs, maxNorm } from '../../lbfgs.ts';
import type { Workers } from '../../least-squares-problem.ts';
import { newtonCholesky } from '../../newton-cholesky.ts';
import { placeDesign } from '../../place-design.ts';
import type { LinearMachine, LinearProblem } from './linear-problem.ts';
import { MarginLoss } from './margin-loss.ts';

/**
 * Goes on to this share of `tol`: in standardised coordinates the last steps are short, so that stopping at `tol`
 * itself may leave more to gain than LIBLINEAR does; for Newton's method it is hardly one iteration more.
 */
const SHARE = 0.01;
/** Parameters up to which a Hessian is worth its cost. */
const NEWTON_WIDTH = 500;

/**
 * Squared losses by Newton's method, whose Hessian jumps but is exact on each piece (S. S. Keerthi and D. DeCoste, "A
 * modified finite Newton method for fast solution of large scale linear SVMs", JMLR 6, 2005), or by L-BFGS where there
 * are many columns. The fit ends when the gradient's largest entry is `tol` times that at 0 (or less), times the share
 * of the smaller class for a hinge, as in LIBLINEAR.
 */
export async function solvePrimal(workers: Workers, problem: LinearProblem): Promise<LinearMachine> {
  const { team } = workers;
  const { x, y, sampleWeight, fitIntercept, tol, maxIter, onIteration, epsilon, C, interceptScaling } =
    problem;
  return team.arena.scopeAsync(async () => {
    const design = await placeDesign(team, x, { sampleWeight, intercept: fitIntercept, scale: 'deviation' });
    const useNewton = design.width <= NEWTON_WIDTH;
    const checkpoint = () => workers.checkpoint();
    const loss = new MarginLoss(
      { team, design, y, epsilon, C, interceptScaling, checkpoint },
      useNewton ? 'hessian' : 'gradient',
    );
    const start = new Float64Array(loss.size);
    const gradient = new Float64Array(loss.size);
    loss.evaluate(start, gradient);
    const gtol = SHARE * tol * maxNorm(gradient) * (epsilon === null ? smallerShare(y) : 1);
    const found = useNewton
      ? newtonCholesky(loss, start, {
          ...{ gtol, maxIter },
          factorize: (matrix, size) => cholesky({ team, checkpoint }, matrix, size)?.solve,
          onIteration: (iteration) => onIteration?.(iteration),
        })
      : await lbfgs((w, out) => loss.evaluate(w, out), start, {
          ...{ gtol, maxIter },
          ftol: 0,
          onIteration: (iteration) => onIteration?.(iteration),
        });
    const { iterations, converged } = found;
    return { ...loss.solution(found.x), iterations, converged };
  });
}

/** The share of the rarer of the targets ±1. */
function smallerShare(y: Float64Array): number {
  let positive = 0;
  for (let i = 0; i < y.length; i++) if (y[i]! > 0) positive++;
  return Math.max(1, Math.min(positive, y.length - positive)) / y.length;
}
