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

test('poles that a kernel steps are cut off, begin anew and fall as single ones do, whatever their number', () => {
  for (const autoreset of ['next-step', 'same-step'] as const) {
    for (const numEnvs of [1, 7, 16]) {
      const maxEpisodeSteps = 23;
      const many = makeVectorEnvironment('CartPole-v1', { numEnvs, autoreset, maxEpisodeSteps });
      // The second time with all that the first has left behind.
      for (const seed of [3, 4]) {
        many.reset({ seed });
        const singles = Array.from({ length: numEnvs }, (_, i) => {
          const environment = makeEnvironment<Float32Array>('CartPole-v1', { maxEpisodeSteps });
          environment.reset({ random: new SeededSource(seed, i) });
          return { environment, isOver: false };
        });
        let [cut, fallen] = [0, 0];
        for (let k = 0; k < 120; k++) {
          const actions = Int32Array.from({ length: numEnvs }, (_, i) => Number((k * 7 + i * 3) % 5 < 2));
          many.step(actions);
          for (const [i, single] of singles.entries()) {
            const row = many.observations.subarray(4 * i, 4 * i + 4);
            const told = [many.rewards[i], many.terminated[i], many.truncated[i]];
            if (single.isOver) {
              single.isOver = false;
              assert.deepEqual([row, told], [single.environment.reset(), [0, 0, 0]]);
              continue;
            }
            const { observation, reward, terminated, truncated } = single.environment.step(actions[i]!);
            assert.deepEqual(told, [reward, Number(terminated), Number(truncated)]);
            cut += Number(truncated);
            fallen += Number(terminated);
            const isOver = terminated || truncated;
            if (isOver && autoreset === 'same-step') {
              assert.deepEqual(many.finalObservations.subarray(4 * i, 4 * i + 4), observation);
              assert.deepEqual(row, single.environment.reset());
            } else {
              assert.deepEqual(row, observation);
              assert.deepEqual(many.state.subarray(4 * i, 4 * i + 4), single.environment.state);
              single.isOver = isOver;
            }
          }
        }
        assert.ok(cut > 0 && (fallen > 0 || numEnvs === 1), `${cut} cut off, ${fallen} fallen`);
      }
    }
  }
});

test('a pole at an angle beyond the series of the kernel steps as a single one, and its neighbour too', () => {
  const many = makeVectorEnvironment('CartPole-v1', { numEnvs: 3 });
  const single = makeEnvironment<Float32Array>('CartPole-v1');
  for (const angle of [-2, 0.31, Number.NaN]) {
    many.reset({ seed: 1 });
    many.state[4 + 2] = angle;
    for (const i of [0, 1, 2]) {
      const state = many.state.slice(4 * i, 4 * i + 4);
      many.step([1, 1, 1]);
      single.reset();
      single.state.set(state);
      const step = single.step(1);
      assert.deepEqual(many.observations.slice(4 * i, 4 * i + 4), step.observation);
      assert.deepEqual(many.terminated[i], Number(step.terminated));
      many.reset({ seed: 1 });
      many.state[4 + 2] = angle;
    }
  }
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
