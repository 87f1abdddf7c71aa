import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';
import { defineContinuousPolicy } from '../../environments/policy/define-continuous-policy.ts';
import type { PolicyState } from '../../environments/policy/learning.ts';
import { checkLayers, scoreNodes, scoreOperations, scoreRows, scoresOf } from './act-on-rows.ts';
import type { ActionKind } from './action-head.ts';
import { learnPolicyGradient } from './learn-policy-gradient.ts';
import { bringer, within } from './number-head.ts';
import type { PolicyGradientAttributes } from './policy-gradient-classifier.ts';
import { numberOptions, requireOwnOptions } from './policy-gradient-options.ts';
import type { PolicyGradientState } from './policy-gradient-state.ts';

/** What a policy of continuous actions shows. */
export interface ContinuousPolicyGradientAttributes extends PolicyGradientAttributes {
  /** Standard deviation of each number of an action while learning, before the bounds. */
  readonly actionStandardDeviation: Float64Array;
}

/** A policy whose actions are numbers, learned by policy gradient; `predict` gives the most probable ones, within their bounds. */
export const policyGradientRegressor = defineContinuousPolicy({
  name: 'policy-gradient-regressor',
  module: import.meta.url,
  summary:
    'A network that gives the mean of each number of an action, learned by acting: PPO, A2C or REINFORCE.',
  use: 'Worlds in which one acts by numbers, such as forces, and steps cost little.',
  options: numberOptions,
  scaling: 'useful',
  check: requireOwnOptions,
  checkState: ({ policy }: PolicyState<PolicyGradientState>, shape) => checkLayers(policy, shape),
  rowOperations: ({ policy }: PolicyState<PolicyGradientState>) => scoreOperations(policy),
  learn: learnPolicyGradient,
  actor(policy: PolicyGradientState) {
    const scores = scoresOf(policy);
    const bring = bringer(numbersOf(policy));
    return (observation) => bring(scores(observation), 0);
  },
  actions(policy: PolicyGradientState, x) {
    const { low, high, isSquashed } = numbersOf(policy);
    const width = low.length;
    return scoreRows(policy, x).map((value, i) =>
      within(value, low[i % width]!, high[i % width]!, isSquashed),
    );
  },
  onnx: (policy: PolicyGradientState, x, graph) =>
    boundedNodes(scoreNodes(policy, x, graph), numbersOf(policy), graph),
  attributes: ({ diagnostics, logStd }: PolicyGradientState): ContinuousPolicyGradientAttributes => ({
    diagnostics,
    actionStandardDeviation: Float64Array.from(logStd, Math.exp),
  }),
});

type Numbers = Extract<ActionKind, { kind: 'numbers' }>;

function numbersOf({ action }: PolicyGradientState): Numbers {
  return action as Numbers;
}

/** The numbers within their bounds. */
function boundedNodes(scores: OnnxValue, { low, high, isSquashed }: Numbers, graph: OnnxBuilder): OnnxValue {
  const row = (values: ArrayLike<number>) => graph.constant(Float64Array.from(values), [1, low.length]);
  if (!isSquashed) return graph.node('Min', [graph.node('Max', [scores, row(low)]), row(high)]);
  const half = low.map((from, j) => (high[j]! - from) / 2);
  const shares = graph.node('Add', [graph.node('Tanh', [scores]), graph.scalar(1)]);
  return graph.node('Add', [graph.node('Mul', [shares, row(half)]), row(low)]);
}
