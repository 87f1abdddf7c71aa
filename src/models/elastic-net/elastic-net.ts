import { z } from 'zod';
import { logUniform, option, uniform } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes, linearAttributesOfTargets } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { type NetState, netAttributes } from '../../math/net-attributes.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import { netOptions } from './net-options.ts';

/**
 * Least squares with an L1 and an L2 penalty. For each target it minimises
 *
 *     Σ s_i (y_i − x_i·w − b)² / (2 Σ s_i) + alpha · l1Ratio · ‖w‖₁ + ½ alpha · (1 − l1Ratio) · ‖w‖²
 *
 * with s the sample weights: scikit-learn's ElasticNet, with its options and defaults. Coordinate descent finds the support, a linear
 * system the coefficients on it, so that the result is usually exact to rounding errors, whatever `tol`. A fit that
 * stops at `maxIter` short of `tol` warns.
 */
export const elasticNet = defineRegressor({
  name: 'elastic-net',
  module: import.meta.url,
  summary: 'Linear regression with an L1 and an L2 penalty.',
  use: 'When few of many columns matter and some of them say much the same.',
  scaling: 'useful',
  readable: true,
  severalTargets: true,
  continues: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    alpha: option(
      z.number().nonnegative().default(1),
      'Strength of the penalty of both kinds; 0 is least squares, for which linearRegression is meant.',
      logUniform(1e-4, 1e2),
    ),
    l1Ratio: option(
      z.number().min(0).max(1).default(0.5),
      'Share of the L1 penalty: 1 is the lasso, 0 has the squares only.',
      uniform(0.05, 1),
    ),
    ...netOptions,
  }),
  async fit(options, data, job): Promise<NetState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNet } = await import('./fit-net.ts');
    return fitNet('elasticNet', options, data, job);
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: (state) => ({ ...linearAttributes(state), ...netAttributes(state) }),
  attributesOfTargets: (state) => ({ ...linearAttributesOfTargets(state), ...netAttributes(state) }),
});
