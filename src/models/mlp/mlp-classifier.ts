import { z } from 'zod';
import { andThen } from '../../core/eventually.ts';
import type { Matrix } from '../../core/matrix.ts';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { requireClassWork } from '../../math/class-work.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { denseOperations, denseRow, denseRows } from '../../nets/dense/dense-layers.ts';
import { denseNodes } from '../../nets/dense/dense-nodes.ts';
import { accuracyOf } from '../../nets/train/held-out-scores.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { checkMlp, mlpOptions } from './mlp-options.ts';
import { type MlpState, mlpAttributes } from './mlp-state.ts';

/**
 * Multilayer perceptron for classes: dense layers, trained on log loss by backpropagation. Options, defaults, initial weights, batches and
 * reasons to stop of scikit-learn's MLPClassifier. Training is in float32 by ONNX Runtime (lbfgs in float64), prediction in
 * float64 without it.
 * @throws DependencyError in a fit without the package `onnxruntime-node`.
 */
export const mlpClassifier = defineClassifier({
  name: 'mlp-classifier',
  module: import.meta.url,
  summary: 'A neural network of dense layers that gives class probabilities.',
  use: 'For boundaries that are smooth but far from straight; standardise the columns first.',
  scaling: 'useful',
  continues: true,
  checkpoints: true,
  mostRows: 20_000,
  options: mlpOptions.extend({
    classWeight: option(
      z
        .union([z.literal('balanced'), z.record(z.string(), z.number().nonnegative())])
        .nullable()
        .default(null),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
  }),
  check: (options) => checkMlp('mlp-classifier', options),
  rowOperations: ({ layers }: MlpState) => 2 * denseOperations(layers),
  async fit({ classWeight, ...options }, data, job): Promise<MlpState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitMlp } = await import('./fit-mlp.ts');
    const { stratification } = await import('../../nets/train/hold-out.ts');
    const { x, y, classes, validation, sampleWeight } = data;
    const isBinary = classes.length === 2;
    // Of the last layer alone: three products and an exponential for each row and class.
    const perPair = 3 + (options.hiddenLayerSizes.at(-1) ?? x.columns) / 8;
    requireClassWork({
      ...{ model: 'mlp-classifier', rows: x.rows, classes: classes.length, advice: 'lower maxIter' },
      nanoseconds: options.maxIter * x.rows * classes.length * perPair,
    });
    const rows = (of: Matrix, codes: Int32Array, weight: Float64Array | undefined): TrainingRows => ({
      ...{ x: of, weight },
      target: isBinary ? Float64Array.from(codes) : codes,
    });
    return fitMlp(job, {
      ...rows(x, y, applyClassWeight(classWeight, { y, classes, sampleWeight })),
      model: 'mlp-classifier',
      outputs: isBinary ? 1 : classes.length,
      loss: isBinary ? { kind: 'binaryCrossEntropy' } : { kind: 'crossEntropy' },
      stratify: stratification(y, classes.length),
      score: accuracyOf,
      validation: validation && rows(validation.x, validation.y, validation.sampleWeight),
      from: data.from as MlpState | undefined,
      checkpoint: data.checkpoint,
      options,
    });
  },
  classCount: ({ layers }: MlpState) => Math.max(2, layers.at(-1)!.bias.length),
  predictProba: ({ layers }, x, job) =>
    andThen(denseRows(job, x, layers), (scores) => probabilitiesOf(scores, layers.at(-1)!.bias.length)),
  predictProbaRow: ({ layers }, row) => probabilitiesOf(denseRow(row, layers), layers.at(-1)!.bias.length),
  onnx({ layers }, x, graph) {
    const scores = denseNodes(graph, x.value, layers);
    return { probabilities: probabilityNodes(graph, scores, layers.at(-1)!.bias.length) };
  },
  attributes: mlpAttributes,
});
