import { z } from 'zod';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes, linearAttributesOfTargets } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';

interface LinearRegressionState {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly rank: number;
}

/**
 * Ordinary least squares: minimises Σ s_i (y_i − x_i·w − b)² with s the sample weights. Where columns depend on each other or are more
 * than the rows, of the many solutions it returns the one with the smallest ‖w‖ in the columns' own units, as scikit-learn does; so
 * scaling the columns first changes the answer. Unlike there, units do not matter for which columns count as dependent.
 */
export const linearRegression = defineRegressor({
  name: 'linear-regression',
  module: import.meta.url,
  summary: 'Ordinary least squares.',
  use: 'When the target is about a weighted sum of the columns and the weights are to be read.',
  scaling: 'harmful',
  readable: true,
  missing: 'propagated',
  severalTargets: true,
  fitOperations: (rows, columns) => 2 * (rows + columns) * columns * Math.min(rows, columns),
  checkState: requireLinearMap,
  options: z.strictObject({
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept.'),
    positive: option(z.boolean().default(false), 'Whether all coefficients must be at least 0.'),
    tol: option(
      z.number().nonnegative().lt(1).nullable().default(null),
      'A column counts as dependent on others when they leave no more than this share of it; null: max(rows, columns) · 2^-52.',
    ),
  }),
  async fit(options, { x, y, targets, sampleWeight }, job): Promise<LinearRegressionState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { leastSquares } = await import('../../math/least-squares.ts');
    const { coef, intercept, rank } = await leastSquares(job, { x, y, targets, sampleWeight, ...options });
    return { coef, intercept, rank };
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: (state) => ({ ...linearAttributes(state), ...rankOf(state) }),
  attributesOfTargets: (state) => ({ ...linearAttributesOfTargets(state), ...rankOf(state) }),
});

/** Numerical rank of the centred columns; with `positive` the most coefficients above 0 that a target has. */
function rankOf({ rank }: LinearRegressionState): { readonly rank: number } {
  return { rank };
}
