import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedArray } from './shared.ts';
import { newSharedBytes } from './shared-memory.ts';

test('shared bytes are counted once for each buffer, wherever it lies in the data', () => {
  const a = sharedArray(Float64Array, 10);
  const known = new WeakSet<SharedArrayBuffer>();
  const list = [{ b: sharedArray(Uint8Array, 5) }];
  const data = { a, again: a.subarray(2), list, own: new Float64Array(100), text: ['x'] };
  assert.equal(newSharedBytes(data, known), 85);
  assert.equal(newSharedBytes({ ...data, more: sharedArray(Uint8Array, 7) }, known), 7);
  assert.equal(newSharedBytes(null, known), 0);
});
