import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { StateShape } from '../../define/definition.ts';
import { definePolicy } from '../../environments/policy/define-policy.ts';
import { featureNodes, featureRows, writeFeatures } from '../../environments/policy/observation-features.ts';
import { denseOperations, denseRow } from '../../nets/dense/dense-layers.ts';
import { denseNodes } from '../../nets/dense/dense-nodes.ts';
import { dqnOptions } from './dqn-options.ts';
import type { DqnState } from './learn-dqn.ts';
import { bestAction } from './q-actor.ts';

/** What a deep Q-network shows. */
export interface DqnAttributes {
  /** Weights of each layer, inputs × outputs; duelling streams are folded into the last. */
  readonly coefs: readonly Matrix[];
  readonly intercepts: readonly Float64Array[];
  /** Updates of the network in the course of the learning. */
  readonly updates: number;
}

/**
 * Deep Q-network: a network of dense layers that says what each action is worth, learned from remembered steps. Options and defaults of
 * Stable-Baselines3's DQN; double, duelling, prioritized and n-step learning as options. Whole numbers are one-hot encoded.
 *
 *     const model = await dqn({ learningRate: 0.0023, batchSize: 64 }).learn('CartPole-v1', { steps: 50_000 });
 *     model.learning.evaluation; await model.decisionFunction(observations); await model.predict(observations);
 */
export const dqn = definePolicy({
  name: 'dqn',
  module: import.meta.url,
  summary: 'A neural network that says what each action is worth, learned by acting.',
  use: 'Worlds of few actions whose observations are too many for a table.',
  scaling: 'useful',
  options: dqnOptions,
  rowOperations: ({ policy }: { readonly policy: DqnState }) => 2 * denseOperations(policy.layers),
  async learn(options, context, job) {
    // Loaded by the thread that learns, not by every program that mentions the model.
    const { learnDqn } = await import('./learn-dqn.ts');
    return learnDqn(options, context, job);
  },
  actor({ features, layers }: DqnState) {
    const row = new Float64Array(features.width);
    return (observation, mask) => {
      writeFeatures(features, observation, row, 0);
      return bestAction(denseRow(row, layers), mask);
    };
  },
  actionValues({ features, layers, actions }: DqnState, x) {
    const { width } = features;
    const rows = featureRows(features, x.data, x.rows);
    const out = sharedArray(Float64Array, x.rows * actions);
    for (let i = 0; i < x.rows; i++)
      out.set(denseRow(rows.subarray(i * width, (i + 1) * width), layers), i * actions);
    return out;
  },
  onnx: ({ features, layers }: DqnState, x, graph) =>
    denseNodes(graph, featureNodes(features, x.value, graph), layers),
  checkState: ({ policy }: { readonly policy: DqnState }, shape: StateShape) => requireFit(policy, shape),
  attributes: ({ layers, training }: DqnState): DqnAttributes => ({
    coefs: layers.map(({ weights, bias }) => {
      const columns = bias.length;
      return new Matrix({ rows: weights.length / columns, columns, data: Float64Array.from(weights) });
    }),
    intercepts: layers.map(({ bias }) => Float64Array.from(bias)),
    updates: training.step,
  }),
});

/** @throws DataError unless the layers lead from the columns to the actions. */
function requireFit({ features, layers, actions }: DqnState, { columns, outputs }: StateShape): void {
  const { width, sizes } = features;
  const coded = sizes.length === 0 ? columns === width : columns === sizes.length;
  let inputs = width;
  const fits = layers.every(({ weights, bias }) => {
    const isNext = weights.length === inputs * bias.length;
    inputs = bias.length;
    return isNext;
  });
  const scores = actions === 2 ? 1 : actions;
  if (coded && fits && layers.length > 0 && inputs === actions && scores === outputs) return;
  throw new DataError(
    'model/unfit-state',
    'The layers of the deep Q-network do not lead from its observations to its actions.',
    {},
  );
}
