import { DataError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { ClassificationData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { applyClassWeight, type ClassWeight } from '../../math/class-weights.ts';
import { type LinearMap, linearScores } from '../../math/linear-scores.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { type LogisticSolution, requireFewClasses, solveLogistic } from '../../math/solve-logistic.ts';
import { innerFolds, rowsOf } from '../inner-folds.ts';

interface LogisticCvOptions {
  readonly Cs: readonly number[];
  readonly l1Ratios: readonly number[];
  readonly cv: number;
  readonly scoring: 'logLoss' | 'accuracy';
  readonly fitIntercept: boolean;
  readonly classWeight: ClassWeight | null;
  readonly tol: number;
  readonly maxIter: number;
}

/** The chosen penalty, the model fitted with it on all rows, and how the others did. */
export interface LogisticCvState extends LinearMap {
  readonly C: number;
  readonly l1Ratio: number;
  /** Rising. */
  readonly Cs: Float64Array;
  readonly l1Ratios: Float64Array;
  /** On the test rows, the larger the better: ratios × Cs × folds. */
  readonly scores: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Compares penalties by the mean of the folds' scores, each fold's coefficients being searched from those of the next stronger penalty,
 * and fits all rows with the best one. Of equals the first ratio and the strongest penalty is taken.
 */
export async function fitLogisticCv(
  options: LogisticCvOptions,
  data: ClassificationData<'matrix'>,
  job: Job,
): Promise<LogisticCvState> {
  const { fitIntercept, classWeight, tol, maxIter, l1Ratios } = options;
  const { classes } = data;
  const Cs = Float64Array.from(options.Cs).sort();
  const solve = (
    { x, y, sampleWeight }: Rows,
    penalty: { readonly C: number; readonly l1Ratio: number },
    from?: LogisticSolution,
  ) =>
    solveLogistic(job.team, {
      ...{ x, fitIntercept, tol, maxIter, ...penalty, from, solver: 'auto' as const },
      codes: y,
      classes: classes.length,
      weights: applyClassWeight(classWeight, { y, classes, sampleWeight }),
      checkpoint: () => job.checkpoint(),
    });
  const fits = options.cv * l1Ratios.length * Cs.length + 1;
  requireFewClasses({ x: data.x, classes: classes.length, fitIntercept, maxIter }, fits);
  const folds = innerFolds(options.cv, data);
  const scores = new Float64Array(l1Ratios.length * Cs.length * folds.length);
  for (const [fold, { train, test }] of folds.entries()) {
    requireTwoClasses(train, data.y, classes, fold);
    const part = rowsOf(data, train);
    const held = rowsOf(data, test);
    for (const [r, l1Ratio] of l1Ratios.entries()) {
      let from: LogisticSolution | undefined;
      for (const [k, C] of Cs.entries()) {
        from = await solve(part, { C, l1Ratio }, from);
        const margins = await linearScores(job, held.x, from);
        const place = (r * Cs.length + k) * folds.length + fold;
        scores[place] = score(probabilitiesOf(margins, from.intercept.length), held, options.scoring);
        job.progress(
          (fold + (r + (k + 1) / Cs.length) / l1Ratios.length) / (folds.length + 1),
          `fold ${fold + 1} of ${folds.length}`,
        );
      }
    }
  }
  const best = bestOf(scores, folds.length);
  const C = Cs[best % Cs.length]!;
  const l1Ratio = l1Ratios[Math.floor(best / Cs.length)]!;
  const { coef, intercept, iterations: nIter, converged, gradientNorm } = await solve(data, { C, l1Ratio });
  if (!converged) {
    job.warn(
      'fit/not-converged',
      `logisticRegressionCV stopped after ${nIter} iterations with a gradient of ${gradientNorm.toExponential(1)} where tol asks ` +
        `for ${tol}. Raise maxIter, scale the columns or give smaller Cs.`,
    );
  }
  return { coef, intercept, C, l1Ratio, Cs, l1Ratios: Float64Array.from(l1Ratios), scores, nIter, converged };
}

type Rows = Pick<ClassificationData<'matrix'>, 'x' | 'y' | 'sampleWeight'>;

/** Weighted means over rows: −log loss, or the share of right predictions. */
function score(
  probabilities: Float64Array,
  { y, sampleWeight }: Rows,
  scoring: LogisticCvOptions['scoring'],
): number {
  const classes = probabilities.length / y.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = sampleWeight?.[i] ?? 1;
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const right = row[y[i]!]!;
    total += weight;
    // A probability of 0 counts as the least number that 1 can be told from, as in the metric.
    if (scoring === 'logLoss') sum += weight * Math.log(Math.max(right, Number.EPSILON));
    else if (row.every((other, c) => (c < y[i]! ? other < right : other <= right))) sum += weight;
  }
  return sum / total;
}

/** Place of the largest mean over folds. */
function bestOf(scores: Float64Array, folds: number): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < scores.length / folds; place++) {
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) sum += scores[place * folds + fold]!;
    if (sum / folds > largest) {
      largest = sum / folds;
      best = place;
    }
  }
  return best;
}

/**
 * A fold that lacks some of the classes still compares penalties on the others; one of a single class compares nothing.
 * @throws DataError naming that class.
 */
function requireTwoClasses(train: Int32Array, y: Int32Array, classes: readonly Label[], fold: number): void {
  const only = y[train[0]!]!;
  if (train.some((row) => y[row] !== only)) return;
  throw new DataError(
    'data/class-absent',
    `The training rows of fold ${fold + 1} are all of class ${JSON.stringify(classes[only])}. Give the classes more groups, or change cv.`,
    { class: String(classes[only]), fold },
  );
}
