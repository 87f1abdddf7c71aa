import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findModel, modelNames } from '../../src/models/registry.ts';
import { type PolicyCheckOptions, registerPolicyChecks } from './register-policy-checks.ts';

const few = { evaluations: 4, evaluationEpisodes: 2, finalEpisodes: 2 };

/** How each registered policy is checked. */
const how: Readonly<Record<string, PolicyCheckOptions>> = {
  'q-learning': {
    unfit: 'Pendulum-v1',
    cases: [
      { environment: 'FrozenLake-v1', budget: { ...few, episodes: 2000 } },
      {
        environment: 'CartPole-v1',
        options: { bins: 3, algorithm: 'double-q-learning', nSteps: 2 },
        budget: { ...few, steps: 12_000 },
      },
    ],
  },
  dqn: {
    unfit: 'Pendulum-v1',
    cases: [
      {
        environment: 'CartPole-v1',
        options: { hiddenLayers: [16, 8], learningStarts: 50, targetUpdateInterval: 100, bufferSize: 300 },
        budget: { ...few, steps: 800 },
      },
      {
        environment: 'Taxi-v3',
        options: {
          ...{ hiddenLayers: [8], double: true, duelling: true, prioritized: true, nSteps: 3 },
          ...{ learningStarts: 10, bufferSize: 250, learningRateSchedule: 'linear', tau: 0.1 },
          ...{ targetUpdateInterval: 7, gradientSteps: -1, trainFreq: 16, maxGradNorm: null },
        },
        budget: { ...few, steps: 1200 },
      },
    ],
  },
  'policy-gradient-classifier': {
    unfit: 'Pendulum-v1',
    cases: [
      {
        environment: 'CartPole-v1',
        options: { algorithm: 'ppo', numEnvs: 2, nSteps: 32, hiddenLayers: [8], nEpochs: 2 },
        budget: { ...few, steps: 1200 },
      },
      {
        environment: 'Taxi-v3',
        options: { algorithm: 'a2c', numEnvs: 3, hiddenLayers: [8], learningRateSchedule: 'linear' },
        budget: { ...few, steps: 1200 },
      },
      {
        environment: 'Blackjack-v1',
        options: { algorithm: 'reinforce', numEnvs: 4, hiddenLayers: [8] },
        budget: { ...few, steps: 1200 },
      },
    ],
  },
  'policy-gradient-regressor': {
    unfit: 'CartPole-v1',
    cases: [
      {
        environment: 'Pendulum-v1',
        options: {
          algorithm: 'ppo',
          numEnvs: 2,
          nSteps: 64,
          hiddenLayers: [8],
          nEpochs: 2,
          normalizeReward: true,
        },
        budget: { ...few, steps: 1200 },
      },
      {
        environment: 'MountainCarContinuous-v0',
        options: {
          algorithm: 'a2c',
          numEnvs: 2,
          hiddenLayers: [8],
          squashOutput: true,
          normalizeObservation: true,
        },
        budget: { ...few, steps: 1200 },
      },
    ],
  },
};

const policies: string[] = [];
for (const name of modelNames()) {
  const factory = (await findModel(name))!;
  if (factory.definition.learnsFrom !== 'environment') continue;
  policies.push(name);
  if (how[name] !== undefined) registerPolicyChecks(factory, how[name]);
}

test('every registered policy is checked', () => {
  assert.deepEqual(Object.keys(how).sort(), policies);
});
