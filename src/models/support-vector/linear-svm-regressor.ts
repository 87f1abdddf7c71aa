import { z } from 'zod';
import { choices, logUniform, option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { checkDual, linearOptions } from './linear-options.ts';
import { penaltyOption } from './svm-options.ts';

interface LinearState {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
}

export interface LinearSvmRegressorAttributes {
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Linear support vector regression:
 *
 *     min ½‖w‖² + ½ (b / interceptScaling)² + C Σ s_i loss(max(0, |y_i − ⟨w, x_i⟩ − b| − epsilon))
 *
 * Options and defaults of scikit-learn's LinearSVR. Errors that cost their size are minimised by dual coordinate
 * descent, those that cost their square by Newton's method (or L-BFGS) on all threads. As in scikit-learn the intercept
 * is penalised. A fit that stops at `maxIter` warns.
 */
export const linearSvmRegressor = defineRegressor({
  name: 'linear-svm-regressor',
  module: import.meta.url,
  summary: 'A linear model that lets small errors pass and is little moved by outliers.',
  use: 'For many rows with outliers in y; standardise the columns, and mind the unit of y in C and epsilon.',
  scaling: 'useful',
  readable: true,
  fitOperations: (rows, columns) => 2000 * rows * columns,
  checkState: requireLinearMap,
  options: z.strictObject({
    loss: option(
      z.enum(['epsilonInsensitive', 'squaredEpsilonInsensitive']).default('epsilonInsensitive'),
      'Whether errors beyond epsilon cost their size or its square.',
      choices('epsilonInsensitive', 'squaredEpsilonInsensitive'),
    ),
    epsilon: option(
      z.number().nonnegative().default(0),
      'Errors up to this size cost nothing; in the unit of y.',
      logUniform(1e-3, 1),
    ),
    C: penaltyOption,
    ...linearOptions,
  }),
  check: ({ dual, loss }) => checkDual('linear-svm-regressor', dual, loss, 'squaredEpsilonInsensitive'),
  async fit({ loss, dual, ...given }, { x, y, sampleWeight }, job): Promise<LinearState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { solveLinear } = await import('../../math/svm/linear/solve-linear.ts');
    const { coef, intercept, iterations, converged } = await solveLinear(
      job,
      {
        ...{ ...given, x, y, sampleWeight, squared: loss === 'squaredEpsilonInsensitive' },
        onIteration: (iteration) => job.progress(iteration / given.maxIter),
      },
      dual,
    );
    if (!converged) {
      job.warn(
        'fit/not-converged',
        `linear-svm-regressor stopped after ${iterations} rounds short of tol ${given.tol}. Raise maxIter, standardise the columns or lower C.`,
      );
    }
    return { coef, intercept: Float64Array.of(intercept), nIter: iterations, converged };
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: ({ coef, intercept, nIter, converged }): LinearSvmRegressorAttributes => ({
    ...{ coef, nIter, converged },
    intercept: intercept[0]!,
  }),
});
