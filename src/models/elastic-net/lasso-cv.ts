import { z } from 'zod';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import type { NetCvState } from './fit-net-cv.ts';
import { netCvAttributes } from './net-cv-attributes.ts';
import { netCvOptions } from './net-cv-options.ts';

/**
 * The lasso (see `lasso`) with the strength of its penalty chosen by cross-validation along a path: scikit-learn's LassoCV, with its
 * options and defaults, for one target.
 */
export const lassoCV = defineRegressor({
  name: 'lasso-cv',
  module: import.meta.url,
  summary: 'The lasso, which chooses the strength of its penalty by cross-validation.',
  use: 'When few of many columns matter and the right strength is not known.',
  scaling: 'useful',
  selfTuning: true,
  readable: true,
  checkState: requireLinearMap,
  options: z.strictObject(netCvOptions),
  async fit(options, data, job): Promise<NetCvState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNetCv } = await import('./fit-net-cv.ts');
    return fitNetCv('lassoCV', { ...options, l1Ratios: [1] }, data, job);
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: netCvAttributes,
});
