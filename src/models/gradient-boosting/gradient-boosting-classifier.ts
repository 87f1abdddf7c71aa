import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { requireClassWork } from '../../math/class-work.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { boost } from '../../math/trees/boost.ts';
import { type BoostingLoss, boostingLosses } from '../../math/trees/boosting-loss.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { codeOfText, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import { stateOf, trainingTable } from '../tree-training-table.ts';
import { type BoostingState, boostingAttributes } from './boosting-attributes.ts';
import { boostingOptions, boostingSettings, boostingWorkers } from './boosting-options.ts';
import { boostingLossOf, type CustomLoss, customLossSchema } from './custom-loss.ts';
import { type EvalMetric, heldOutMetricOf } from './eval-metric.ts';
import { requireBoostingState } from './require-boosting-state.ts';

const MODEL = 'gradient-boosting-classifier';

/**
 * Gradient-boosted trees for log loss, on histograms of up to 255 bins, grown leaf by leaf: one tree an iteration for
 * two classes, else one a class (softmax). Missing values go the way of each split that fits best. Names follow
 * scikit-learn's HistGradientBoosting and GradientBoosting.
 */
export const gradientBoostingClassifier = defineClassifier({
  name: MODEL,
  module: import.meta.url,
  summary: 'Many small trees, each correcting the errors of those before it.',
  use: 'The most accurate choice for most tables, columns of text and missing values included.',
  input: 'table',
  scaling: 'irrelevant',
  missing: 'accepted',
  text: 'accepted',
  continues: true,
  options: boostingOptions.extend({
    loss: option(
      z
        .union([z.literal('logLoss'), customLossSchema], {
          error: 'It takes logLoss or customLoss({ gradientHessian })',
        })
        .default('logLoss'),
      'What is minimised: the log loss of the classes, or a loss of your own of the scores, see customLoss.',
    ),
    classWeight: option(
      z
        .union([z.literal('balanced'), z.record(z.string(), z.number().nonnegative())])
        .nullable()
        .default(null),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
  }),
  rowOperations: ({ trees }: BoostingState) => 4 * stepsOf(trees),
  checkState: requireBoostingState,
  async fit({ classWeight, ...options }, data, job): Promise<BoostingState> {
    const { y, classes } = data;
    requireClassWork({
      ...{ model: MODEL, rows: data.rows, classes: classes.length, advice: 'lower nEstimators' },
      // A tree for each class and iteration.
      nanoseconds: options.nEstimators * classes.length * (1e6 + 10 * data.rows),
    });
    const from = data.from as BoostingState | undefined;
    const outputs = classes.length === 2 ? 1 : classes.length;
    const table = trainingTable(data, { ...options, maxCategories: options.maxBins }, MODEL);
    const sampleWeight = applyClassWeight(classWeight, data);
    const settings = boostingSettings(options, table);
    requireMeaning(options, settings.limits.monotone, outputs);
    const found = await boost(boostingWorkers(job, options.nEstimators), {
      ...{ x: table.x, y, sampleWeight, validation: table.validation, from, outputs },
      loss: lossOf(options.loss, outputs),
      ...settings,
      metric: heldOutMetricOf(options.evalMetric, 'probabilities'),
    });
    return { ...found, ...stateOf(table) };
  },
  classCount: ({ baseline }: BoostingState) => Math.max(2, baseline.length),
  decisionFunction: ({ trees, baseline, categories }, x, job) =>
    sumTrees(
      ...([{ team: job.team, checkpoint: () => job.checkpoint() }, trees] as const),
      ...([encodeTable(x, categories), baseline] as const),
    ),
  async predictProba({ trees, baseline, categories }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const sums = await sumTrees(workers, trees, encodeTable(x, categories), baseline);
    return probabilitiesOf(sums, baseline.length);
  },
  encodeText: ({ categories }: BoostingState, column, text) => codeOfText(categories, column, text),
  predictProbaRow: ({ trees, baseline, categories }, row) =>
    probabilitiesOf(sumTreesOfRow(trees, encodeRow(categories, row), baseline), baseline.length),
  onnx({ trees, baseline, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    if ('unsupported' in coded) return coded;
    const scores = treeNodes(graph, coded, trees, baseline);
    return { scores, probabilities: probabilityNodes(graph, scores, baseline.length) };
  },
  attributes: boostingAttributes,
});

function lossOf(loss: 'logLoss' | CustomLoss, outputs: number): BoostingLoss {
  if (loss !== 'logLoss') return boostingLossOf(loss);
  return outputs === 1 ? boostingLosses.logistic : boostingLosses.softmax;
}

/** @throws OptionError for options that have no meaning with these classes. */
function requireMeaning(
  { evalMetric, loss }: { readonly evalMetric: EvalMetric; readonly loss: 'logLoss' | CustomLoss },
  monotone: Int8Array | undefined,
  outputs: number,
): void {
  const refuse = (option: string, reason: string): never => {
    throw new OptionError('option/conflict', reason, { option });
  };
  if (evalMetric === 'rootMeanSquaredError' || evalMetric === 'meanAbsoluteError')
    refuse(
      'evalMetric',
      `evalMetric '${evalMetric}' judges values; a classifier takes 'loss', 'accuracy', 'rocAuc' or a function.`,
    );
  if (loss !== 'logLoss' && loss.inverseLink === 'exp')
    refuse('loss', "A classifier turns scores into probabilities itself; leave the loss's inverseLink out.");
  if (outputs === 1) return;
  if (evalMetric === 'rocAuc')
    refuse(
      'evalMetric',
      `evalMetric 'rocAuc' is for two classes, y has ${outputs}. Take 'loss' or 'accuracy'.`,
    );
  if (monotone !== undefined)
    refuse(
      'monotonicCst',
      `monotonicCst is for two classes, y has ${outputs}: the probability of one class depends on the scores of all.`,
    );
}
