import { OptionError } from '../../core/errors.ts';
import type { Environment } from '../../environments/environment.ts';
import { type ObservationFeatures, suitsFeatures } from '../../environments/policy/observation-features.ts';
import type { DenseLayer } from '../../nets/dense/dense-layers.ts';
import { denseLayersOf } from '../../nets/dense/dense-layers-of.ts';
import type { StepSnapshot } from '../../nets/step/step-parameters.ts';
import type { ActionKind } from './action-head.ts';
import type { ActorCritic } from './actor-critic.ts';
import type { Diagnostics } from './figure-log.ts';
import { LOG_STD } from './number-head.ts';
import type { Scaling } from './observer.ts';

/** A policy that can act, and the values beside it. */
export interface ActingState {
  readonly policy: readonly DenseLayer[];
  readonly value: readonly DenseLayer[];
  /** Logarithms of the standard deviations of numbers; empty for a choice. */
  readonly logStd: Float32Array;
  /** Of the observations; null where they are taken as they are. */
  readonly scaling: Scaling | null;
}

/** What was learned by policy gradient. */
export interface PolicyGradientState extends ActingState {
  readonly features: ObservationFeatures;
  readonly action: ActionKind;
  readonly diagnostics: Diagnostics;
  /** From what learning goes on; the weights are those of the last step, which may not be the best. */
  readonly training: {
    readonly snapshot: StepSnapshot;
    readonly observationScaling: Scaling | null;
    readonly rewardScaling: Scaling | null;
    readonly updates: number;
    readonly begun: number;
    readonly batchRows: number;
    /** Mean return of the policy when it was chosen; −∞ before any evaluation. */
    readonly bestReturn: number;
  };
}

/** The parameters as they are now. */
export function actingState(networks: ActorCritic, scaling: Scaling | null): ActingState {
  const parameters = networks.parameters();
  const of = (name: string) =>
    new Map(
      [...parameters]
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, values]) => [key.slice(name.length + 1), values] as const),
    );
  return {
    policy: denseLayersOf(networks.policyNetwork, of('policy')),
    value: denseLayersOf(networks.valueNetwork, of('value')),
    logStd: parameters.get(LOG_STD) ?? new Float32Array(0),
    scaling,
  };
}

/** @throws OptionError unless a policy to go on from is of a world like this one. */
export function requireSameWorld(
  from: PolicyGradientState | undefined,
  { actionSpace, observationSpace, name }: Environment,
): void {
  if (from === undefined) return;
  const actions = from.action.kind === 'choice' ? from.action.n : from.action.low.length;
  const wanted =
    actionSpace.kind === 'discrete' ? actionSpace.n : actionSpace.kind === 'box' ? actionSpace.low.length : 0;
  if (actions === wanted && suitsFeatures(from.features, observationSpace)) return;
  throw new OptionError(
    'model/other-environment',
    `The policy to go on from was learned in another world: ${name ?? 'this one'} has other observations or actions.`,
    { option: 'from' },
  );
}
