import type { Observation } from '../../environments/environment.ts';
import { type ObservationFeatures, writeFeatures } from '../../environments/policy/observation-features.ts';
import type { Team } from '../../kernels/host/team.ts';
import { onlineForward, onlineLayers } from '../../nets/step/online-forward.ts';
import type { ParameterAccess } from '../../nets/step/step-parameters.ts';
import { foldStreams, lastInputs, type QShape, qNetworks } from './q-network.ts';

/** The greedy policy of a network in training. */
export interface QActor {
  act(observation: Observation, mask?: Uint8Array): number;
  /** To be called when the parameters have changed. */
  refresh(): void;
}

/** Acts by the parameters in the memory of the step. */
export function openQActor(
  team: Pick<Team, 'arena' | 'kernels'>,
  shape: QShape,
  features: ObservationFeatures,
  step: ParameterAccess,
): QActor {
  const { actions, duelling } = shape;
  const { arena } = team;
  const networks = qNetworks(shape);
  const inputs = lastInputs(shape);
  const name = duelling ? 'trunk' : 'q';
  const layers = networks[name] === undefined ? [] : onlineLayers(networks[name], step.places(name));
  let refresh = () => {};
  if (duelling) {
    const [weights, bias] = [arena.f32(inputs * actions), arena.f32(actions)];
    const parameters = step.views();
    const out = { weights: arena.viewF32(weights, inputs * actions), bias: arena.viewF32(bias, actions) };
    refresh = () => foldStreams(shape, parameters, out);
    layers.push({ weights, bias, inputs, outputs: actions, activation: 'identity' });
  }
  refresh();
  const forward = onlineForward(team, layers);
  return {
    refresh,
    act(observation, mask) {
      writeFeatures(features, observation, forward.inputs, 0);
      return bestAction(forward.run(), mask);
    },
  };
}

/** The first of the best of the actions that are allowed. */
export function bestAction(values: ArrayLike<number>, mask?: Uint8Array): number {
  let best = -1;
  for (let a = 0; a < values.length; a++) {
    if (mask !== undefined && mask[a] === 0) continue;
    if (best < 0 || values[a]! > values[best]!) best = a;
  }
  return best;
}

/** One of the actions that are allowed, by a number 0 ≤ chance < 1. */
export function anyAction(actions: number, chance: number, mask?: Uint8Array): number {
  if (mask === undefined) return Math.floor(chance * actions);
  let left = Math.floor(chance * mask.reduce((sum, one) => sum + Math.min(one, 1), 0));
  for (let a = 0; a < actions; a++) if (mask[a] !== 0 && left-- === 0) return a;
  return 0;
}
