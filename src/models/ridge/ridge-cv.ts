import { z } from 'zod';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearAttributes } from '../../math/linear-attributes.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import type { RidgeCvState } from './fit-ridge-cv.ts';

/**
 * Ridge regression (see `ridge`) with the strength of its penalty chosen among `alphas`: scikit-learn's RidgeCV, with its options and
 * defaults, for one target. Without `cv` by leaving out one row after the other, which costs one eigendecomposition for all rows and
 * strengths, by the mean squared error; with `cv` by R² on folds of neighbouring rows.
 */
export const ridgeCV = defineRegressor({
  name: 'ridge-cv',
  module: import.meta.url,
  summary: 'Ridge regression, which chooses the strength of its penalty by cross-validation.',
  use: 'When the right strength is not known: leaving out one row after the other is no dearer than a few fits.',
  scaling: 'useful',
  selfTuning: true,
  readable: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    alphas: option(
      z.array(z.number().positive()).nonempty().readonly().default([0.1, 1, 10]),
      'Strengths to choose from.',
    ),
    fitIntercept: option(z.boolean().default(true), 'Whether to fit an intercept, which is not penalised.'),
    cv: option(
      z.int().min(2).nullable().default(null),
      'Folds, which keep groups whole where they are given; null leaves out one row after the other.',
    ),
  }),
  async fit(options, data, job): Promise<RidgeCvState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitRidgeCv } = await import('./fit-ridge-cv.ts');
    return fitRidgeCv(options, data, job);
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: (state) => ({
    ...linearAttributes(state),
    alpha: state.alpha,
    bestScore: state.bestScore,
    scores: state.scores,
  }),
});
