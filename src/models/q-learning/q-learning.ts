import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import { definePolicy } from '../../environments/policy/define-policy.ts';
import { codeObservation, codeRows, type StateCoding } from '../../environments/state-coding.ts';
import { learnTable, type QLearningState } from './learn-table.ts';
import { qLearningOptions } from './q-learning-options.ts';

/** What a tabular policy shows. */
export interface QLearningAttributes {
  /** Worth of each action in each state, states × actions. */
  readonly qTable: Matrix;
  /** The best action in each state. */
  readonly policy: Int32Array;
  /** How often each state and action was learned from, row-major as the table. */
  readonly visits: Uint32Array;
  readonly coding: StateCoding;
}

/**
 * Q-learning and its relatives (SARSA, expected SARSA, double Q-learning, each also over n steps): a table of what each action is worth
 * in each state. Continuous observations are put in bins.
 *
 *     const model = await qLearning().learn('Taxi-v3', { episodes: 10_000 });
 *     model.learning.evaluation; model.qTable; await model.predict([[21]]);
 */
export const qLearning = definePolicy({
  name: 'q-learning',
  module: import.meta.url,
  summary: 'A table of what each action is worth in each state, learned by acting.',
  use: 'Worlds with few states (games, grids, a handful of binned numbers); inspectable.',
  options: qLearningOptions,
  readable: true,
  scaling: 'irrelevant',
  rowOperations: () => 20,
  learn: learnTable,
  actor({ coding, actions, values }: QLearningState) {
    const policy = bestActions(values, actions);
    return (observation) => policy[codeObservation(coding, observation)]!;
  },
  actionValues({ coding, actions, values }: QLearningState, x) {
    const out = sharedArray(Float64Array, x.rows * actions);
    for (const [i, state] of codeRows(coding, x.data, x.rows).entries()) {
      out.set(values.subarray(state * actions, (state + 1) * actions), i * actions);
    }
    return out;
  },
  onnx: tableNodes,
  attributes: ({ coding, actions, values, visits }: QLearningState): QLearningAttributes => ({
    qTable: new Matrix({ rows: values.length / actions, columns: actions, data: values }),
    policy: bestActions(values, actions),
    ...{ visits, coding },
  }),
});

/** The first of the best actions of each state. */
function bestActions(values: Float64Array, actions: number): Int32Array {
  return Int32Array.from({ length: values.length / actions }, (_, state) => {
    let best = 0;
    for (let a = 1; a < actions; a++)
      if (values[state * actions + a]! > values[state * actions + best]!) best = a;
    return best;
  });
}

/** The state as a number, then its row of the table. */
function tableNodes(
  { coding: { sizes, low, scale }, actions, values }: QLearningState,
  x: OnnxMatrix,
  graph: OnnxBuilder,
): OnnxValue {
  const last = graph.constant(
    Float64Array.from(sizes, (size) => size - 1),
    [1, sizes.length],
  );
  const bins =
    low.length === 0
      ? x.value
      : graph.node('Floor', [
          graph.node('Mul', [
            graph.node('Sub', [x.value, graph.constant(low, [1, low.length])]),
            graph.constant(scale, [1, scale.length]),
          ]),
        ]);
  const cut = graph.node('Min', [
    graph.node('Max', [bins, graph.constant(new Float64Array(sizes.length), [1, sizes.length])]),
    last,
  ]);
  // The mixed-radix number: digit j counts the product of the sizes that follow.
  const weights = Float64Array.from(sizes, (_, j) =>
    sizes.subarray(j + 1).reduce((product, size) => product * size, 1),
  );
  const code = graph.node('MatMul', [cut, graph.constant(weights, [sizes.length, 1])]);
  const index = graph.node('Cast', [graph.node('Reshape', [code, graph.constant([-1])])], { to: 7 });
  return graph.node('Gather', [graph.constant(values, [values.length / actions, actions]), index], {
    axis: 0,
  });
}
