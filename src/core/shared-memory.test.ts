import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedArray } from './shared.ts';
import { sharedBytesOf } from './shared-memory.ts';

test('shared bytes are counted once for each buffer, wherever it lies in the data', () => {
  const a = sharedArray(Float64Array, 10);
  const data = {
    a,
    again: a.subarray(2),
    list: [{ b: sharedArray(Uint8Array, 5) }],
    own: new Float64Array(100),
    text: ['x'],
  };
  assert.equal(sharedBytesOf(data), 85);
  assert.equal(sharedBytesOf(null), 0);
});
