import type { RegressionData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import type { NetState } from '../../math/net-attributes.ts';
import { describeShortfall, type ElasticNetProblem, solveElasticNet } from '../../math/solve-elastic-net.ts';

type NetOptions = Pick<
  ElasticNetProblem,
  'alpha' | 'l1Ratio' | 'fitIntercept' | 'positive' | 'tol' | 'maxIter' | 'selection' | 'randomState'
>;

/** Fits each target by coordinate descent and warns where that stopped short. @param model Named in the warning. */
export async function fitNet(
  model: string,
  options: NetOptions,
  data: RegressionData<'matrix'>,
  job: Job,
): Promise<NetState> {
  const { x, y, targets, sampleWeight } = data;
  const from = (data.from as NetState | undefined)?.coef;
  const solution = await solveElasticNet(job.team, {
    ...{ ...options, x, y, targets, sampleWeight, from },
    checkpoint: () => job.checkpoint(),
    onSweep: (target, sweep) => job.progress((target + sweep / options.maxIter) / targets, `sweep ${sweep}`),
  });
  const shortfall = describeShortfall(solution, model, options.tol);
  if (shortfall !== undefined) job.warn('fit/not-converged', shortfall);
  const { coef, intercept, iterations: nIter, dualGap } = solution;
  return { coef, intercept, nIter, dualGap };
}
