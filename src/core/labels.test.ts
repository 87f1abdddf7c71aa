import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLabels, rankLabels } from './labels.ts';

test('labels sort by value, code point, and false before true', () => {
  assert.deepEqual([10, 9, -1].sort(compareLabels), [-1, 9, 10]);
  assert.deepEqual([true, false].sort(compareLabels), [false, true]);
  // U+1F600 is two UTF-16 units below U+FF5E.
  assert.deepEqual(['😀', '～', '猫', 'ab', 'a'].sort(compareLabels), ['a', 'ab', '猫', '～', '😀']);
});

test('ranks point from the order seen to the sorted order', () => {
  const { classes, rank } = rankLabels(['b', 'c', 'a']);
  assert.deepEqual(
    [classes, [...rank]],
    [
      ['a', 'b', 'c'],
      [1, 2, 0],
    ],
  );
});
