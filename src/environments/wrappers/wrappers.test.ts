import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../environment.ts';
import { makeEnvironment } from '../make-environment.ts';
import { float32Units, recorded, unit, unpack } from '../recorded.fixture.ts';
import { box, discrete } from '../space.ts';
import { clipAction } from './clip-action.ts';
import { clipReward } from './clip-reward.ts';
import { discretizeObservation } from './discretize-observation.ts';
import { frameStack } from './frame-stack.ts';
import { normalizeObservation } from './normalize-observation.ts';
import { normalizeReward } from './normalize-reward.ts';
import { timeLimit } from './time-limit.ts';

/** Hands out the numbers that the recording handed out. */
function given(): Environment<Float32Array> {
  let k = 0;
  const next = () => {
    k++;
    return Float32Array.of(10 * unit(2 * k) - 3, unit(2 * k + 1));
  };
  const infinity = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    observationSpace: box([-infinity[0]!, -infinity[1]!], infinity),
    actionSpace: discrete(2),
    reset: next,
    step: () => ({
      observation: next(),
      reward: 5 * unit(900 + k) - 1,
      terminated: k % 8 === 0,
      truncated: false,
    }),
  };
}

/** 24 steps with resets after ends: all observations in a row, and the rewards. */
function play(environment: Environment) {
  const observations = [...(environment.reset() as Float32Array)];
  const rewards: number[] = [];
  for (let t = 0; t < 24; t++) {
    const step = environment.step(0);
    observations.push(...(step.observation as Float32Array));
    rewards.push(step.reward);
    if (step.terminated) observations.push(...(environment.reset() as Float32Array));
  }
  return { observations, rewards };
}

test("normalised observations and rewards are Gymnasium's", () => {
  const { observations, rewards } = play(normalizeReward(normalizeObservation(given()), { gamma: 0.9 }));
  const expected = unpack(recorded.wrapped.observations, Float32Array);
  assert.equal(observations.length, expected.length);
  observations.forEach((value, i) => {
    // Gymnasium keeps these statistics in float32: relative errors of 1e-7 each of a few dozen updates.
    assert.ok(Math.abs(value - expected[i]!) <= 2e-5 * Math.max(1, Math.abs(expected[i]!)), `number ${i}`);
  });
  const theirs = unpack(recorded.wrapped.rewards, Float64Array);
  // Float64 on both sides; the sums are associated otherwise.
  for (const [i, value] of rewards.entries()) assert.ok(Math.abs(value - theirs[i]!) <= 1e-9, `reward ${i}`);
});

test("stacked frames are Gymnasium's", () => {
  const { observations } = play(frameStack(given(), 3));
  const expected = unpack(recorded.wrapped.stacks, Float32Array);
  assert.equal(observations.length, expected.length);
  assert.ok(observations.every((value, i) => float32Units(value, expected[i]!) === 0));
});

test('frozen statistics change no more', () => {
  const environment = normalizeObservation(given());
  environment.reset();
  environment.step(0);
  environment.observationStatistics.isUpdating = false;
  const before = Float64Array.from(environment.observationStatistics.mean);
  environment.step(0);
  assert.deepEqual(environment.observationStatistics.mean, before);
});

test('stacked states of a discrete world are several whole numbers', () => {
  const stacked = frameStack(makeEnvironment('Taxi-v3'), 2);
  assert.deepEqual(stacked.observationSpace, { kind: 'multi-discrete', sizes: [500, 500] });
  assert.deepEqual(stacked.observationNames, ['state-1', 'state-0']);
  const first = (stacked.reset({ seed: 1 }) as Int32Array)[1]!;
  const { observation } = stacked.step(0);
  assert.deepEqual(Array.from(observation as Int32Array)[0], first);
});

test('a time limit truncates and starts anew with each episode', () => {
  const limited = timeLimit(makeEnvironment('CliffWalking-v1'), 3);
  assert.equal(limited.maxEpisodeSteps, 3);
  for (let episode = 0; episode < 2; episode++) {
    limited.reset();
    assert.deepEqual(
      [0, 0, 0].map((action) => limited.step(action).truncated),
      [false, false, true],
    );
  }
  assert.throws(() => timeLimit(limited, 0), { code: 'option/invalid' });
});

test('rewards and actions are cut to their bounds', () => {
  const cliff = clipReward(makeEnvironment('CliffWalking-v1'), -5, 0);
  cliff.reset();
  assert.equal(cliff.step(1).reward, -5);
  const seen: number[] = [];
  const pendulum = makeEnvironment('Pendulum-v1');
  const spied = clipAction({
    ...{ observationSpace: pendulum.observationSpace, actionSpace: pendulum.actionSpace },
    reset: () => pendulum.reset(),
    step(action) {
      seen.push((action as ArrayLike<number>)[0]!);
      return pendulum.step(action);
    },
  });
  spied.reset();
  spied.step([50]);
  spied.step(-3);
  spied.step([0.5]);
  assert.deepEqual(seen, [2, -2, 0.5]);
  assert.throws(() => clipAction(makeEnvironment('Taxi-v3')), { code: 'environment/unfit-space' });
  assert.throws(() => normalizeObservation(makeEnvironment('Taxi-v3')), { code: 'environment/unfit-space' });
});

test('continuous observations become one number of their bins', () => {
  const car = discretizeObservation(makeEnvironment('MountainCar-v0'), { bins: [6, 7] });
  assert.deepEqual(car.observationSpace, { kind: 'discrete', n: 42 });
  // Position −0.6 … −0.4 is in bin 2 or 3 of −1.2 … 0.6, velocity 0 in bin 3 of 7.
  const state = car.reset({ seed: 0 });
  assert.ok(state === 2 * 7 + 3 || state === 3 * 7 + 3, `state ${state}`);
  assert.throws(() => discretizeObservation(makeEnvironment('MountainCar-v0'), { bins: [6] }), {
    code: 'option/invalid',
  });
  assert.throws(() => discretizeObservation(makeEnvironment('CartPole-v1'), { bins: 1000 }), {
    code: 'model/too-many-states',
  });
});

test('unbounded numbers get the range that a random policy meets', () => {
  const pole = discretizeObservation(makeEnvironment('CartPole-v1'), { bins: 8 });
  assert.deepEqual(pole.observationSpace, { kind: 'discrete', n: 4096 });
  const seen = new Set<number>();
  for (let k = 0; k < 40; k++) {
    seen.add(pole.reset({ seed: k }));
    for (let t = 0; t < 8; t++) seen.add(pole.step(k % 2).observation);
  }
  assert.ok(seen.size > 20);
});
