import type { RegressionData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { leastSquares } from '../../math/least-squares.ts';
import { linearScores } from '../../math/linear-scores.ts';
import { ridgePath } from '../../math/ridge-path.ts';
import { r2Score } from '../../metrics/explained.ts';
import { innerFolds, rowsOf } from '../inner-folds.ts';

interface RidgeCvOptions {
  readonly alphas: readonly number[];
  readonly fitIntercept: boolean;
  readonly cv: number | null;
}

export interface RidgeCvState {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly alpha: number;
  /** The largest of `scores`. */
  readonly bestScore: number;
  /** Of each of the `alphas`: minus the mean squared error of the rows left out, or the mean R² of the folds. */
  readonly scores: Float64Array;
}

/** Scores the strengths, and fits all rows with the best one; of equals with the first. */
export async function fitRidgeCv(
  options: RidgeCvOptions,
  data: RegressionData<'matrix'>,
  job: Job,
): Promise<RidgeCvState> {
  const { alphas, fitIntercept } = options;
  const { x, y, sampleWeight } = data;
  const scores =
    options.cv === null
      ? scoreByRows(options, data, job)
      : await scoreByFolds(options.cv, options, data, job);
  let best = 0;
  for (let k = 1; k < alphas.length; k++) if (scores[k]! > scores[best]!) best = k;
  const alpha = alphas[best]!;
  const problem = {
    x,
    y,
    targets: 1,
    sampleWeight,
    alpha,
    fitIntercept,
    positive: false,
    solver: 'auto',
  } as const;
  const { coef, intercept } = await leastSquares(job, problem);
  return { coef, intercept, alpha, bestScore: scores[best]!, scores };
}

function scoreByRows(
  { alphas, fitIntercept }: RidgeCvOptions,
  { x, y, sampleWeight }: RegressionData<'matrix'>,
  job: Job,
): Float64Array {
  return job.team.arena.scope(() => {
    const path = ridgePath(job, { x, y, sampleWeight, fitIntercept });
    return Float64Array.from(alphas, (alpha, k) => {
      const errors = path.leaveOneOutErrors(alpha);
      job.progress((k + 1) / (alphas.length + 1), `alpha ${alpha}`);
      return -errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
    });
  });
}

async function scoreByFolds(
  cv: number,
  { alphas, fitIntercept }: RidgeCvOptions,
  data: RegressionData<'matrix'>,
  job: Job,
): Promise<Float64Array> {
  const folds = innerFolds(cv, data);
  const scores = new Float64Array(alphas.length);
  for (const [fold, { train, test }] of folds.entries()) {
    await job.team.arena.scopeAsync(async () => {
      const path = ridgePath(job, { ...rowsOf(data, train), fitIntercept });
      const { x, y } = rowsOf(data, test);
      for (const [k, alpha] of alphas.entries()) {
        const { coef, intercept } = path.coefficients(alpha);
        const predicted = await linearScores(job, x, { coef, intercept: Float64Array.of(intercept) });
        scores[k]! += r2Score(y, predicted) / folds.length;
      }
    });
    job.progress((fold + 1) / (folds.length + 1), `fold ${fold + 1} of ${folds.length}`);
  }
  return scores;
}
