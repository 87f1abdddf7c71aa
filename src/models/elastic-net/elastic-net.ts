import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { logUniform, option, uniform } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes, linearAttributesOfTargets } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { type NetState, netAttributes } from '../../math/net-attributes.ts';

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
  severalTargets: true,
  continues: true,
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
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
    positive: option(z.boolean().default(false), 'Whether all coefficients must be at least 0.'),
    tol: option(
      z.number().nonnegative().default(1e-4),
      'The fit ends when the duality gap is at most this share of the variance of y.',
    ),
    maxIter: option(z.int().positive().default(1000), 'Most sweeps over the coefficients.'),
    selection: option(
      z.enum(['cyclic', 'random']).default('cyclic'),
      'Whether sweeps visit coefficients in order or draw them at random.',
    ),
    randomState: option(
      z
        .int()
        .min(0)
        .max(2 ** 32 - 1)
        .nullable()
        .default(0),
      'Seed of random selection; null draws a new one each time.',
    ),
  }),
  async fit(options, data, job): Promise<NetState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { describeShortfall, solveElasticNet } = await import('../../math/solve-elastic-net.ts');
    const { x, y, targets, sampleWeight } = data;
    const from = (data.from as NetState | undefined)?.coef;
    if (from !== undefined && from.length !== targets * x.columns) {
      throw new DataError(
        'data/other-shape',
        `The model to continue from has ${from.length} coefficients; these data need ${targets * x.columns}.`,
      );
    }
    const solution = await solveElasticNet(job.team, {
      ...{ ...options, x, y, targets, sampleWeight, from },
      checkpoint: () => job.checkpoint(),
      onSweep: (target, sweep) =>
        job.progress((target + sweep / options.maxIter) / targets, `sweep ${sweep}`),
    });
    const shortfall = describeShortfall(solution, 'elasticNet', options.tol);
    if (shortfall !== undefined) job.warn('fit/not-converged', shortfall);
    const { coef, intercept, iterations: nIter, dualGap } = solution;
    return { coef, intercept, nIter, dualGap };
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  attributes: (state) => ({ ...linearAttributes(state), ...netAttributes(state) }),
  attributesOfTargets: (state) => ({ ...linearAttributesOfTargets(state), ...netAttributes(state) }),
});
