import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Team } from '../host/team.ts';
import { dropoutMask } from './dropout-mask.ts';

const team = new Team(1);

function byKernel(from: number, count: number, key: number, keep: number): Float32Array {
  return team.arena.scope(() => {
    const out = team.arena.f32(count);
    team.solo('dropoutMask', out, from, count, key, keep);
    return team.arena.viewF32(out, count).slice();
  });
}

test('the kernel drops what the plain function drops', () => {
  for (const [key, keep] of [
    [0, 0.5],
    [-5, 0.9],
    [2 ** 31 - 1, 0.1],
  ] as const)
    assert.deepEqual(byKernel(17, 1000, key, keep), dropoutMask(17, 1000, key, keep));
});

test('what is dropped depends on the place and the key only, and its share is as asked', () => {
  const whole = byKernel(0, 20_000, 3, 0.7);
  assert.deepEqual(byKernel(500, 100, 3, 0.7), whole.slice(500, 600));
  assert.notDeepEqual(byKernel(0, 20_000, 4, 0.7), whole);
  const kept = whole.filter((value) => value > 0).length / 20_000;
  // Five standard deviations of a share of 0.7 among 20,000.
  assert.ok(Math.abs(kept - 0.7) < 5 * Math.sqrt(0.21 / 20_000), `${kept}`);
});
