import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreModel } from '../../define/factory.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { Environment } from '../../environments/environment.ts';
import { makeEnvironment } from '../../environments/make-environment.ts';
import { makeEnvironment as corridor } from '../../environments/policy/corridor.fixture.ts';
import { policyActor } from '../../environments/policy/define-policy.ts';
import { box, discrete } from '../../environments/space.ts';
import { dqn } from './dqn.ts';
import type { DqnState } from './learn-dqn.ts';

const module = new URL('../../environments/policy/corridor.fixture.ts', import.meta.url).href;
const quick = { evaluations: 4, evaluationEpisodes: 5, finalEpisodes: 20 };
const small = {
  ...{ hiddenLayers: [16], learningRate: 0.005, learningStarts: 100, batchSize: 32 },
  ...{ targetUpdateInterval: 50, explorationFraction: 0.5 },
};

const learnedBy = ({ state }: FittedModel) => (state as { readonly policy: DqnState }).policy;

test('a network learns to hold the pole for far longer than chance does', async () => {
  const model = await dqn({
    ...{ hiddenLayers: [64], learningRate: 0.002, batchSize: 64, learningStarts: 500, double: true },
    ...{ trainFreq: 4, gradientSteps: 2, targetUpdateInterval: 250, explorationFraction: 0.5 },
  }).learn('CartPole-v1', { ...quick, steps: 8000, evaluations: 10 });
  // Random actions hold it for 22 steps.
  const { evaluation, curve, steps } = model.learning;
  assert.ok(evaluation!.meanReturn > 90, `${evaluation!.meanReturn}`);
  assert.equal(steps, 8000);
  assert.equal(curve.meanReturn.length, 10);
  assert.equal(model.updates, 2 * Math.floor((8000 - 500) / 4));
  assert.deepEqual(
    model.coefs.map(({ rows, columns }) => [rows, columns]),
    [
      [4, 64],
      [64, 2],
    ],
  );
});

test('it finds the way in every variant, on a worker thread and on the own one to the same bits', async () => {
  const variants = [{}, { duelling: true, nSteps: 3 }, { double: true, prioritized: true, gradientSteps: 2 }];
  for (const variant of variants) {
    const specification = dqn({ ...small, ...variant });
    const how = { ...quick, steps: 1500 };
    const far = await specification.learn({ module, name: 'makeEnvironment' }, how);
    // Six steps on, five of them at −0.01.
    assert.ok(Math.abs(far.learning.evaluation!.meanReturn - 0.95) < 1e-9, JSON.stringify(variant));
    const near = await specification.learn(corridor(), how);
    assert.deepEqual(learnedBy(near), learnedBy(far));
    assert.deepEqual(near.learning.curve, far.learning.curve);
  }
});

test('learning on the own thread gives way to the event loop', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await dqn(small).learn(corridor(), { steps: 3000, evaluations: 0, finalEpisodes: 0 });
  clearInterval(timer);
  assert.ok(ticks > 2, `${ticks} ticks`);
});

test('a finished policy goes on with a new replay, without random steps at first', async () => {
  const specification = dqn({ ...small, explorationFinalEps: 0 });
  const first = await specification.learn(corridor(), { ...quick, steps: 1000 });
  assert.equal(learnedBy(first).memory, null);
  const more = await specification.learn(corridor(), { ...quick, steps: 1600, from: first });
  assert.equal(more.learning.steps, 1600);
  // Learning starts again after as many steps as at first; rounds are of 4 steps.
  assert.equal(more.updates - first.updates, Math.floor((600 - 100) / 4));
  assert.deepEqual(more.learning.curve.steps.slice(0, 4), first.learning.curve.steps);
});

