import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusionMatrix } from './confusion-matrix.ts';
import { classificationReport } from './report.ts';
import { displayWidth, formatDecimal } from './text-table.ts';

test('wide characters take two cells, combined ones no extra', () => {
  const widths: [string, number][] = [
    ['cat', 3],
    ['地理位置', 8],
    ['カテゴリー', 10],
    ['ｶﾅ', 2],
    ['고양이', 6],
    ['e\u0301', 1],
    ['Ａ', 2],
    ['😀', 2],
    ['👩‍🔬', 2],
    ['', 0],
  ];
  for (const [text, width] of widths) assert.equal(displayWidth(text), width, text);
});

test('exact halves round to the even digit and other numbers to the nearest', () => {
  assert.equal(formatDecimal(0.125, 2), '0.12');
  assert.equal(formatDecimal(0.375, 2), '0.38');
  assert.equal(formatDecimal(0.5, 0), '0');
  assert.equal(formatDecimal(1.5, 0), '2');
  assert.equal(formatDecimal(0.285, 2), '0.28'); // below the half in binary
  assert.equal(formatDecimal(1, 2), '1.00');
  assert.equal(formatDecimal(NaN, 2), 'nan');
});

test('a report with Chinese class names is aligned in every line', () => {
  const truth = ['猫', '狗', '很长的类别名称', '猫'];
  const prediction = ['猫', '狗', '狗', '猫'];
  const lines = classificationReport(truth, prediction)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  assert.deepEqual(new Set(lines.map(displayWidth)), new Set([displayWidth(lines[0])]));
  assert.ok(lines.some((line) => line.startsWith('很长的类别名称 ')));
});

test('a confusion matrix prints its labels and aligned counts', () => {
  const text = confusionMatrix(['猫', 'dog', '猫'], ['猫', '猫', 'dog']).toString();
  assert.equal(
    text,
    ['true \\ predicted  dog  猫', '             dog    0   1', '              猫    1   1'].join('\n'),
  );
});

test('weighted supports are printed with the digits of the figures', () => {
  const text = classificationReport([0, 1, 1], [0, 1, 0], { sampleWeight: [0.1, 0.2, 0.7] }).toString();
  assert.match(text, /accuracy +0\.30 +1\.00\n/);
});
