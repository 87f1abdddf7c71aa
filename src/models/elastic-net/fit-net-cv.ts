import type { RegressionData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { linearScores } from '../../math/linear-scores.ts';
import { geometricAlphas, largestNetAlpha } from '../../math/net-alphas.ts';
import type { NetState } from '../../math/net-attributes.ts';
import {
  describeShortfall,
  type ElasticNetBase,
  solveElasticNet,
  solveElasticNetPath,
} from '../../math/solve-elastic-net.ts';
import { meanSquaredError } from '../../metrics/regression.ts';
import { innerFolds, rowsOf } from '../inner-folds.ts';

type CvOptions = Pick<
  ElasticNetBase,
  'fitIntercept' | 'positive' | 'tol' | 'maxIter' | 'selection' | 'randomState'
> & {
  readonly l1Ratios: readonly number[];
  readonly alphas: number | readonly number[];
  readonly eps: number;
  readonly cv: number;
};

/** The chosen penalty, the model fitted with it on all rows, and how the others did. */
export interface NetCvState extends NetState {
  readonly alpha: number;
  readonly l1Ratio: number;
  /** Falling; one row of `pathLength` a ratio. */
  readonly alphas: Float64Array;
  readonly pathLength: number;
  /** Mean squared errors on the test rows: ratios × alphas × folds. */
  readonly msePath: Float64Array;
}

/**
 * Compares penalties by the mean of the folds' squared errors, each fold's coefficients being searched along the path from strong to
 * weak penalties, and fits all rows with the best one. Of equals the first ratio and the strongest penalty is taken.
 * @param model Named in warnings.
 */
export async function fitNetCv(
  model: string,
  options: CvOptions,
  data: RegressionData<'matrix'>,
  job: Job,
): Promise<NetCvState> {
  const { x, y, sampleWeight } = data;
  const { l1Ratios, fitIntercept, positive, tol, maxIter, selection, randomState } = options;
  const checkpoint = () => job.checkpoint();
  const base = { targets: 1, fitIntercept, positive, tol, maxIter, selection, randomState, checkpoint };
  const alphas = gridOf(options, data, checkpoint);
  const pathLength = alphas.length / l1Ratios.length;
  const folds = innerFolds(options.cv, data);
  const msePath = new Float64Array(l1Ratios.length * pathLength * folds.length);
  for (const [fold, { train, test }] of folds.entries()) {
    const part = { ...base, ...rowsOf(data, train) };
    const held = rowsOf(data, test);
    for (const [r, l1Ratio] of l1Ratios.entries()) {
      const penalties = Array.from(alphas.subarray(r * pathLength, (r + 1) * pathLength), (alpha) => ({
        alpha,
        l1Ratio,
      }));
      const solutions = await solveElasticNetPath(job.team, part, penalties);
      for (const [k, solution] of solutions.entries()) {
        checkpoint();
        const predicted = await linearScores(job, held.x, solution);
        const error = meanSquaredError(held.y, predicted, { sampleWeight: held.sampleWeight });
        msePath[(r * pathLength + k) * folds.length + fold] = error;
      }
      job.progress(
        (fold + (r + 1) / l1Ratios.length) / (folds.length + 1),
        `fold ${fold + 1} of ${folds.length}`,
      );
    }
  }
  const best = bestOf(msePath, folds.length);
  const [alpha, l1Ratio] = [alphas[best]!, l1Ratios[Math.floor(best / pathLength)]!];
  const solution = await solveElasticNet(job.team, { ...base, x, y, sampleWeight, alpha, l1Ratio });
  const shortfall = describeShortfall(solution, model, tol);
  if (shortfall !== undefined) job.warn('fit/not-converged', shortfall);
  const { coef, intercept, iterations: nIter, dualGap } = solution;
  return { coef, intercept, nIter, dualGap, alpha, l1Ratio, alphas, pathLength, msePath };
}

/** The strengths to compare for each ratio, falling. */
function gridOf(
  { alphas, eps, l1Ratios, fitIntercept, positive }: CvOptions,
  { x, y, sampleWeight }: RegressionData<'matrix'>,
  checkpoint: () => void,
): Float64Array {
  if (typeof alphas !== 'number') {
    const falling = [...alphas].sort((a, b) => b - a);
    return Float64Array.from(l1Ratios.flatMap(() => falling));
  }
  const largest = largestNetAlpha({ x, y, sampleWeight, fitIntercept, positive, checkpoint });
  const grid = new Float64Array(l1Ratios.length * alphas);
  l1Ratios.forEach((ratio, r) => void grid.set(geometricAlphas(largest / ratio, alphas, eps), r * alphas));
  return grid;
}

/** Place of the least mean over folds. */
function bestOf(msePath: Float64Array, folds: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < msePath.length / folds; place++) {
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) sum += msePath[place * folds + fold]!;
    if (sum / folds < least) {
      least = sum / folds;
      best = place;
    }
  }
  return best;
}
