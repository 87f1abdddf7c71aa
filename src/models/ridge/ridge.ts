import { z } from 'zod';
import { logUniform, option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes, linearAttributesOfTargets } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';

interface RidgeState {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
}

/**
 * Least squares with an L2 penalty: minimises Σ s_i (y_i − x_i·w − b)² + alpha ‖w‖² with s the sample weights; the intercept is not
 * penalised. The objective, options and defaults of scikit-learn's Ridge; always solved directly, to rounding errors. With
 * more columns than rows it solves the dual system, of the size of the rows.
 */
export const ridge = defineRegressor({
  name: 'ridge',
  module: import.meta.url,
  summary: 'Linear regression with an L2 penalty.',
  use: 'A first choice for numbers: fast, and steady where columns are many or alike.',
  scaling: 'useful',
  readable: true,
  missing: 'propagated',
  severalTargets: true,
  fitOperations: (rows, columns) => 2 * (rows + columns) * columns * Math.min(rows, columns),
  checkState: requireLinearMap,
  options: z.strictObject({
    alpha: option(
      z.number().nonnegative().default(1),
      'Strength of the penalty; 0 is least squares.',
      logUniform(1e-4, 1e3),
    ),
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
    positive: option(z.boolean().default(false), 'Whether all coefficients must be at least 0.'),
    solver: option(
      z.enum(['auto', 'cholesky', 'qr']).default('auto'),
      'How to solve: cholesky is the fastest (and gives way to qr where it would lose digits), qr the most accurate, auto goes by size.',
    ),
  }),
  async fit(options, { x, y, targets, sampleWeight }, job): Promise<RidgeState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { leastSquares } = await import('../../math/least-squares.ts');
    const { coef, intercept } = await leastSquares(job, { x, y, targets, sampleWeight, ...options });
    return { coef, intercept };
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: linearAttributes,
  attributesOfTargets: linearAttributesOfTargets,
});
