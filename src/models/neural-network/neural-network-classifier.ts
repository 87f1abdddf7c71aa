import { z } from 'zod';
import { JobError } from '../../core/errors.ts';
import { andThen } from '../../core/eventually.ts';
import { option } from '../../core/options.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { requireClassWork } from '../../math/class-work.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { outputShape } from '../../nets/network.ts';
import { networkRow, networkRows } from '../../nets/predict/network-rows.ts';
import { accuracyOf } from '../../nets/train/held-out-scores.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { checkNeuralNetwork, neuralNetworkOptions } from './neural-network-options.ts';
import {
  checkNeuralNetworkState,
  type NeuralNetworkState,
  neuralNetworkAttributes,
  neuralNetworkOperations,
} from './neural-network-state.ts';

/**
 * A neural network of any layers for classes, trained on cross entropy.
 *
 *     const model = await neuralNetworkClassifier({
 *       inputShape: [1, 28, 28],
 *       layers: [
 *         { kind: 'conv2d', filters: 16, kernelSize: 3 },
 *         { kind: 'activation', function: 'relu' },
 *         { kind: 'maxPool2d', size: 2 },
 *         { kind: 'flatten' },
 *       ],
 *       epochs: 10,
 *     }).fit(pixels, digits);
 *     console.log(model.architecture);
 *
 * Training is in float32 by ONNX Runtime. Networks of dense layers predict in float64 without it; others need it to predict too, do so in
 * float32, and by `predict` only, not by `predictRow`.
 * @throws OptionError naming the layer and the shapes that do not fit; DataError for columns that do not make up the inputShape;
 *   JobError `train/not-finite` naming the first layer; DependencyError without the package `onnxruntime-node`.
 */
export const neuralNetworkClassifier = defineClassifier({
  name: 'neural-network-classifier',
  module: import.meta.url,
  summary: 'A neural network of any layers that gives class probabilities.',
  use: 'For pictures, sequences and whatever needs layers of its own; for tables mlp-classifier is simpler.',
  scaling: 'useful',
  continues: true,
  checkpoints: true,
  chosen: 'by-name',
  options: neuralNetworkOptions.extend({
    classWeight: option(
      z
        .union([z.literal('balanced'), z.record(z.string(), z.number().nonnegative())])
        .nullable()
        .default(null),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
    labelSmoothing: option(
      z.number().min(0).lt(1).default(0),
      'Share of the target that is divided among all classes, against too great certainty.',
    ),
  }),
  check: (options) => checkNeuralNetwork('neural-network-classifier', options),
  checkState: (state: NeuralNetworkState, { columns, outputs }) =>
    checkNeuralNetworkState(state, columns, outputs === 1 ? [1, 2] : [outputs]),
  single: true,
  rowOperations: neuralNetworkOperations,
  async fit({ classWeight, ...options }, data, job): Promise<NeuralNetworkState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNeuralNetwork } = await import('./fit-neural-network.ts');
    const { classifierProblem } = await import('./classifier-problem.ts');
    const { stratification } = await import('../../nets/train/hold-out.ts');
    const { x, y, classes, validation, sampleWeight } = data;
    requireClassWork({
      ...{
        model: 'neural-network-classifier',
        rows: x.rows,
        classes: classes.length,
        advice: 'lower epochs',
      },
      // Of the last layer alone.
      nanoseconds: options.epochs * x.rows * classes.length * 10,
    });
    const { network, loss, targets } = classifierProblem(options, x.columns, classes.length);
    return fitNeuralNetwork(job, {
      ...{ model: 'neural-network-classifier', network, loss, options },
      rows: { x, target: targets(y), weight: applyClassWeight(classWeight, { y, classes, sampleWeight }) },
      stratify: stratification(y, classes.length),
      score: accuracyOf,
      validation: validation && {
        x: validation.x,
        target: targets(validation.y),
        weight: validation.sampleWeight,
      },
      from: data.from as NeuralNetworkState | undefined,
      checkpoint: data.checkpoint,
    });
  },
  classCount: ({ network }: NeuralNetworkState) => Math.max(2, outputShape(network)[0]!),
  predictProba: ({ network }: NeuralNetworkState, x, job) =>
    andThen(networkRows(job, x, network), (scores) => probabilitiesOf(scores, scores.length / x.rows)),
  predictProbaRow({ network }: NeuralNetworkState, row) {
    const scores = networkRow(row, network);
    if (scores !== undefined) return probabilitiesOf(scores, scores.length);
    throw new JobError(
      'model/no-row-prediction',
      'This neural-network-classifier cannot predict a single row synchronously; use await predict([row]).',
    );
  },
  async onnx({ network }: NeuralNetworkState, x, graph) {
    const { networkNodes } = await import('../../nets/predict/network-nodes.ts');
    const scores = networkNodes(graph, x.value, network);
    return { probabilities: probabilityNodes(graph, scores, outputShape(network)[0]!) };
  },
  attributes: neuralNetworkAttributes,
});
