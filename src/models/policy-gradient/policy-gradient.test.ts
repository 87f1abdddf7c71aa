import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../environments/environment.ts';
import { makeEnvironment } from '../../environments/make-environment.ts';
import { type FittedPolicy, policyActor } from '../../environments/policy/define-policy.ts';
import { box, discrete, multiDiscrete } from '../../environments/space.ts';
import { timeLimit } from '../../environments/wrappers/time-limit.ts';
import { a2c, type FittedPolicyGradient, policyGradient, ppo, reinforce } from './policy-gradient.ts';

const quick = { evaluations: 4, evaluationEpisodes: 10, finalEpisodes: 20 };
const returnOf = ({ learning }: FittedPolicyGradient) => learning.evaluation!.meanReturn;
/** A random policy holds the pole for 22 steps. */
const small = { hiddenLayers: [32], randomState: 1 };

test('a short learning by PPO holds the pole', async () => {
  const model = await ppo({ ...small, learningRate: 3e-3, batchSize: 128, nEpochs: 5 }).learn('CartPole-v1', {
    ...quick,
    steps: 16_384,
  });
  assert.ok(returnOf(model) > 200, String(returnOf(model)));
  assert.equal(model.kind, 'classifier');
  const { entropy, approxKl, explainedVariance, steps, updates } = model.diagnostics;
  assert.deepEqual(updates, [2, 2, 2, 2]);
  assert.equal(steps.at(-1), 16_384);
  assert.ok(entropy[0]! > entropy.at(-1)!, 'it becomes surer');
  assert.ok(approxKl.every((value) => value > 0) && explainedVariance.every(Number.isFinite));
});

test('a short learning by A2C holds the pole', async () => {
  const model = await a2c({ ...small, learningRate: 3e-3 }).learn('CartPole-v1', { ...quick, steps: 24_000 });
  assert.ok(returnOf(model) > 150, String(returnOf(model)));
});

for (const baseline of ['value', 'mean', 'none'] as const) {
  test(`a short learning by REINFORCE with the baseline ${baseline} holds the pole`, async () => {
    const model = await reinforce({ ...small, baseline, learningRate: 1e-2 }).learn('CartPole-v1', {
      ...quick,
      steps: 20_000,
    });
    assert.ok(returnOf(model) > 100, String(returnOf(model)));
  });
}

test('a short learning of numbers as actions gives a regressor within their bounds', async () => {
  const model = await ppo({
    ...{ ...small, hiddenLayers: [32, 32], gamma: 0.9, learningRate: 3e-3, numEnvs: 4 },
    ...{ normalizeReward: true, squashOutput: true, batchSize: 256 },
  }).learn('Pendulum-v1', { ...quick, steps: 32_768 });
  // Random torques give −1,200.
  assert.ok(returnOf(model) > -900, String(returnOf(model)));
  assert.equal(model.kind, 'regressor');
  const torques = (await model.predict([
    [1, 0, 0],
    [-1, 0, 8],
  ])) as Float64Array;
  assert.ok(torques.every((torque) => torque >= -2 && torque <= 2));
  const deviation = (model as { actionStandardDeviation?: Float64Array }).actionStandardDeviation!;
  assert.ok(deviation.length === 1 && deviation[0]! > 0);
});

/** Two numbers as action that should be those of the observation, in one step. */
function copying(): Environment<Float32Array> {
  let k = 0;
  const observe = () => Float32Array.of(Math.sin(k), Math.cos(k));
  let seen = observe();
  return {
    name: 'copying',
    observationSpace: box([-1, -1], [1, 1]),
    actionSpace: box([-0.5, -2], [0.5, 2]),
    actionNames: ['left', 'right'],
    reset({ seed } = {}) {
      if (seed !== undefined) k = seed % 1000;
      seen = observe();
      return seen;
    },
    step(action) {
      const [a, b] = action as Float32Array;
      const reward = -((a! - seen[0]!) ** 2) - (b! - seen[1]!) ** 2;
      k++;
      seen = observe();
      return { observation: seen, reward, terminated: true, truncated: false };
    },
  };
}

test('several numbers are several targets, learned in environments that a function makes', async () => {
  let made = 0;
  const make = () => {
    made++;
    return copying();
  };
  const model = await ppo({ ...small, numEnvs: 4, nSteps: 128, learningRate: 1e-2 }).learn(make, {
    ...{ ...quick, steps: 12_000 },
  });
  assert.ok(made >= 4);
  // The first action reaches ±0.5 only: the best mean is about −0.1, standing still gives −1.
  assert.ok(returnOf(model) > -0.3, String(returnOf(model)));
  const { target } = model;
  assert.deepEqual(target, { kind: 'values', targets: 2, several: true, names: ['left', 'right'] });
  const row = [0.6, -0.8];
  const act = policyActor(model)(Float32Array.from(row)) as Float32Array;
  assert.equal(act.length, 2);
  assert.ok(act[0]! <= 0.5 && act[0]! > 0.2 && act[1]! < -0.4, String(act));
});

test('a single environment plays in turn what several would play side by side', async () => {
  const one = timeLimit(makeEnvironment('CartPole-v1'), 50);
  for (const algorithm of ['ppo', 'reinforce'] as const) {
    const steps = algorithm === 'ppo' ? { nSteps: 16 } : {};
    const model = await policyGradient({ algorithm, numEnvs: 4, ...steps, hiddenLayers: [4] }).learn(one, {
      ...quick,
      ...{ steps: 200, finalEpisodes: 1 },
    });
    if (algorithm === 'ppo') assert.equal(model.learning.steps, 200);
    else assert.equal(model.learning.episodes % 4, 0);
  }
});

