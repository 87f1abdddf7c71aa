import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { parseReferenceSummary } from './parse-reference-summary.ts';
import { summariseReference } from './summarise-reference.ts';

const frame = Frame.fromColumns({
  x: [1, 2, 2, null, Number.NaN, Infinity],
  city: ['a', 'b', 'a', 'c', null, 'a'],
  gone: [null, null, null, null, null, null],
  yes: [true, false, true, true, null, true],
  day: [new Date(0), new Date(1), new Date(2), null, null, null],
});

interface Loose {
  name: string;
  missing: number;
  counts: number[];
  lower: number[];
  means: number[];
  levels: string[];
}

test('a summary comes back from JSON as it was', () => {
  const summary = summariseReference(frame, { maxLevels: 2 });
  assert.deepEqual(parseReferenceSummary(JSON.parse(JSON.stringify(summary))), summary);
});

test('what is no summary, or one that was tampered with, is refused with its place', () => {
  const tampered = (change: (summary: { columns: Loose[] }) => void) => {
    const summary = JSON.parse(JSON.stringify(summariseReference(frame)));
    change(summary);
    return () => parseReferenceSummary(summary);
  };
  const refused = (message: RegExp) => ({ code: 'data/bad-summary', message });
  assert.throws(() => parseReferenceSummary(null), refused(/at its top/));
  assert.throws(() => parseReferenceSummary({ version: 2, rows: 1, columns: [] }), refused(/at version/));
  assert.throws(
    tampered((s) => {
      s.columns[0].counts[0] = -1;
    }),
    refused(/at columns\.0/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[0].counts[0] = 7;
    }),
    refused(/column 'x': its counts do not add up to 3/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[0].lower = [2, 1];
    }),
    refused(/'x': its cells are not in order/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[0].means.push(1);
    }),
    refused(/'x': it has not one count per cell/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[1].levels[1] = 'a';
    }),
    refused(/'city': a level appears twice/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[1].levels.pop();
    }),
    refused(/'city': it has not one count per level/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[1].missing++;
    }),
    refused(/'city': 2 missing and 5 present/),
  );
  assert.throws(
    tampered((s) => {
      s.columns[1].name = 'x';
    }),
    refused(/column 'x' appears twice/),
  );
});
