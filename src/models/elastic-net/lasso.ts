import { z } from 'zod';
import { logUniform, option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes, linearAttributesOfTargets } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { type NetState, netAttributes } from '../../math/net-attributes.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { netOptions } from './net-options.ts';

/**
 * Least squares with an L1 penalty, which sets coefficients to exactly 0. For each target it minimises
 *
 *     Σ s_i (y_i − x_i·w − b)² / (2 Σ s_i) + alpha ‖w‖₁
 *
 * with s the sample weights: scikit-learn's Lasso, with its options and defaults. Coordinate descent finds the support, a linear
 * system the coefficients on it, so that the result is usually exact to rounding errors, whatever `tol`. A fit that
 * stops at `maxIter` short of `tol` warns.
 */
export const lasso = defineRegressor({
  name: 'lasso',
  module: import.meta.url,
  summary: 'Linear regression with an L1 penalty, which leaves out columns.',
  use: 'When few of many columns matter and a short formula is wanted.',
  scaling: 'useful',
  readable: true,
  severalTargets: true,
  continues: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    alpha: option(
      z.number().nonnegative().default(1),
      'Strength of the penalty; 0 is least squares, for which linearRegression is meant.',
      logUniform(1e-4, 1e2),
    ),
    ...netOptions,
  }),
  async fit(options, data, job): Promise<NetState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNet } = await import('./fit-net.ts');
    return fitNet('lasso', { ...options, l1Ratio: 1 }, data, job);
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: (state) => ({ ...linearAttributes(state), ...netAttributes(state) }),
  attributesOfTargets: (state) => ({ ...linearAttributesOfTargets(state), ...netAttributes(state) }),
});
