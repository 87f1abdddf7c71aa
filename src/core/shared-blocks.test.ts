import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedBlocks } from './shared-blocks.ts';

test('large arrays share blocks without overlapping, small ones have buffers of their own', () => {
  const length = 2 ** 20 + 3;
  const blocks = new SharedBlocks(20 * (length * 8 + 64));
  const arrays = Array.from({ length: 20 }, () => blocks.array(Float64Array, length));
  arrays.forEach((array, i) => {
    assert.equal(array.length, length);
    assert.equal(array.byteOffset % 64, 0);
    array[0] = i;
    array[length - 1] = i;
  });
  arrays.forEach((array, i) => {
    assert.deepEqual([array[0], array[1], array[length - 1]], [i, 0, i]);
  });
  const buffers = new Set(arrays.map(({ buffer }) => buffer));
  assert.ok(buffers.size >= 2 && buffers.size <= 4, `${buffers.size}`);
  const few = new SharedBlocks(2000);
  assert.equal(few.array(Uint8Array, 1000).buffer.byteLength, 1000);
  // More than was said is possible.
  assert.equal(few.array(Int32Array, 2 ** 25).length, 2 ** 25);
  assert.equal(few.array(Uint8Array, 0).length, 0);
});
