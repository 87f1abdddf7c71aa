import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateRandomMap } from './frozen-lake.ts';
import { makeEnvironment } from './make-environment.ts';
import { bitAt, recorded, unpack } from './recorded.fixture.ts';

const variants: Readonly<Record<string, Record<string, unknown>>> = {
  'FrozenLake-v1 still': { isSlippery: false },
  'FrozenLake-v1 0.8': { successRate: 0.8, rewardSchedule: [10, -5, -1] },
  'Taxi-v4 rainy': { isRainy: true },
};

for (const [title, table] of Object.entries<Record<string, never>>(recorded.tables)) {
  test(`the transition table of ${title} is Gymnasium's`, () => {
    const { transitions } = makeEnvironment(title.split(' ')[0]!, variants[title]);
    const { offsets, probability, next, reward, terminated, initial } = transitions!;
    const counts = unpack(table.counts!, Uint8Array);
    assert.deepEqual(
      Array.from(counts),
      Array.from(counts, (_, row) => offsets[row + 1]! - offsets[row]!),
    );
    assert.deepEqual(Array.from(next), Array.from(unpack(table.next!, Uint16Array)));
    assert.deepEqual(Array.from(reward), Array.from(unpack(table.reward!, Int8Array)));
    const ends = unpack(table.terminated!, Uint8Array);
    const kinds = unpack(table.probability!, Uint8Array);
    for (let k = 0; k < next.length; k++) {
      assert.equal(terminated[k] === 1, bitAt(ends, k), `end of outcome ${k}`);
      assert.equal(probability[k], table.probabilities![kinds[k]!], `probability of outcome ${k}`);
    }
    const starts = Array.from(initial.keys()).filter((state) => initial[state]! > 0);
    assert.deepEqual(starts, Array.from(unpack(table.initial!, Uint16Array)));
    assert.ok(starts.every((state) => initial[state] === 1 / starts.length));
  });
}

test('Taxi-v3 is Taxi-v4 in dry weather', () => {
  assert.deepEqual(makeEnvironment('Taxi-v3').transitions, makeEnvironment('Taxi-v4').transitions);
});

test('a draw picks the first outcome whose cumulated probability exceeds it', () => {
  const lake = makeEnvironment<number>('FrozenLake-v1');
  const draws = [0, 0.3333, 0.3334, 0.6666, 0.6667, 0.9999];
  const cells = draws.map((draw) => {
    lake.reset({ random: { next: () => draw } });
    lake.state[0] = 6;
    return lake.step(1).observation;
  });
  // Down from cell 6 slips left to 5, goes to 10, slips right to 7.
  assert.deepEqual(cells, [5, 5, 10, 10, 7, 7]);
});

test('taxis start where passengers wait elsewhere than they want to go, each such state as likely', () => {
  const taxi = makeEnvironment<number>('Taxi-v3');
  taxi.reset({ seed: 5 });
  const counts = new Int32Array(500);
  for (let k = 0; k < 30_000; k++) {
    const state = taxi.reset();
    counts[state] = counts[state]! + 1;
  }
  const seen = Array.from(counts).filter((count) => count > 0);
  assert.equal(seen.length, 300);
  // A hundred each; chi-squared of 299 degrees of freedom, mean 299, standard deviation 24.
  const chi = seen.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  assert.ok(chi > 180 && chi < 420, `chi-squared ${chi}`);
});

test('a fickle passenger changes the destination once, while the taxi moves', () => {
  const taxi = makeEnvironment<number>('Taxi-v4', { ficklePassenger: true, fickleProbability: 1 });
  taxi.reset({ seed: 1 });
  const encode = (row: number, column: number, passenger: number, to: number) =>
    ((row * 5 + column) * 5 + passenger) * 4 + to;
  taxi.state[0] = encode(0, 0, 0, 1);
  assert.equal(taxi.step(4).observation, encode(0, 0, 4, 1));
  assert.equal(taxi.step(1).observation, encode(0, 0, 4, 1), 'a wall: no move, no change');
  const moved = taxi.step(0).observation;
  assert.ok([0, 2, 3].map((to) => encode(1, 0, 4, to)).includes(moved), `state ${moved}`);
  assert.equal(taxi.step(0).observation % 4, moved % 4);
});

test('the mask of a taxi tells which actions have an effect', () => {
  const taxi = makeEnvironment<number>('Taxi-v3');
  taxi.reset();
  const { transitions } = taxi;
  for (let state = 0; state < 500; state++) {
    taxi.state[0] = state;
    const mask = Array.from(taxi.actionMask!());
    for (let action = 0; action < 6; action++) {
      const k = transitions!.offsets[state * 6 + action]!;
      const isIdle = transitions!.next[k] === state && transitions!.reward[k]! < 0;
      // Putting a passenger down at the wrong stop has an effect too.
      assert.equal(mask[action], isIdle ? 0 : 1, `state ${state}, action ${action}`);
    }
  }
});

test('a random map has a way from start to goal, and a map without start is refused', () => {
  const map = generateRandomMap({ size: 6, p: 0.6, seed: 2 });
  assert.deepEqual([map.length, map[0]![0], map[5]![5]], [6, 'S', 'G']);
  assert.deepEqual(generateRandomMap({ size: 6, p: 0.6, seed: 2 }), map);
  const lake = makeEnvironment('FrozenLake-v1', { desc: map, isSlippery: false });
  assert.deepEqual(lake.observationSpace, { kind: 'discrete', n: 36 });
  assert.throws(() => makeEnvironment('FrozenLake-v1', { desc: ['FF', 'FG'] }), { code: 'option/invalid' });
  assert.throws(() => makeEnvironment('FrozenLake-v1', { desc: ['SF', 'G'] }), { code: 'option/invalid' });
});

test('grid worlds show themselves as text', () => {
  const lake = makeEnvironment('FrozenLake-v1');
  lake.reset();
  assert.equal(lake.render!(), '[S] F  F  F\n F  H  F  H\n F  F  F  H\n H  F  F  G');
  const taxi = makeEnvironment('Taxi-v3');
  taxi.reset();
  taxi.state[0] = ((1 * 5 + 2) * 5 + 4) * 4 + 1;
  assert.match(taxi.render!(), /\n\| : \{ \} : \|\n/);
  assert.match(taxi.render!(), /passenger in the taxi, to G$/);
});
