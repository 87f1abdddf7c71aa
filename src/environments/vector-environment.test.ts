import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEnvironment } from './make-environment.ts';
import { SeededSource } from './random-source.ts';
import { makeVectorEnvironment } from './vector-environment.ts';

test('each copy does what a single environment of its seed does, on shared memory', () => {
  for (const name of ['CartPole-v1', 'Taxi-v3', 'Pendulum-v1']) {
    const numEnvs = 5;
    const many = makeVectorEnvironment(name, { numEnvs });
    many.reset({ seed: 11 });
    const singles = Array.from({ length: numEnvs }, (_, i) => {
      const environment = makeEnvironment(name);
      // The copy's own generator: of the seed and its number.
      const first = environment.reset({ random: new SeededSource(11, i) });
      return { environment, first, isOver: false };
    });
    const width = many.observations.length / numEnvs;
    const rowOf = (i: number) => Array.from(many.observations.subarray(i * width, (i + 1) * width));
    const listed = (value: number | ArrayLike<number>) =>
      typeof value === 'number' ? [value] : Array.from(value);
    for (const [i, { first }] of singles.entries()) assert.deepEqual(rowOf(i), listed(first));
    for (let k = 0; k < 250; k++) {
      const actions = Array.from({ length: numEnvs }, (_, i) => (k + i) % 2);
      many.step(actions);
      for (const [i, single] of singles.entries()) {
        if (single.isOver) {
          assert.deepEqual(rowOf(i), listed(single.environment.reset()));
          assert.deepEqual([many.rewards[i], many.terminated[i], many.truncated[i]], [0, 0, 0]);
          single.isOver = false;
          continue;
        }
        const action = name === 'Pendulum-v1' ? [actions[i]!] : actions[i]!;
        const step = single.environment.step(action);
        assert.deepEqual(rowOf(i), listed(step.observation));
        assert.equal(many.rewards[i], step.reward);
        assert.deepEqual(
          [many.terminated[i], many.truncated[i]],
          [Number(step.terminated), Number(step.truncated)],
        );
        single.isOver = step.terminated || step.truncated;
      }
    }
    for (const array of [many.observations, many.rewards, many.actions, many.state, many.terminated])
      assert.ok(array.buffer instanceof SharedArrayBuffer);
  }
});

test('with same-step an ended episode begins anew at once and leaves its last observation', () => {
  const poles = makeVectorEnvironment('CartPole-v1', { numEnvs: 3, autoreset: 'same-step' });
  poles.reset({ seed: 0 });
  poles.actions.fill(1);
  for (let k = 0; k < 30; k++) {
    poles.step();
    for (let i = 0; i < 3; i++) {
      if (poles.terminated[i] === 0) continue;
      assert.equal(poles.rewards[i], 1);
      assert.ok(Math.abs(poles.observations[4 * i + 2]!) <= 0.05);
      assert.ok(Math.abs(poles.finalObservations[4 * i + 2]!) > 0.2);
      return;
    }
  }
  assert.fail('no pole fell');
});

test('bad actions and options are refused by name', () => {
  const poles = makeVectorEnvironment('CartPole-v1', { numEnvs: 2 });
  assert.throws(() => poles.step([0, 1]), { code: 'environment/not-running' });
  poles.reset();
  assert.throws(() => poles.step([0, 2]), { code: 'environment/unfit-action', message: /environment 1 / });
  assert.throws(() => poles.step([0.5, 1]), { code: 'environment/unfit-action', message: /environment 0 / });
  assert.throws(() => poles.step([0]), { code: 'environment/unfit-action' });
  assert.throws(() => makeVectorEnvironment('CartPole-v1', { numEnvs: 0 }), { code: 'option/invalid' });
  assert.throws(() => makeVectorEnvironment('CartPole-v1', { numEnvs: 1, autoreset: 'never' as never }), {
    code: 'option/invalid',
  });
});