test('what is forbidden is never done, while learning and after', async () => {
  let forbidden = 0;
  const make = (): Environment<Float32Array> => {
    let place = 0;
    let count = 0;
    const mask = () => Uint8Array.of(place % 2, 1, (place + 1) % 2);
    return {
      observationSpace: box([0], [1]),
      actionSpace: discrete(3),
      actionMask: mask,
      reset() {
        [place, count] = [0, 0];
        return Float32Array.of(0);
      },
      step(action) {
        if (mask()[action as number] === 0) forbidden++;
        place = (place + (action as number)) % 5;
        const terminated = ++count === 8;
        return {
          observation: Float32Array.of(place / 5),
          reward: place === 3 ? 1 : 0,
          terminated,
          truncated: false,
        };
      },
    };
  };
  const options = { numEnvs: 2, nSteps: 32, hiddenLayers: [8] };
  const model = await ppo(options).learn(make, { ...quick, steps: 640 });
  assert.equal(forbidden, 0);
  const act = policyActor(model);
  for (const only of [0, 1, 2]) {
    const mask = Uint8Array.from({ length: 3 }, (_, action) => Number(action === only));
    assert.equal(act(Float32Array.of(0.2), mask), only);
  }
  await ppo({ ...options, maskActions: false }).learn(make, { ...quick, steps: 640 });
  assert.ok(forbidden > 0);
});

test('probabilities of the actions are those of the scores', async () => {
  const budget = { ...quick, steps: 600, finalEpisodes: 1 };
  for (const [name, actions] of [
    ['CartPole-v1', 2],
    ['MountainCar-v0', 3],
  ] as const) {
    const model = (await a2c({ hiddenLayers: [4] }).learn(name, budget)) as FittedPolicy;
    const x = Array.from({ length: 5 }, (_, i) => model.schema.names!.map((_, j) => Math.sin(i + 3 * j)));
    const [scores, probabilities] = [await model.decisionFunction(x), await model.predictProba(x)];
    for (let i = 0; i < 5; i++) {
      const row = probabilities.row(i);
      // Sums of a few float64 numbers.
      assert.ok(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
      const own = scores.row(i);
      const odds = actions === 2 ? own[0]! : own[2]! - own[1]!;
      assert.ok(Math.abs(Math.log(row[actions - 1]! / row[actions - 2]!) - odds) < 1e-9);
    }
  }
});

test('options that an algorithm or the actions do not have are refused', async () => {
  assert.throws(() => a2c({ clipRange: 0.1 }), {
    code: 'option/unsupported',
    message: /a2c has no option 'clipRange'/,
  });
  assert.throws(() => reinforce({ nSteps: 5 }), { code: 'option/unsupported' });
  assert.throws(() => ppo({ baseline: 'mean' }), { code: 'option/unsupported' });
  assert.throws(() => ppo({ clipRnge: 0.1 } as never), { code: 'option/unknown', message: /'clipRange'/ });
  await assert.rejects(ppo({ squashOutput: true }).learn('CartPole-v1', quick), {
    code: 'option/unknown',
    message: /no option 'squashOutput'/,
  });
  await assert.rejects(ppo({ maskActions: true }).learn('Pendulum-v1', quick), { code: 'option/unknown' });
});

const broken = (members: Partial<Environment>): Environment => ({
  ...{ observationSpace: box([0], [1]), actionSpace: discrete(2), name: 'broken' },
  reset: () => Float32Array.of(0),
  step: () => ({ observation: Float32Array.of(0), reward: 1, terminated: true, truncated: false }),
  ...members,
});

test('actions that do not suit and worlds that break their word are told of by name', async () => {
  const learn = (members: Partial<Environment>, options = {}) =>
    ppo({ numEnvs: 1, nSteps: 64, hiddenLayers: [4], ...options }).learn(() => broken(members), {
      ...{ steps: 256, evaluations: 0, finalEpisodes: 0 },
    });
  await assert.rejects(learn({ actionSpace: multiDiscrete([2, 3]) }), {
    code: 'model/unfit-actions',
    message: /several choices at once/,
  });
  const boundless = box([Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY]);
  await assert.rejects(learn({ actionSpace: boundless }, { squashOutput: true }), {
    code: 'model/unfit-actions',
    message: /squashOutput/,
  });
  await assert.rejects(learn({ actionMask: () => Uint8Array.of(0, 0) }), {
    code: 'environment/mask',
    message: /leaves no action/,
  });
  await assert.rejects(learn({ actionMask: () => Uint8Array.of(1) }), {
    code: 'environment/mask',
    message: /must give 2 numbers/,
  });
  const reward = (value: number) => ({
    step: () => ({ observation: Float32Array.of(0), reward: value, terminated: true, truncated: false }),
  });
  await assert.rejects(learn(reward(Number.NaN)), { code: 'environment/reward', message: /broken.*NaN/ });
  // Beyond what float32 holds, squared.
  await assert.rejects(learn(reward(1e30)), { code: 'train/not-finite' });
});

test('learning goes on in the same world only, and beyond a budget that was reached', async () => {
  const specification = a2c({ hiddenLayers: [4] });
  const from = await specification.learn('CartPole-v1', { ...quick, steps: 400 });
  const on = await specification.learn('CartPole-v1', { ...quick, steps: 800, from });
  assert.equal(on.learning.steps, 800);
  assert.equal(on.learning.curve.steps[0], from.learning.curve.steps[0]);
  await assert.rejects(specification.learn('Acrobot-v1', { ...quick, steps: 800, from }), {
    code: 'model/other-environment',
  });
});
