import type { Workers } from '../../least-squares-problem.ts';
import type { LinearMachine, LinearProblem } from './linear-problem.ts';
import { solveDual } from './solve-dual.ts';
import { solvePrimal } from './solve-primal.ts';

/** `auto` takes the primal form where the loss is smooth. */
export async function solveLinear(
  workers: Workers,
  problem: LinearProblem,
  dual: 'auto' | boolean,
): Promise<LinearMachine> {
  const useDual = dual === 'auto' ? !problem.squared : dual;
  return useDual ? solveDual(workers, problem) : solvePrimal(workers, problem);
}
