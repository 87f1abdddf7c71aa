import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLabels } from '../core/labels.ts';
import { codeLabels } from './labels.ts';

test('classes come sorted, whatever appears first', () => {
  const { classes, codes } = codeLabels({ truth: ['b', 'c', 'b'], prediction: ['a', 'c', 'b'] });
  assert.deepEqual(classes, ['a', 'b', 'c']);
  assert.deepEqual(
    codes.map((column) => [...column]),
    [
      [1, 2, 1],
      [0, 2, 1],
    ],
  );
});

test('known classes keep their order and come first', () => {
  const { classes, codes } = codeLabels({ truth: [5, 1, 9, 2] }, [9, 5]);
  assert.deepEqual(classes, [9, 5, 1, 2]);
  assert.deepEqual([...codes[0]], [1, 2, 0, 3]);
});

test('numbers sort by value, booleans false first, strings by code point', () => {
  assert.deepEqual([10, 9, -1].sort(compareLabels), [-1, 9, 10]);
  assert.deepEqual([true, false].sort(compareLabels), [false, true]);
  // U+FF5E lies before U+1F600, whose first UTF-16 unit is D83D.
  assert.deepEqual(['😀', '～', '猫', 'ab', 'a'].sort(compareLabels), ['a', 'ab', '猫', '～', '😀']);
});
