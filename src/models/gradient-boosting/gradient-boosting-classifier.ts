import { z } from 'zod';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { boost } from '../../math/trees/boost.ts';
import { boostingLosses } from '../../math/trees/boosting-loss.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { type BoostingState, boostingAttributes } from './boosting-attributes.ts';
import { boostingOptions, boostingSettings, boostingWorkers } from './boosting-options.ts';

/**
 * Gradient-boosted trees for log loss, on histograms of up to 255 bins, grown leaf by leaf: one tree an iteration for
 * two classes, else one a class (softmax). Missing values go the way of each split that fits best. Names follow
 * scikit-learn's HistGradientBoosting and GradientBoosting.
 */
export const gradientBoostingClassifier = defineClassifier({
  name: 'gradient-boosting-classifier',
  module: import.meta.url,
  summary: 'Many small trees, each correcting the errors of those before it.',
  use: 'The most accurate choice for most tables of numbers, missing values included.',
  scaling: 'irrelevant',
  missing: 'accepted',
  continues: true,
  options: boostingOptions.extend({
    classWeight: option(
      z
        .union([z.literal('balanced'), z.record(z.string(), z.number().nonnegative())])
        .nullable()
        .default(null),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
  }),
  rowOperations: ({ trees }: BoostingState) => 4 * stepsOf(trees),
  async fit({ classWeight, ...options }, data, job): Promise<BoostingState> {
    const { x, y, classes, validation } = data;
    const from = data.from as BoostingState | undefined;
    const outputs = classes.length === 2 ? 1 : classes.length;
    const found = await boost(boostingWorkers(job, options.nEstimators), {
      ...{
        x,
        y,
        validation,
        from,
        outputs,
        loss: outputs === 1 ? boostingLosses.logistic : boostingLosses.softmax,
      },
      sampleWeight: applyClassWeight(classWeight, data),
      ...boostingSettings(options),
    });
    return { ...found, columns: x.columns };
  },
  decisionFunction: ({ trees, baseline }, x, job) =>
    sumTrees({ team: job.team, checkpoint: () => job.checkpoint() }, trees, x, baseline),
  async predictProba({ trees, baseline }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    return probabilitiesOf(await sumTrees(workers, trees, x, baseline), baseline.length);
  },
  predictProbaRow: ({ trees, baseline }, row) =>
    probabilitiesOf(sumTreesOfRow(trees, row, baseline), baseline.length),
  onnx({ trees, baseline }, x, graph) {
    const scores = treeNodes(graph, x, trees, baseline);
    return { scores, probabilities: probabilityNodes(graph, scores, baseline.length) };
  },
  attributes: boostingAttributes,
});
