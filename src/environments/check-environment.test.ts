import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEnvironment } from './check-environment.ts';
import type { Environment } from './environment.ts';
import { guardEnvironment } from './guard-environment.ts';
import { SeededSource } from './random-source.ts';
import { box, discrete } from './space.ts';

/** A walk between two walls: right ends it with reward 1. */
function corridor(changes: Partial<Environment> = {}): Environment {
  let place = 0;
  return {
    name: 'corridor',
    observationSpace: discrete(5),
    actionSpace: discrete(2),
    reset() {
      place = 2;
      return place;
    },
    step(action) {
      place = Math.max(0, place + (action === 1 ? 1 : -1));
      return { observation: place, reward: place === 4 ? 1 : 0, terminated: place === 4, truncated: false };
    },
    ...changes,
  };
}

const step = (changes: object) => ({
  step: () => ({ observation: 1, reward: 0, terminated: false, truncated: false, ...changes }),
});

test('a sound environment passes', () => {
  const { episodes, warnings } = checkEnvironment(corridor());
  assert.ok(episodes > 10);
  assert.deepEqual(warnings, []);
});

test('what an environment does wrong is named', () => {
  const wide = { observationSpace: box([0, 0], [1, 1]), reset: () => Float32Array.of(0, 0) };
  const broken: [Partial<Environment>, string, RegExp][] = [
    [
      { actionMask: () => Uint8Array.of(0, 0) },
      'environment/mask',
      /corridor after step 0.*leaves no action/,
    ],
    [{ actionMask: () => new Uint8Array(3).fill(1) }, 'environment/mask', /must give 2 numbers.*not 3/],
    [step({ observation: 5 }), 'environment/observation-range', /after step 1: the observation is 5/],
    [step({ observation: Number.NaN }), 'environment/not-finite', /NaN/],
    [step({ observation: 'x' }), 'environment/observation-shape', /a whole number 0 … 4/],
    [{ ...wide, ...step({ observation: Float32Array.of(1) }) }, 'environment/observation-shape', /1 long/],
    [{ ...wide, ...step({ observation: 3 }) }, 'environment/observation-shape', /but is 3/],
    [{ ...wide, ...step({ observation: [0, Number.NaN] }) }, 'environment/not-finite', /NaN at position 1/],
    [step({ reward: Number.NaN }), 'environment/reward', /reward of step 1 is NaN/],
    [step({ reward: undefined }), 'environment/reward', /undefined/],
    [step({ terminated: 1 }), 'environment/step', /booleans/],
    [{ step: () => undefined as never }, 'environment/step', /must return/],
    [{ reset: () => 9 }, 'environment/observation-range', /after reset/],
    [{ observationNames: ['a', 'b'] }, 'environment/names', /2 names/],
    [{ actionSpace: undefined as never }, 'environment/incomplete', /lacks actionSpace/],
  ];
  for (const [changes, code, message] of broken) {
    assert.throws(() => checkEnvironment(corridor(changes)), { code, message });
  }
});

test('what an environment throws keeps its cause', () => {
  const failure = new Error('no power');
  const fails = corridor({
    step() {
      throw failure;
    },
  });
  assert.throws(
    () => checkEnvironment(fails),
    (error: Error & { code: string }) => {
      assert.equal(error.code, 'environment/threw');
      assert.match(error.message, /corridor failed in step\(\): no power/);
      assert.equal(error.cause, failure);
      return true;
    },
  );
});

test('chance that does not follow the seed is found out', () => {
  const source = new SeededSource(1);
  const moody = corridor({ ...step({ terminated: true }), reset: () => source.below(4) });
  assert.throws(() => checkEnvironment(moody), { code: 'environment/not-repeatable' });
});

test('an environment that never ends and one outside its bounds get remarks', () => {
  const endless = checkEnvironment(corridor(step({})));
  assert.match(endless.warnings.join(), /No episode ended within 1000 random steps; consider timeLimit/);
  const outside = checkEnvironment(
    corridor({
      observationSpace: box([0], [1]),
      reset: () => Float32Array.of(0),
      step: () => ({ observation: Float32Array.of(2), reward: 0, terminated: true, truncated: false }),
    }),
  );
  assert.match(outside.warnings.join(), /outside the bounds/);
});

test('a guarded episode ends after the most steps, and says so', () => {
  let told = 0;
  const guarded = guardEnvironment(corridor(step({})), {
    mostSteps: 4,
    onEndless: (steps) => {
      told = steps;
    },
  });
  guarded.reset();
  assert.deepEqual(
    [0, 0, 0, 0].map(() => guarded.step(0).truncated),
    [false, false, false, true],
  );
  assert.equal(told, 4);
});
