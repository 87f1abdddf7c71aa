import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settling } from './settle.ts';

const falling = [5, 4, 3, 2, 1];

test('a training has settled after so many passes and one more without anything better', () => {
  const options = { tol: 0.1, nIterNoChange: 2 };
  assert.equal(settling(falling, options).hasSettled, false);
  assert.equal(settling([...falling, 0.95, 0.93], options).hasSettled, false);
  assert.equal(settling([...falling, 0.95, 0.93, 0.92], options).hasSettled, true);
  // What falls bit by bit is measured by the best so far, not by the best that counted.
  assert.equal(settling([...falling, 0.95, 0.8, 0.85, 0.85], options).hasSettled, false);
  assert.equal(settling([1, 1, 1, 1, 1, 1], { nIterNoChange: null }).hasSettled, false);
  assert.equal(settling([], options).hasSettled, false);
});

test('plateaus multiply the learning rate until it is the least', () => {
  const options = { tol: 0, nIterNoChange: 1, plateau: { factor: 0.1, least: 0.05 } };
  assert.deepEqual(settling([1, 2, 2], options), { hasSettled: false, rateFactor: 0.1 });
  assert.deepEqual(settling([1, 2, 2, 2], options), { hasSettled: false, rateFactor: 0.1 });
  assert.deepEqual(settling([1, 2, 2, 2, 2], options), { hasSettled: false, rateFactor: 0.1 * 0.1 });
  assert.equal(settling([1, 2, 2, 2, 2, 2, 2], options).hasSettled, true);
});
