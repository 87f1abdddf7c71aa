import { defineRegressor } from '../../define/define-regressor.ts';
import { boost } from '../../math/trees/boost.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { type BoostingState, boostingAttributes } from './boosting-attributes.ts';
import { boostingOptions, boostingSettings, boostingWorkers } from './boosting-options.ts';

/**
 * Gradient-boosted trees for squared error, on histograms of up to 255 bins, grown leaf by leaf. Minimises ½ Σ s_i (y_i
 * − f(x_i))² with s the sample weights. Missing values go the way of each split that fits best. Names follow
 * scikit-learn's HistGradientBoosting and GradientBoosting.
 */
export const gradientBoostingRegressor = defineRegressor({
  name: 'gradient-boosting-regressor',
  module: import.meta.url,
  summary: 'Many small trees, each correcting the errors of those before it.',
  use: 'The most accurate choice for most tables of numbers, missing values included.',
  scaling: 'irrelevant',
  missing: 'accepted',
  continues: true,
  options: boostingOptions,
  rowOperations: ({ trees }: BoostingState) => 4 * stepsOf(trees),
  async fit(options, data, job): Promise<BoostingState> {
    const { x, y, sampleWeight, validation } = data;
    const from = data.from as BoostingState | undefined;
    const found = await boost(boostingWorkers(job, options.nEstimators), {
      ...{ x, y, sampleWeight, validation, from, outputs: 1, loss: 'squaredError' },
      ...boostingSettings(options),
    });
    return { ...found, columns: x.columns };
  },
  predict: ({ trees, baseline }, x, job) =>
    sumTrees({ team: job.team, checkpoint: () => job.checkpoint() }, trees, x, baseline),
  predictRow: ({ trees, baseline }, row) => sumTreesOfRow(trees, row, baseline)[0]!,
  onnx: ({ trees, baseline }, x, graph) => treeNodes(graph, x, trees, baseline),
  attributes: boostingAttributes,
});
