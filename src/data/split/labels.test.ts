import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../../core/errors.ts';
import { columnFromCells } from '../../core/frame.ts';
import { encodeLabels, type RowLabels, takeLabels } from './labels.ts';

const encode = (labels: RowLabels, n = (labels as unknown[]).length) => encodeLabels(labels, n, 'y', 'kFold');

test('labels are sorted: numbers by size, booleans false first, dates by instant', () => {
  assert.deepEqual(encode([10, 9, -1, 10]).values, [-1, 9, 10]);
  assert.deepEqual(encode([10, 9, -1, 10]).codes, Int32Array.of(2, 1, 0, 2));
  assert.deepEqual(encode([10, 9, -1, 10]).counts, Int32Array.of(1, 1, 2));
  assert.deepEqual(encode([true, false]).values, [false, true]);
  assert.deepEqual(encode([new Date(86400000), new Date(0)]).codes, Int32Array.of(1, 0));
  assert.deepEqual(encode(BigInt64Array.of(3n, 2n)).values, [2n, 3n]);
});

test('text is sorted by code points, which UTF-16 order is not', () => {
  assert.deepEqual(encode(['\u{1f600}', '\ue000', '\ud7ff', 'a', '']).values, [
    '',
    'a',
    '\ud7ff',
    '\ue000',
    '\u{1f600}',
  ]);
  const points = (text: string) =>
    Array.from(text, (c) => c.codePointAt(0)!.toString(16).padStart(6, '0')).join('');
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 30 }), (texts) => {
      const expected = [...texts].sort((a, b) => (points(a) < points(b) ? -1 : 1));
      assert.deepEqual(encode(texts).values, expected);
    }),
  );
});

test('columns of a frame encode like arrays of their cells', () => {
  for (const cells of [
    ['b', 'a', 'b'],
    [3, 1, 3],
    [true, false, true],
    [new Date(5), new Date(1), new Date(5)],
  ]) {
    assert.deepEqual(encode(columnFromCells('y', cells), 3), encode(cells));
  }
  const levels = { kind: 'string', codes: Int32Array.of(2, 0), levels: ['z', 'unused', 'a'] } as const;
  assert.deepEqual(encode(levels, 2).values, ['a', 'z']);
});

test('taking rows drops the labels that no row has', () => {
  const taken = takeLabels(encode(['a', 'b', 'c', 'b']), Int32Array.of(3, 0));
  assert.deepEqual(taken, { values: ['a', 'b'], codes: Int32Array.of(1, 0), counts: Int32Array.of(1, 1) });
});

test('missing and mixed labels are named with their row', () => {
  const rows: [RowLabels, string, RegExp][] = [
    [[1, Number.NaN], 'data/missing-label', /'y' is missing in row 1/],
    [['a', null as never], 'data/missing-label', /row 1/],
    [columnFromCells('y', ['a', null]), 'data/missing-label', /row 1/],
    [['a', 1], 'data/mixed-labels', /strings, but row 1 holds a number/],
    [[new Date(Number.NaN)], 'data/mixed-labels', /row 0 holds an invalid date/],
  ];
  for (const [labels, code, message] of rows) {
    const n = 'kind' in labels ? 2 : labels.length;
    assert.throws(
      () => encode(labels, n),
      (error) => error instanceof DataError && error.code === code && message.test(error.message),
    );
  }
});
