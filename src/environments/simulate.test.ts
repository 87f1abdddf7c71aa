import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action } from './environment.ts';
import { makeEnvironment } from './make-environment.ts';
import { bitAt, float32Units, recorded, stateOf, unit, unpack } from './recorded.fixture.ts';
import type { SimulatedEnvironment } from './simulate.ts';

const ACTIONS_AT = 50_000;

function actionOf({ actionSpace }: SimulatedEnvironment, k: number): Action {
  if (actionSpace.kind === 'discrete') return Math.floor(unit(ACTIONS_AT + k) * actionSpace.n);
  if (actionSpace.kind === 'multi-discrete') throw new Error('no recorded environment has such actions');
  return Float32Array.of(1.25 * actionSpace.high[0]! * (2 * unit(ACTIONS_AT + k) - 1));
}

/** Puts an environment in a state, as if an episode had come there. */
function put(environment: SimulatedEnvironment, state: readonly number[], isRounded: boolean) {
  environment.reset();
  environment.state.set(isRounded ? state.map(Math.fround) : state);
  if (environment.state.length > state.length) environment.state[state.length] = isRounded ? 1 : 0;
}

for (const [name, steps] of Object.entries<Record<string, never>>(recorded.steps)) {
  const { low, high } = steps as unknown as { low: number[]; high: number[] };

  test(`one step of ${name} from 1,000 states is Gymnasium's`, () => {
    const environment = makeEnvironment<Float32Array>(name);
    const states = unpack(steps.states!, Float64Array);
    const observations = unpack(steps.observations!, Float32Array);
    const ends = unpack(steps.terminated!, Uint8Array);
    const isWhole = (steps.rewards! as string).length < 2000;
    const rewards = unpack<Int8Array | Float64Array>(steps.rewards!, isWhole ? Int8Array : Float64Array);
    const width = observations.length / 1000;
    let worst = 0;
    let worstUnits = 0;
    for (let i = 0; i < 1000; i++) {
      put(environment, stateOf(low, high, i), name.startsWith('MountainCarC') && i >= 200);
      const { observation, reward, terminated } = environment.step(actionOf(environment, i));
      for (let j = 0; j < low.length; j++) {
        worst = Math.max(worst, Math.abs(environment.state[j]! - states[i * low.length + j]!));
      }
      for (let j = 0; j < width; j++) {
        const [ours, theirs] = [observation[j]!, observations[i * width + j]!];
        // Near 0 a unit is finer than the rounding of the sine that it comes from.
        if (Math.abs(ours - theirs) > 1e-12) worstUnits = Math.max(worstUnits, float32Units(ours, theirs));
      }
      // Sums of a few rounded terms of magnitude up to 100.
      assert.ok(Math.abs(reward - rewards[i]!) <= 1e-12 * Math.max(1, Math.abs(reward)), `reward ${i}`);
      assert.equal(terminated, bitAt(ends, i), `end ${i}`);
    }
    // Sine and cosine of V8 and NumPy differ in the last place, which the step scales by at most some hundreds.
    assert.ok(worst <= 1e-12, `state off by ${worst}`);
    assert.ok(worstUnits <= 1, `observation off by ${worstUnits} units`);
  });

  test(`trajectories of 50 steps of ${name} are Gymnasium's`, () => {
    const environment = makeEnvironment(name, { maxEpisodeSteps: null });
    for (const [t, trajectory] of recorded.trajectories[name].entries()) {
      const states = unpack(trajectory.states, Float64Array);
      const width = low.length;
      const scale = name.startsWith('CartPole') ? 0.02 : 0.1;
      const start = stateOf(low, high, 5000 + t).map(
        (value, j) => scale * value + (name.startsWith('Mountain') && j === 0 ? -0.5 : 0),
      );
      put(environment, start, false);
      const visited: number[][] = [];
      let total = 0;
      for (let k = 0; k < trajectory.steps; k++) {
        const step = environment.step(actionOf(environment, 100 * t + k));
        total += step.reward;
        visited.push([...environment.state.subarray(0, width)]);
      }
      const kept = [...visited.filter((_, k) => k % 5 === 4), visited.at(-1)!].flat();
      assert.equal(kept.length, states.length);
      // Differences of the last place grow along the way; these worlds let them grow a thousandfold in 50 steps.
      kept.forEach((value, k) => {
        assert.ok(Math.abs(value - states[k]!) <= 1e-10 * Math.max(1, Math.abs(value)), `number ${k}`);
      });
      assert.ok(Math.abs(total - trajectory.return) <= 1e-9 * Math.max(1, Math.abs(total)));
    }
  });
}

test('a seed fixes an episode, and the generator goes on without one', () => {
  const environment = makeEnvironment<Float32Array>('CartPole-v1');
  const first = [...environment.reset({ seed: 7 })];
  const second = [...environment.reset()];
  assert.notDeepEqual(first, second);
  assert.deepEqual([...environment.reset({ seed: 7 })], first);
  assert.deepEqual([...environment.reset()], second);
  assert.ok(first.every((value) => Math.abs(value) <= 0.05));
});

test('an episode is truncated at its time limit and terminated at its end', () => {
  const car = makeEnvironment('MountainCar-v0');
  car.reset({ seed: 0 });
  for (let k = 1; k < 200; k++) assert.equal(car.step(1).truncated, false);
  const last = car.step(1);
  assert.deepEqual([last.terminated, last.truncated], [false, true]);
  const endless = makeEnvironment('MountainCar-v0', { maxEpisodeSteps: null });
  endless.reset({ seed: 0 });
  for (let k = 0; k < 300; k++) assert.equal(endless.step(1).truncated, false);
});

test('a step before reset or after the end, and an action outside the space, are refused', () => {
  const pole = makeEnvironment('CartPole-v1');
  assert.throws(() => pole.step(0), { code: 'environment/not-running', message: /has not begun/ });
  pole.reset();
  for (const action of [2, -1, 0.5, Number.NaN, [0], '1' as never, undefined as never]) {
    assert.throws(() => pole.step(action), { code: 'environment/unfit-action', message: /0 … 1/ });
  }
  while (!pole.step(0).terminated);
  assert.throws(() => pole.step(0), { code: 'environment/not-running', message: /is over/ });
  const pendulum = makeEnvironment('Pendulum-v1');
  pendulum.reset();
  for (const action of [Number.NaN, [Number.NaN], [0, 0], []]) {
    assert.throws(() => pendulum.step(action), { code: 'environment/unfit-action' });
  }
});

test('a step hands out the same object and array again', () => {
  const pole = makeEnvironment<Float32Array>('CartPole-v1');
  const observation = pole.reset();
  const step = pole.step(0);
  assert.equal(step.observation, observation);
  assert.equal(pole.step(1), step);
});

test('what an environment cannot do is absent', () => {
  assert.equal(makeEnvironment('CartPole-v1').render, undefined);
  assert.equal(makeEnvironment('CartPole-v1').actionMask, undefined);
  assert.equal(makeEnvironment('Blackjack-v1').picture, undefined);
  assert.match(makeEnvironment('CartPole-v1').picture!(), /^<line/);
});
