import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut, shorten, shortNumber } from './layout.ts';
import { sparkline } from './spark.ts';

test('columns are aligned by the cells that a terminal shows', () => {
  const rows = [
    ['面积', '100'],
    ['a', '7'],
  ];
  assert.deepEqual(layOut(rows, ['left', 'right']), ['面积  100', 'a       7']);
});

test('a text is cut to its width and kept on one line', () => {
  assert.equal(shorten('two\nlines', 20), 'two lines');
  assert.equal(shorten('地理位置信息', 7), '地理位…');
});

test('numbers are short without hiding what they are', () => {
  assert.deepEqual([1 / 3, 123456789, 1e-9, Number.NaN, 462.45942572, 881577123456789].map(shortNumber), [
    '0.333333',
    '123456789',
    '1e-9',
    '–',
    '462.459',
    '8.81577e+14',
  ]);
});

test('a histogram shows empty bins as blanks and any row as at least the lowest block', () => {
  assert.equal(sparkline([0, 1, 50, 100, 1000]), ' ▁▁▁█');
  assert.equal(sparkline([1, 2, 3, 4]), '▂▄▆█');
});
