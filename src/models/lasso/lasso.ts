import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { logUniform, option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { describeShortfall, solveElasticNet } from '../../math/solve-elastic-net.ts';

interface LassoState {
  /** Row-major, targets × columns. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly nIter: Int32Array;
  readonly dualGap: Float64Array;
}

export interface LassoAttributes {
  /** One number a column; with several targets row-major, targets × columns. */
  readonly coef: Float64Array;
  /** The intercept when there is one target; NaN when there are several, see {@link intercepts}. */
  readonly intercept: number;
  /** One number a target. */
  readonly intercepts: Float64Array;
  /** Sweeps over the coefficients; with several targets the most that one needed. */
  readonly nIter: number;
  /** How far the objective may be from its minimum; with several targets the most. */
  readonly dualGap: number;
  /** Share of the coefficients that are 0. */
  readonly sparsity: number;
}

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
  severalTargets: true,
  continues: true,
  options: z.strictObject({
    alpha: option(
      z.number().nonnegative().default(1),
      'Strength of the penalty; 0 is least squares, for which linearRegression is meant.',
      logUniform(1e-4, 1e2),
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
  async fit(options, data, job): Promise<LassoState> {
    const { x, y, targets, sampleWeight } = data;
    const from = (data.from as LassoState | undefined)?.coef;
    if (from !== undefined && from.length !== targets * x.columns) {
      throw new DataError(
        'data/other-shape',
        `The model to continue from has ${from.length} coefficients; these data need ${targets * x.columns}.`,
      );
    }
    const solution = await solveElasticNet(job.team, {
      ...{ ...options, l1Ratio: 1, x, y, targets, sampleWeight, from },
      checkpoint: () => job.checkpoint(),
      onSweep: (target, sweep) =>
        job.progress((target + sweep / options.maxIter) / targets, `sweep ${sweep}`),
    });
    const shortfall = describeShortfall(solution, 'lasso', options.tol);
    if (shortfall !== undefined) job.warn('fit/not-converged', shortfall);
    const { coef, intercept, iterations: nIter, dualGap } = solution;
    return { coef, intercept, nIter, dualGap };
  },
  predict: (state, x, job) => linearScores(x, state, () => job.checkpoint()),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  attributes: ({ coef, intercept, nIter, dualGap }): LassoAttributes => ({
    coef,
    intercept: intercept.length === 1 ? intercept[0]! : Number.NaN,
    intercepts: intercept,
    nIter: Math.max(...nIter),
    dualGap: Math.max(...dualGap),
    sparsity: coef.length === 0 ? 0 : coef.reduce((zeros, w) => zeros + (w === 0 ? 1 : 0), 0) / coef.length,
  }),
});