/** Two doors, of which only one may be opened, told by the observation; the other one throws. */
function doors(): Environment<Float32Array> {
  let open = 0;
  let steps = 0;
  const observe = () => Float32Array.of(open, 1 - open);
  return {
    name: 'doors',
    observationSpace: box([0, 0], [1, 1]),
    actionSpace: discrete(3),
    maxEpisodeSteps: 10,
    reset() {
      steps = 0;
      open = 0;
      return observe();
    },
    actionMask: () => Uint8Array.of(Number(open === 0), Number(open === 1), 1),
    step(action) {
      if (action === 1 - open) throw new Error('the door is shut');
      const reward = action === 2 ? 0 : 1;
      open = 1 - open;
      return { observation: observe(), reward, terminated: false, truncated: ++steps === 10 };
    },
  };
}

test('only actions that are allowed are tried, learned of and taken', async () => {
  for (const double of [false, true]) {
    const model = await dqn({ ...small, double }).learn(doors(), { ...quick, steps: 800 });
    assert.equal(model.learning.evaluation!.meanReturn, 10);
    const act = policyActor(model);
    assert.equal(act(Float32Array.of(0, 1), Uint8Array.of(1, 0, 1)), 0);
    assert.equal(act(Float32Array.of(0, 1), Uint8Array.of(0, 0, 1)), 2);
  }
  await assert.rejects(dqn({ ...small, maskActions: false }).learn(doors(), { ...quick, steps: 800 }), {
    message: /the door is shut/,
  });
});

test('states and several whole numbers are one-hot encoded', async () => {
  const lake = await dqn({ ...small, gamma: 0.95 }).learn(
    { name: 'FrozenLake-v1', options: { isSlippery: false } },
    { ...quick, steps: 4000, evaluations: 8 },
  );
  assert.deepEqual([lake.learning.evaluation!.meanReturn, lake.learning.evaluation!.meanLength], [1, 6]);
  assert.equal(lake.coefs[0]!.rows, 16);
  assert.equal((await lake.decisionFunction([[0], [3]])).columns, 4);
  await assert.rejects(lake.predict([[16]]), { code: 'data/unknown-state' });
  const cards = await dqn(small).learn('Blackjack-v1', { ...quick, steps: 600 });
  assert.equal(cards.coefs[0]!.rows, 32 + 11 + 2);
});

test('a policy of another world, or a state whose layers do not fit, is refused', async () => {
  const model = await dqn(small).learn(corridor(), { ...quick, steps: 300 });
  await assert.rejects(dqn(small).learn('Acrobot-v1', { steps: 500, from: model }), {
    code: 'model/other-environment',
  });
  const { schema, target, summary, state, specification } = model;
  const policy = learnedBy(model);
  const forged = { ...state, policy: { ...policy, layers: policy.layers.slice(1) } };
  const record = { schema, target, summary, specification: specification.toJSON() };
  await restoreModel({ ...record, state }, () => dqn as never);
  await assert.rejects(
    restoreModel({ ...record, state: forged }, () => dqn as never),
    { code: 'model/unfit-state' },
  );
  assert.throws(() => dqn({ gradientSteps: 0 }), { code: 'option/invalid' });
});

test('a learning whose numbers grow without bound says so', async () => {
  const wild: Environment<Float32Array> = {
    ...corridor(),
    step: (action) => ({ ...corridor().step(action), reward: 1e39, terminated: false, truncated: false }),
  };
  await assert.rejects(dqn(small).learn(wild, { ...quick, steps: 3000 }), {
    code: 'train/not-finite',
    message: /scale observations and rewards/,
  });
});

test('what a policy gives for an observation is the worth of each action', async () => {
  const model = await dqn({ ...small, gamma: 0.9 }).learn(corridor({ length: 3 }), { ...quick, steps: 2500 });
  const score = await model.decisionFunction([[2 / 3, 4 / 9]]);
  // On: 1 at once. Back: −0.01, then −0.01 and 1 from place 1, discounted: −0.01 − 0.009 + 0.81.
  assert.ok(Math.abs(score.data[0]! - (1 - 0.791)) < 0.05, `${score.data[0]}`);
  assert.equal(makeEnvironment('CartPole-v1').actionMask, undefined);
});
