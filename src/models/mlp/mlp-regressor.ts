import { z } from 'zod';
import { andThen } from '../../core/eventually.ts';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { denseOperations, denseRow, denseRows } from '../../nets/dense/dense-layers.ts';
import { denseNodes } from '../../nets/dense/dense-nodes.ts';
import { rSquaredOf } from '../../nets/train/held-out-scores.ts';
import { standardizeTargets, type TargetScale } from '../../nets/train/target-scale.ts';
import { checkMlp, mlpOptions } from './mlp-options.ts';
import { type MlpState, mlpAttributes } from './mlp-state.ts';

interface MlpRegressorState extends MlpState {
  readonly target: TargetScale;
}

/**
 * Multilayer perceptron for numbers: dense layers, trained on half the squared error by backpropagation. Options, defaults, initial weights,
 * batches and reasons to stop of scikit-learn's MLPRegressor, except that targets are standardised while training
 * (`standardizeTarget: false` does as scikit-learn), so that prices in thousands take no longer than shares; losses are of standardised targets.
 * Training is in float32 by ONNX Runtime (lbfgs in float64), prediction in float64 without it.
 * @throws DependencyError in a fit without the package `onnxruntime-node`.
 */
export const mlpRegressor = defineRegressor({
  name: 'mlp-regressor',
  module: import.meta.url,
  summary: 'A neural network of dense layers that gives numbers.',
  use: 'For smooth relations that are far from straight; standardise the columns first.',
  scaling: 'useful',
  continues: true,
  severalTargets: true,
  checkpoints: true,
  mostRows: 20_000,
  options: mlpOptions.extend({
    standardizeTarget: option(
      z.boolean().default(true),
      'Whether to train on targets of mean 0 and variance 1; predictions are turned back.',
    ),
  }),
  check: (options) => checkMlp('mlp-regressor', options),
  rowOperations: ({ layers }: MlpRegressorState) => 2 * denseOperations(layers),
  async fit({ standardizeTarget, ...options }, data, job): Promise<MlpRegressorState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitMlp } = await import('./fit-mlp.ts');
    const { x, y, targets, sampleWeight: weight, validation } = data;
    const from = data.from as MlpRegressorState | undefined;
    const { scale, scaled } = standardizeTargets(y, targets, weight, from?.target ?? standardizeTarget);
    const fitted = await fitMlp(job, {
      ...{ x, target: scaled(y), weight, options, from, outputs: targets },
      model: 'mlp-regressor',
      checkpoint: data.checkpoint,
      loss: { kind: 'squaredError' },
      stratify: undefined,
      score: rSquaredOf,
      validation: validation && {
        x: validation.x,
        target: scaled(validation.y),
        weight: validation.sampleWeight,
      },
    });
    return { ...fitted, target: scale };
  },
  predict: ({ layers, target: { mean, deviation } }: MlpRegressorState, x, job) =>
    andThen(denseRows(job, x, layers), (values) => {
      const width = mean.length;
      for (let i = 0; i < values.length; i++)
        values[i] = values[i]! * deviation[i % width]! + mean[i % width]!;
      return values;
    }),
  predictRow: ({ layers, target: { mean, deviation } }: MlpRegressorState, row) =>
    denseRow(row, layers)[0]! * deviation[0]! + mean[0]!,
  onnx({ layers, target: { mean, deviation } }: MlpRegressorState, x, graph) {
    const scaled = graph.node('Mul', [denseNodes(graph, x.value, layers), graph.constant(deviation)]);
    return graph.node('Add', [scaled, graph.constant(mean)]);
  },
  attributes: mlpAttributes,
});
