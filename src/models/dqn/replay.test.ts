import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NStep } from './n-step.ts';
import { Replay } from './replay.ts';

const shape = { columns: 2, masks: 0 };

function filled(capacity: number, count: number): Replay {
  const replay = new Replay({ ...shape, capacity });
  for (let k = 0; k < count; k++) replay.add([k, -k], k % 3, 10 * k, [k + 1, -k - 1], 0.9, undefined);
  return replay;
}

test('the oldest steps give way', () => {
  const replay = filled(4, 6);
  assert.equal(replay.size, 4);
  assert.deepEqual([...replay.rewards], [40, 50, 20, 30]);
  assert.deepEqual([...replay.observations], [4, -4, 5, -5, 2, -2, 3, -3]);
  assert.deepEqual([...replay.following].slice(0, 2), [5, -5]);
  assert.deepEqual([...replay.actions], [1, 2, 2, 0]);
});

test('a replay goes on from its data, in a ring of any size', () => {
  for (const [count, capacity, expected] of [
    [3, 4, [0, 10, 20, 30]],
    [6, 4, [40, 50, 60, 30]],
    [6, 6, [20, 30, 40, 50, 60, 0]],
    [6, 3, [60, 40, 50]],
    [0, 2, [0, 0]],
  ] as const) {
    const data = filled(4, count).data();
    const replay = new Replay({ ...shape, capacity });
    const from = replay.restore(data);
    assert.deepEqual(
      Array.from(from, (place) => data.rewards[place]),
      [...replay.rewards.subarray(0, replay.size)],
    );
    replay.add([0, 0], 0, 10 * count, [0, 0], 1, undefined);
    assert.deepEqual([...replay.rewards], expected);
  }
});

test('what is remembered of masks comes back with the step', () => {
  const replay = new Replay({ capacity: 3, columns: 1, masks: 2 });
  replay.add([1], 0, 0, [2], 1, Uint8Array.of(0, 1));
  replay.add([2], 0, 0, [3], 1, Uint8Array.of(1, 1));
  const other = new Replay({ capacity: 3, columns: 1, masks: 2 });
  other.restore(replay.data());
  assert.deepEqual([...other.masks], [0, 1, 1, 1, 0, 0]);
});

test('a replay that no memory holds is refused by the name of its option', () => {
  assert.throws(() => new Replay({ capacity: 50_000_000, columns: 1_000_000, masks: 0 }), {
    code: 'option/too-large',
    message: /bufferSize/,
  });
});

/** What is remembered of an episode whose step k goes from place k to k + 1 with reward 2ᵏ. */
function remembered(count: number, steps: number, end: 'terminated' | 'truncated') {
  const found: (readonly [number, number, number, number, number])[] = [];
  const steady = new NStep(count, 0.5, 1, ([x], action, reward, [next], discount) =>
    found.push([x!, action, reward, next!, discount]),
  );
  for (let episode = 0; episode < 2; episode++) {
    for (let k = 0; k < steps; k++) {
      const isOver = k === steps - 1;
      const terminated = isOver && end === 'terminated';
      steady.add(Float32Array.of(k), k, 2 ** k, Float32Array.of(k + 1), { terminated, isOver });
    }
  }
  assert.deepEqual(found.slice(found.length / 2), found.slice(0, found.length / 2));
  return found.slice(0, found.length / 2);
}

test('one step is remembered as it is', () => {
  assert.deepEqual(remembered(1, 2, 'terminated'), [
    [0, 0, 1, 1, 0.5],
    [1, 1, 2, 2, 0],
  ]);
});

test('rewards of several steps are summed, fewer of them before an end, whose value counts when it is cut off', () => {
  // With γ = ½ and rewards 2ᵏ every reward that is added counts 2^(first step).
  assert.deepEqual(remembered(3, 4, 'truncated'), [
    [0, 0, 3, 3, 0.125],
    [1, 1, 6, 4, 0.125],
    [2, 2, 8, 4, 0.25],
    [3, 3, 8, 4, 0.5],
  ]);
  assert.deepEqual(
    remembered(3, 4, 'terminated').map(([, , , , discount]) => discount),
    [0.125, 0, 0, 0],
  );
  assert.deepEqual(remembered(5, 2, 'truncated'), [
    [0, 0, 2, 2, 0.25],
    [1, 1, 2, 2, 0.5],
  ]);
});
