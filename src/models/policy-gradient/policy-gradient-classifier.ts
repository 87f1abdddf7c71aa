import { definePolicy } from '../../environments/policy/define-policy.ts';
import type { PolicyState } from '../../environments/policy/learning.ts';
import { checkLayers, scoreNodes, scoreOperations, scoreRows, scoresOf } from './act-on-rows.ts';
import { choiceHead } from './choice-head.ts';
import type { Diagnostics } from './figure-log.ts';
import { learnPolicyGradient } from './learn-policy-gradient.ts';
import { choiceOptions, requireOwnOptions } from './policy-gradient-options.ts';
import type { PolicyGradientState } from './policy-gradient-state.ts';

/** What a policy of policy gradient shows. */
export interface PolicyGradientAttributes {
  /** How the updates went, an entry for each stretch from one evaluation to the next. */
  readonly diagnostics: Diagnostics;
}

/**
 * A policy that chooses among a few actions, learned by policy gradient. `policyGradient`, `ppo`, `a2c` and `reinforce` choose between this
 * and `policyGradientRegressor` by the environment.
 */
export const policyGradientClassifier = definePolicy({
  name: 'policy-gradient-classifier',
  module: import.meta.url,
  summary: 'A network that gives each action a probability, learned by acting: PPO, A2C or REINFORCE.',
  use: 'Worlds observed by numbers, a choice of few actions, steps that cost little.',
  options: choiceOptions,
  scaling: 'useful',
  check: requireOwnOptions,
  checkState: ({ policy }: PolicyState<PolicyGradientState>, shape) => checkLayers(policy, shape),
  rowOperations: ({ policy }: PolicyState<PolicyGradientState>) => scoreOperations(policy),
  learn: learnPolicyGradient,
  actor(policy: PolicyGradientState, { maskActions }) {
    const scores = scoresOf(policy);
    const { best, outputs } = choiceHead({ n: policy.policy.at(-1)!.bias.length });
    return (observation, mask) =>
      best(scores(observation), 0, maskActions && mask?.length === outputs ? mask : undefined);
  },
  actionValues: scoreRows,
  draws: 'softmax',
  onnx: scoreNodes,
  attributes: ({ diagnostics }: PolicyGradientState): PolicyGradientAttributes => ({ diagnostics }),
});
