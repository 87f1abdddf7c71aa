import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  besideText,
  clip,
  counted,
  durationText,
  figureText,
  figureTexts,
  intervalText,
  meanText,
  percentText,
  timeText,
  valueText,
} from './number-words.ts';

test('figures have three digits, and whole ones from a hundred on', () => {
  const shown = [0.91349, 1, 54.42, 99.96, 23_457.4, -0.5, 0, 0.00001, 3e15, null, Number.NaN].map(
    figureText,
  );
  assert.deepEqual(shown, [
    '0.913',
    '1.00',
    '54.4',
    '100',
    '23,457',
    '−0.500',
    '0',
    '1E−5',
    '3E15',
    '–',
    '–',
  ]);
});

test('values of the data keep years readable and large numbers grouped', () => {
  assert.deepEqual([1985, 12_345, 0.123456, -3, 1e-9, null].map(valueText), [
    '1985',
    '12,345',
    '0.1235',
    '−3',
    '1E−9',
    '–',
  ]);
});

test('figures of a column line up, a mean and its spread agree in decimals', () => {
  assert.deepEqual(figureTexts([1.3097, 0.0033, -0.0022, null, -0.00001]), [
    '1.310',
    '0.003',
    '−0.002',
    '–',
    '0.000',
  ]);
  assert.deepEqual(figureTexts([0, 0]), ['0', '0']);
  assert.equal(meanText(0.8978, 0.0201), '0.898 ± 0.020');
  assert.equal(meanText(54_321.7, 1234.5), '54,322 ± 1,235');
  assert.equal(meanText(0.5, null), '0.500');
  assert.equal(meanText(null, 1), '–');
});

test('a figure beside another has its decimals', () => {
  assert.deepEqual(
    [besideText(-0.0184, 0.933), besideText(0, 0.5), besideText(81_234.4, 26_601)],
    ['−0.018', '0.000', '81,234'],
  );
});

test('intervals take a dash, or words where a sign would run into it', () => {
  assert.equal(intervalText([0.88, 0.9301], 0.91), '0.880–0.930');
  assert.equal(intervalText([-0.02, 0.3], 0.1), '−0.020 to 0.300');
  assert.equal(intervalText([19_802.1, 32_631], 26_601), '19,802–32,631');
  assert.equal(intervalText([0.9951, 1], 0.998), '0.995–1.000');
});

test('shares are never rounded to nothing or to all', () => {
  assert.deepEqual(
    [
      percentText(1, 10_000),
      percentText(9999, 10_000),
      percentText(1, 3),
      percentText(0, 5),
      percentText(5, 5),
      percentText(1, 0),
      percentText(0.023),
      percentText(1.797),
    ],
    ['<0.1%', '>99.9%', '33%', '0%', '100%', '–', '2.3%', '180%'],
  );
});

test('durations, counts and times are words', () => {
  assert.deepEqual([0, 0.01, 0.84, 41.3, 59.7, 200, 120, 7500, 7200].map(durationText), [
    '0 s',
    '<0.1 s',
    '0.8 s',
    '41 s',
    '1 min',
    '3 min 20 s',
    '2 min',
    '2 h 5 min',
    '2 h',
  ]);
  assert.equal(counted(1, 'row'), '1 row');
  assert.equal(counted(1460, 'row'), '1,460 rows');
  assert.equal(timeText('2026-03-04T09:26:53.000Z'), '2026-03-04 09:26 UTC');
  assert.equal(timeText('<b>'), '<b>');
});

test('long texts are cut between letters', () => {
  assert.equal(clip('abc'), 'abc');
  assert.equal(clip('👍'.repeat(80), 4), '👍👍👍…');
  assert.equal(clip('x'.repeat(1e6), 10).length, 10);
});
