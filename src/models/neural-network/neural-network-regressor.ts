import { z } from 'zod';
import { JobError } from '../../core/errors.ts';
import { andThen } from '../../core/eventually.ts';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { networkRow, networkRows } from '../../nets/predict/network-rows.ts';
import { rSquaredOf } from '../../nets/train/held-out-scores.ts';
import { standardizeTargets, type TargetScale } from '../../nets/train/target-scale.ts';
import { checkNeuralNetwork, neuralNetworkOptions } from './neural-network-options.ts';
import {
  checkNeuralNetworkState,
  type NeuralNetworkState,
  neuralNetworkAttributes,
  neuralNetworkOperations,
} from './neural-network-state.ts';
import { lossOptions, regressionLoss } from './regression-loss.ts';

interface NeuralNetworkRegressorState extends NeuralNetworkState {
  readonly target: TargetScale;
}

/**
 * A neural network of any layers for numbers, trained on the squared, absolute or Huber's error of standardised targets
 * (`standardizeTarget: false` takes them as they are).
 *
 *     const model = await neuralNetworkRegressor({
 *       inputShape: [24, 3],
 *       layers: [{ kind: 'flatten' }, { kind: 'dense', units: 32 }, { kind: 'activation', function: 'gelu' }],
 *       schedule: 'cosine',
 *     }).fit(x, y);
 *
 * See {@link neuralNetworkClassifier} for how it is computed, and for what it throws.
 */
export const neuralNetworkRegressor = defineRegressor({
  name: 'neural-network-regressor',
  module: import.meta.url,
  summary: 'A neural network of any layers that gives numbers.',
  use: 'For pictures, sequences and whatever needs layers of its own; for tables mlp-regressor is simpler.',
  scaling: 'useful',
  continues: true,
  severalTargets: true,
  checkpoints: true,
  chosen: 'by-name',
  options: neuralNetworkOptions.extend({
    ...lossOptions,
    standardizeTarget: option(
      z.boolean().default(true),
      'Whether to train on targets of mean 0 and variance 1; predictions are turned back.',
    ),
  }),
  check: (options) => checkNeuralNetwork('neural-network-regressor', options),
  checkState: (state: NeuralNetworkRegressorState, { columns, outputs }) =>
    checkNeuralNetworkState(state, columns, [outputs]),
  single: true,
  rowOperations: neuralNetworkOperations,
  async fit(
    { standardizeTarget, loss, huberDelta, ...options },
    data,
    job,
  ): Promise<NeuralNetworkRegressorState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitNeuralNetwork } = await import('./fit-neural-network.ts');
    const { architecture } = await import('./architecture.ts');
    const { x, y, targets, sampleWeight: weight, validation } = data;
    const from = data.from as NeuralNetworkRegressorState | undefined;
    const { scale, scaled } = standardizeTargets(y, targets, weight, from?.target ?? standardizeTarget);
    const fitted = await fitNeuralNetwork(job, {
      ...{ rows: { x, target: scaled(y), weight }, options, from },
      model: 'neural-network-regressor',
      network: architecture('neural-network-regressor', options, x.columns, [targets]),
      loss: regressionLoss({ loss, huberDelta }),
      stratify: undefined,
      score: rSquaredOf,
      validation: validation && {
        x: validation.x,
        target: scaled(validation.y),
        weight: validation.sampleWeight,
      },
      checkpoint: data.checkpoint,
    });
    return { ...fitted, target: scale };
  },
  predict: ({ network, target: { mean, deviation } }: NeuralNetworkRegressorState, x, job) =>
    andThen(networkRows(job, x, network), (values) => {
      const width = mean.length;
      for (let i = 0; i < values.length; i++)
        values[i] = values[i]! * deviation[i % width]! + mean[i % width]!;
      return values;
    }),
  predictRow({ network, target: { mean, deviation } }: NeuralNetworkRegressorState, row) {
    const values = networkRow(row, network);
    if (values !== undefined) return values[0]! * deviation[0]! + mean[0]!;
    throw new JobError(
      'model/no-row-prediction',
      'This neural-network-regressor cannot predict a single row synchronously; use await predict([row]).',
    );
  },
  async onnx({ network, target: { mean, deviation } }: NeuralNetworkRegressorState, x, graph) {
    const { networkNodes } = await import('../../nets/predict/network-nodes.ts');
    const scaled = graph.node('Mul', [networkNodes(graph, x.value, network), graph.constant(deviation)]);
    return graph.node('Add', [scaled, graph.constant(mean)]);
  },
  attributes: neuralNetworkAttributes,
});
