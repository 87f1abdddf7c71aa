import { z } from 'zod';
import { andThen } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { classWeightSchema } from '../class-weight-schema.ts';
import type { LogisticCvState } from './fit-logistic-cv.ts';

export interface LogisticCvAttributes {
  /** One row for two classes (positive favours the second), else one row a class. */
  readonly coef: Matrix;
  readonly intercept: Float64Array;
  /** The chosen inverse strength. */
  readonly C: number;
  /** The chosen share of the L1 penalty. */
  readonly l1Ratio: number;
  /** What was compared, rising. */
  readonly Cs: Float64Array;
  readonly l1Ratios: Float64Array;
  /** On the test rows, the larger the better: one row per ratio and C, one column a fold. */
  readonly scores: Matrix;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Logistic regression (see `logisticRegression`) with the strength of its penalty, and the share of L1 in it where several are given,
 * chosen by cross-validation: scikit-learn's LogisticRegressionCV. Folds keep the shares of the classes, and groups whole where they
 * are given.
 */
export const logisticRegressionCV = defineClassifier({
  name: 'logistic-regression-cv',
  module: import.meta.url,
  summary: 'Logistic regression, which chooses the strength of its penalty by cross-validation.',
  use: 'When the right strength is not known.',
  scaling: 'useful',
  selfTuning: true,
  readable: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    Cs: option(
      z.union([z.int().min(2), z.array(z.number().positive()).nonempty().readonly()]).default(10),
      'Inverse strengths to compare: how many from 1e-4 to 1e4, evenly spaced by their logarithms, or the numbers themselves.',
    ),
    l1Ratios: option(
      z.array(z.number().min(0).max(1)).nonempty().readonly().default([0]),
      'Shares of the L1 penalty to compare: 0 is L2 alone, 1 is L1 alone.',
    ),
    cv: option(z.int().min(2).default(5), 'Folds.'),
    scoring: option(
      z.enum(['logLoss', 'accuracy']).default('logLoss'),
      'What decides: the log loss of the probabilities, or the share of right predictions.',
    ),
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
    classWeight: option(
      classWeightSchema(),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
    tol: option(
      z.number().nonnegative().default(1e-4),
      'A fit ends when no entry of the gradient of the mean loss is larger than this.',
    ),
    maxIter: option(z.int().positive().default(100), 'Most iterations of the solver.'),
  }),
  async fit({ Cs, ...options }, data, job): Promise<LogisticCvState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitLogisticCv } = await import('./fit-logistic-cv.ts');
    const strengths =
      typeof Cs === 'number' ? Array.from({ length: Cs }, (_, k) => 10 ** (-4 + (8 * k) / (Cs - 1))) : Cs;
    return fitLogisticCv({ ...options, Cs: strengths }, data, job);
  },
  classCount: ({ intercept }) => Math.max(2, intercept.length),
  decisionFunction: (state, x, job) => linearScores(job, x, state),
  predictProba: (state, x, job) =>
    andThen(linearScores(job, x, state), (scores) => probabilitiesOf(scores, state.intercept.length)),
  predictProbaRow: (state, row) => probabilitiesOf(rowScores(row, state), state.intercept.length),
  onnx(state, x, graph) {
    const scores = linearNodes(graph, x, state);
    return { scores, probabilities: probabilityNodes(graph, scores, state.intercept.length) };
  },
  attributes: ({ coef, intercept, scores, Cs, l1Ratios, ...rest }): LogisticCvAttributes => ({
    coef: new Matrix({ rows: intercept.length, columns: coef.length / intercept.length, data: coef }),
    scores: new Matrix({
      rows: Cs.length * l1Ratios.length,
      columns: scores.length / (Cs.length * l1Ratios.length),
      data: scores,
    }),
    ...{ intercept, Cs, l1Ratios, ...rest },
  }),
});
