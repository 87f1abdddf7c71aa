import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Ending, generalizedAdvantages, normalize } from './advantages.ts';

/** Steps of one environment. */
const alone = (rewards: readonly number[], endings: readonly number[]) => ({
  rows: rewards.length,
  rewards: Float64Array.from(rewards),
  owners: new Int32Array(rewards.length),
  endings: Uint8Array.from(endings),
});
const { none, terminated, cut } = Ending;

test('nothing follows a terminated step, and the value of what came next follows one that was cut', () => {
  const how = { gamma: 0.5, gaeLambda: 1, environments: 1 };
  const values = [1, 2, 3];
  const ended = generalizedAdvantages(alone([10, 20, 30], [none, none, terminated]), values, [], how);
  // Returns 10 + 20 / 2 + 30 / 4, 20 + 30 / 2, 30.
  assert.deepEqual(Array.from(ended.returns), [27.5, 35, 30]);
  assert.deepEqual(Array.from(ended.advantages), [26.5, 33, 27]);
  const broken = generalizedAdvantages(alone([10, 20, 30], [none, none, cut]), values, [8], how);
  assert.deepEqual(Array.from(broken.returns), [28.5, 37, 34]);
  const short = { ...how, gaeLambda: 0 };
  const steps = generalizedAdvantages(alone([10, 20, 30], [none, none, cut]), values, [8], short);
  // r + V' / 2 − V.
  assert.deepEqual(Array.from(steps.advantages), [10, 19.5, 31]);
});

test('environments side by side have the advantages that each has by itself', () => {
  const steps = fc.array(
    fc.record({
      reward: fc.double({ min: -5, max: 5, noNaN: true }),
      value: fc.double({ min: -5, max: 5, noNaN: true }),
      ending: fc.constantFrom(none, none, terminated, cut),
      follows: fc.double({ min: -5, max: 5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const how = { gamma: 0.9, gaeLambda: 0.7 };
  fc.assert(
    fc.property(steps, steps, (first, second) => {
      const worlds = [first, second].map((world) =>
        world.map((step, t) => ({
          ...step,
          ending: t === world.length - 1 && step.ending === none ? cut : step.ending,
        })),
      );
      const cuts = (world: (typeof worlds)[number]) =>
        world.filter(({ ending }) => ending === cut).map(({ follows }) => follows);
      const apart = worlds.map(
        (world) =>
          generalizedAdvantages(
            alone(
              world.map(({ reward }) => reward),
              world.map(({ ending }) => ending),
            ),
            world.map(({ value }) => value),
            cuts(world),
            { ...how, environments: 1 },
          ).advantages,
      );
      const mixed = Array.from({ length: Math.max(first.length, second.length) }, (_, t) =>
        worlds.flatMap((world, owner) => (world[t] === undefined ? [] : [{ ...world[t], owner, t }])),
      ).flat();
      const { advantages } = generalizedAdvantages(
        {
          ...alone(
            mixed.map(({ reward }) => reward),
            mixed.map(({ ending }) => ending),
          ),
          owners: Int32Array.from(mixed, ({ owner }) => owner),
        },
        mixed.map(({ value }) => value),
        mixed.filter(({ ending }) => ending === cut).map(({ follows }) => follows),
        { ...how, environments: 2 },
      );
      for (const [row, { owner, t }] of mixed.entries()) assert.equal(advantages[row], apart[owner]![t]);
    }),
  );
});

test('advantages are scaled to mean 0 and deviation 1, a single one is left', () => {
  const numbers = Float32Array.of(1, 2, 6, 99);
  normalize(numbers, 3);
  // (x − 3) / √7.
  for (const [i, expected] of [-2, -1, 3].entries())
    assert.ok(Math.abs(numbers[i]! - expected / Math.sqrt(7)) < 1e-6); // float32
  assert.equal(numbers[3], 99);
  const one = Float32Array.of(5);
  normalize(one, 1);
  assert.equal(one[0], 5);
});
