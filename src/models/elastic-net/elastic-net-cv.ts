import { z } from 'zod';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { linearScores, rowScores } from '../../math/linear-scores.ts';
import { requireLinearMap } from '../../math/require-linear-map.ts';
import { linearNodes } from '../../tensor/onnx/linear-nodes.ts';
import type { NetCvState } from './fit-net-cv.ts';
import { netCvAttributes } from './net-cv-attributes.ts';
import { netCvOptions } from './net-cv-options.ts';

const ratio = z.number().positive().max(1);

/**
 * The elastic net (see `elasticNet`) with the strength of its penalty, and the share of L1 in it where several are given, chosen by
 * cross-validation along a path: scikit-learn's ElasticNetCV, with its options and defaults, for one target.
 */
export const elasticNetCV = defineRegressor({
  name: 'elastic-net-cv',
  module: import.meta.url,
  summary: 'The elastic net, which chooses the strength of its penalty by cross-validation.',
  use: 'When few of many columns matter, some of them are alike, and the right strength is not known.',
  scaling: 'useful',
  selfTuning: true,
  readable: true,
  checkState: requireLinearMap,
  options: z.strictObject({
    l1Ratio: option(
      z.union([ratio, z.array(ratio).nonempty().readonly()]).default(0.5),
      'Share of the L1 penalty, or several to choose from; 1 is the lasso.',
    ),
    ...netCvOptions,
  }),
  async fit({ l1Ratio, ...options }, data, job): Promise<NetCvState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNetCv } = await import('./fit-net-cv.ts');
    const l1Ratios = typeof l1Ratio === 'number' ? [l1Ratio] : l1Ratio;
    return fitNetCv('elasticNetCV', { ...options, l1Ratios }, data, job);
  },
  predict: (state, x, job) => linearScores(job, x, state),
  predictRow: (state, row) => rowScores(row, state)[0]!,
  onnx: (state, x, graph) => linearNodes(graph, x, state),
  attributes: netCvAttributes,
});
