import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';

/** Options that both linear machines share. */
export const linearOptions = {
  dual: option(
    z.union([z.literal('auto'), z.boolean()]).default('auto'),
    'Whether to solve the dual problem by coordinate descent, or the primal one by Newton or L-BFGS, which squared losses allow; auto takes the primal one where it can.',
  ),
  tol: option(
    z.number().positive().default(1e-4),
    'Relative size of the gradient (primal) or of violations (dual) at which the fit ends.',
  ),
  fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept.'),
  interceptScaling: option(
    z.number().positive().default(1),
    'The intercept is the coefficient of a column of this value and penalised like any other; the larger, the less.',
  ),
  maxIter: option(z.int().positive().default(1000), 'Most rounds of the solver.'),
  randomState: option(
    z.int().nonnegative().nullable().default(0),
    'Seed of the order of rows in the dual solver; null draws one.',
  ),
};

/** @throws OptionError when the primal problem is asked for with a loss that is not smooth. */
export function checkDual(model: string, dual: 'auto' | boolean, loss: string, smooth: string): void {
  if (dual !== false || loss === smooth) return;
  throw new OptionError(
    'option/invalid',
    `${model}: dual false needs loss '${smooth}'; '${loss}' is not smooth and is solved in its dual form only. Use dual 'auto'.`,
    { option: 'dual' },
  );
}
