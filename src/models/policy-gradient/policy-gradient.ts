import type { z } from 'zod';
import { parseOptions } from '../../core/options.ts';
import type {
  ContinuousPolicySpecification,
  FittedContinuousPolicy,
} from '../../environments/policy/define-continuous-policy.ts';
import type { FittedPolicy, PolicySpecification } from '../../environments/policy/define-policy.ts';
import {
  type EnvironmentSource,
  makeReferenced,
  resolveSource,
} from '../../environments/policy/environment-source.ts';
import type { LearnOptions } from '../../environments/policy/learn-policy.ts';
import { type PolicyGradientAttributes, policyGradientClassifier } from './policy-gradient-classifier.ts';
import {
  type choiceOptions,
  eitherOptions,
  type numberOptions,
  requireOwnOptions,
} from './policy-gradient-options.ts';
import {
  type ContinuousPolicyGradientAttributes,
  policyGradientRegressor,
} from './policy-gradient-regressor.ts';

/** Options of either kind of actions. */
export type PolicyGradientInput = z.input<typeof choiceOptions> & z.input<typeof numberOptions>;

/** A policy gradient that has not learned yet; which kind of model it becomes is for the environment to say. */
export interface PolicyGradient {
  readonly options: PolicyGradientInput;
  /** For actions that are a choice. */
  classifier(): PolicySpecification<PolicyGradientAttributes>;
  /** For actions that are numbers. */
  regressor(): ContinuousPolicySpecification<ContinuousPolicyGradientAttributes>;
  /**
   * Learns to act in an environment, on worker threads where it can be made there.
   * @returns a classifier of observations where actions are a choice, a regressor where they are numbers.
   * @throws OptionError for options or spaces that do not suit, DataError for an environment that breaks its word (NaN, another shape),
   *   JobError for what it throws or for losses that are no numbers, AbortError.
   */
  learn(environment: EnvironmentSource, options?: LearnOptions): Promise<FittedPolicyGradient>;
}

export type FittedPolicyGradient =
  | FittedPolicy<PolicyGradientAttributes>
  | FittedContinuousPolicy<ContinuousPolicyGradientAttributes>;

/**
 * Policy gradient: a network gives the probabilities of actions, and is moved to those after which more reward came than expected.
 *
 *     const model = await policyGradient({ algorithm: 'ppo' }).learn('CartPole-v1', { steps: 100_000 });
 *
 * @throws OptionError for an option that the algorithm does not have.
 */
export function policyGradient(options: PolicyGradientInput = {}): PolicyGradient {
  requireOwnOptions(parseOptions(eitherOptions, options, 'policy-gradient'));
  const classifier = () => policyGradientClassifier.from(options);
  const regressor = () => policyGradientRegressor.from(options);
  return Object.freeze({
    ...{ options, classifier, regressor },
    async learn(source: EnvironmentSource, how: LearnOptions = {}) {
      const resolved = resolveSource(source);
      const environment =
        resolved.kind === 'object' ? resolved.environment : await makeReferenced(resolved.reference);
      const isNumbers = environment.actionSpace.kind === 'box';
      return isNumbers ? regressor().learn(source, how) : classifier().learn(source, how);
    },
  });
}

type Preset = (options?: Omit<PolicyGradientInput, 'algorithm'>) => PolicyGradient;

/** Proximal policy optimization (J. Schulman et al., 2017) with the names and defaults of Stable-Baselines3. */
export const ppo: Preset = (options) => policyGradient({ ...options, algorithm: 'ppo' });
/** Advantage actor-critic (V. Mnih et al., 2016), its environments stepped together. */
export const a2c: Preset = (options) => policyGradient({ ...options, algorithm: 'a2c' });
/** REINFORCE (R. Williams, 1992) on whole episodes, with a baseline. */
export const reinforce: Preset = (options) => policyGradient({ ...options, algorithm: 'reinforce' });
