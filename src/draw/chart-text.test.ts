import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binValues } from './bin-values.ts';
import { fitText, textWidth, tickText } from './chart-text.ts';

test('Chinese letters take their full width', () => {
  assert.equal(textWidth('面积', 12), 24);
  assert.ok(textWidth('ab', 12) < 24);
});

test('a text that does not fit is cut with an ellipsis, on one line and between letters', () => {
  assert.equal(fitText('short', 100), 'short');
  assert.equal(fitText('two\nlines', 100), 'two lines');
  const cut = fitText('a very long name of a column', 80);
  assert.match(cut, /^a very.*…$/);
  assert.ok(textWidth(cut) <= 80);
  assert.ok(fitText('👍👍👍👍👍👍', 40).isWellFormed());
  assert.equal(fitText('x'.repeat(100_000), 40).at(-1), '…');
});

test('numbers beside axes are short', () => {
  const shown = [0, 0.25, -3, 1234, 12_500, 3e6, 1e-7, 1e20].map(tickText);
  assert.deepEqual(shown, ['0', '0.25', '−3', '1,234', '12.5K', '3M', '1E−7', '1E20']);
});

test('bins count every finite value once', () => {
  const { min, max, counts } = binValues([1, 2, 2, 3, 10, Number.NaN, Infinity]);
  assert.deepEqual([min, max], [1, 10]);
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    5,
  );
  assert.deepEqual(binValues([]), { min: 0, max: 0, counts: [] });
  assert.deepEqual(binValues([4, 4]), { min: 4, max: 4, counts: [2] });
  assert.ok(binValues(Float64Array.from({ length: 10_000 }, (_, i) => i ** 3)).counts.length <= 40);
});
