import type { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { lbfgs } from '../../math/lbfgs.ts';
import type { Network } from '../../nets/network.ts';
import { openObjective } from '../../nets/train/open-objective.ts';
import { layersOf, parametersOf } from './mlp-network.ts';
import type { MlpProblem } from './mlp-problem.ts';
import type { MlpState } from './mlp-state.ts';

/** Fits on all rows at once by L-BFGS, in float64. */
export async function fitByLbfgs(
  job: Job,
  problem: MlpProblem,
  network: Network,
  random: RandomState,
): Promise<MlpState> {
  const { x, target, weight, loss, options, from } = problem;
  const objective = await openObjective(job, {
    network,
    loss,
    x,
    target,
    weight,
    alpha: options.alpha,
    random,
  });
  try {
    const start = from === undefined ? objective.start : objective.pack(parametersOf(from.layers));
    const losses: number[] = [];
    const found = await lbfgs(objective.evaluate, start, {
      ...{ gtol: options.tol, maxIter: options.maxIter },
      onIteration(iteration, value) {
        losses.push(value);
        job.progress(iteration / options.maxIter, `iteration ${iteration}: loss ${value.toPrecision(4)}`);
      },
    });
    if (!found.converged) {
      job.warn(
        'fit/not-converged',
        `${problem.model} stopped after ${found.iterations} iterations with a gradient of ${found.gradientNorm.toExponential(1)} where tol asks for ${options.tol}. Raise maxIter, or scale the columns.`,
      );
    }
    return {
      layers: layersOf(objective.unpack(found.x), options),
      lossCurve: Float64Array.from(losses),
      validationScores: new Float64Array(0),
      nIter: found.iterations,
      steps: found.iterations,
    };
  } finally {
    await objective.close();
  }
}
