import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { andThen } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { logUniform, option, uniform } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import type { LogisticSolver } from '../../math/solve-logistic.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { classWeightSchema } from '../class-weight-schema.ts';

/** What a fit leaves; the coefficients are row-major, one row for two classes (for the second of them), else one a class. */
interface LogisticState {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
  readonly solver: LogisticSolver;
}

export interface LogisticAttributes {
  /** One row for two classes (positive favours the second), else one row a class. */
  readonly coef: Matrix;
  readonly intercept: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
  /** The solver that `auto` chose, or that took over from a failed Newton step. */
  readonly solver: LogisticSolver;
}

/**
 * Logistic regression with an elastic-net penalty, for two classes or (multinomial) more. Minimises
 *
 *     Σ s_i ℓ_i / Σ s_i + (ρ ‖w‖₁ + ½ (1 − ρ) ‖w‖²) / (C Σ s_i)
 *
 * where ρ is `l1Ratio`, ℓ is the log loss of a row and s its weight; the intercept is not penalised. The same objective, options and defaults
 * as scikit-learn's LogisticRegression. Columns are standardised internally, which changes how fast the solvers converge but not
 * what they converge to. A fit that stops at `maxIter` warns.
 *
 * A `Matrix<Float32Array>` of many columns or classes is never widened: L-BFGS then multiplies in float32 and sums in float64, unless `tol` is below 1e-5.
 */
export const logisticRegression = defineClassifier({
  name: 'logistic-regression',
  module: import.meta.url,
  summary: 'A linear model of class probabilities with an L1, L2 or elastic-net penalty.',
  use: 'A first choice for classes: fast, well calibrated, and its coefficients can be read.',
  scaling: 'useful',
  readable: true,
  continues: true,
  single: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    C: option(
      z.number().positive().nullable().default(1),
      'Inverse strength of the penalty on the coefficients; null for none.',
      logUniform(1e-4, 1e4),
    ),
    l1Ratio: option(
      z.number().min(0).max(1).default(0),
      'Share of the L1 penalty, which makes coefficients exactly zero: 0 for L2 alone, 1 for L1 alone, between for an elastic net.',
      uniform(0, 1),
    ),
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
    classWeight: option(
      classWeightSchema(),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
    tol: option(
      z.number().nonnegative().default(1e-4),
      'The fit ends when no entry of the gradient of the mean loss is larger than this.',
    ),
    maxIter: option(z.int().positive().default(100), 'Most iterations of the solver.'),
    solver: option(
      z.enum(['auto', 'lbfgs', 'newton-cholesky', 'proximal-newton']).default('auto'),
      'How to minimise: Newton steps for few columns and classes (proximal ones with an L1 penalty), L-BFGS for many, or by the size of the data.',
    ),
  }),
  check({ solver, l1Ratio, C }) {
    const isSparse = l1Ratio > 0 && C !== null;
    if ((solver === 'newton-cholesky' && isSparse) || (solver === 'proximal-newton' && !isSparse)) {
      throw new OptionError(
        'option/conflict',
        `logisticRegression: solver '${solver}' is for ${isSparse ? 'an L2 penalty' : 'an L1 penalty'}, but l1Ratio is ${l1Ratio}` +
          `${C === null ? ' and C is null' : ''}. Use 'auto', 'lbfgs' or '${isSparse ? 'proximal-newton' : 'newton-cholesky'}'.`,
        { option: 'solver' },
      );
    }
  },
  async fit(
    { C, l1Ratio, fitIntercept, classWeight, tol, maxIter, solver },
    data,
    job,
  ): Promise<LogisticState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { solveLogistic } = await import('../../math/solve-logistic.ts');
    const { x, y, classes } = data;
    const from = data.from as LogisticState | undefined;
    const found = await solveLogistic(job.team, {
      ...{ x, fitIntercept, C, l1Ratio, tol, maxIter, solver, from },
      codes: y,
      classes: classes.length,
      weights: applyClassWeight(classWeight, data),
      checkpoint: () => job.checkpoint(),
      onIteration: (iteration) => job.progress(iteration / maxIter, `iteration ${iteration}`),
    });
    const { coef, intercept, iterations: nIter, converged } = found;
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `logisticRegression stopped after ${nIter} iterations with a gradient of ${found.gradientNorm.toExponential(1)} ` +
          `where tol asks for ${tol}. Raise maxIter, scale the columns${C === null ? ', or set C to penalise' : ' or lower C'}.`,
      );
    }
    return { coef, intercept, nIter, converged, solver: found.solver };
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
  attributes: ({ coef, intercept, nIter, converged, solver }): LogisticAttributes => ({
    coef: new Matrix({ rows: intercept.length, columns: coef.length / intercept.length, data: coef }),
    ...{ intercept, nIter, converged, solver },
  }),
});
