import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Column, Frame } from '../../core/frame.ts';
import type { ServedColumn } from '../model/served-column.ts';
import { parseIsoDate } from './iso-date.ts';
import { rowsToFrame } from './rows-to-frame.ts';

const column = (name: string, kind: Column['kind'], acceptsMissing = true): ServedColumn => ({
  ...{ name, kind, acceptsMissing },
  ...{ levels: undefined, range: undefined },
});
const columns = [column('n', 'number'), column('s', 'string'), column('b', 'boolean'), column('d', 'date')];
const rowOf = fc.record({
  n: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  s: fc.option(fc.string()),
  b: fc.option(fc.boolean()),
  d: fc.option(fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })),
});

test('rows as JSON become the table that their cells make', () => {
  fc.assert(
    fc.property(fc.array(rowOf, { maxLength: 20 }), (rows) => {
      const frame = rowsToFrame(columns, JSON.parse(JSON.stringify(rows)));
      // JSON has no −0.
      const expected = rows.map(({ n, ...rest }) => ({ n: n === null ? null : n + 0, ...rest }));
      assert.deepEqual(frame.toRecords(), expected);
    }),
  );
});

test('a table of rows equals the one of the same cells by columns', () => {
  const frame = rowsToFrame(columns, [
    { d: '2025-03-01', s: 'b', n: 1, b: true, more: {} },
    { n: null, s: 'a', b: null, d: '2025-03-01T10:00:00+02:00' },
    { n: 3, s: 'b', b: false, d: null },
  ]);
  const expected = Frame.fromColumns({
    n: [1, null, 3],
    s: ['b', 'a', 'b'],
    b: [true, null, false],
    d: [new Date('2025-03-01'), new Date('2025-03-01T08:00:00Z'), null],
  });
  assert.deepEqual(frame.toRecords(), expected.toRecords());
  assert.deepEqual(frame.names, expected.names);
});

test('each kind of wrong cell is refused by row and column', () => {
  const cases: readonly (readonly [Column['kind'], unknown])[] = [
    ['number', '1'],
    ['number', true],
    ['number', Number.POSITIVE_INFINITY],
    ['string', 1],
    ['string', { toString: 'x' }],
    ['boolean', 1],
    ['boolean', 'true'],
    ['date', 1],
    ['date', '31.3.2025'],
    ['date', '2025-02-30'],
  ];
  for (const [kind, value] of cases) {
    const rows = [{ x: null }, { x: value }];
    assert.throws(() => rowsToFrame([column('x', kind)], rows), {
      code: 'data/column-kind',
      details: { row: 1, column: 'x', expected: kind },
    });
  }
  const needed = [column('x', 'number', false)];
  assert.throws(() => rowsToFrame(needed, [{ x: null }]), { code: 'data/missing-value' });
  assert.throws(() => rowsToFrame(needed, [{ x: 1 }, {}]), { code: 'data/missing-column' });
  assert.throws(() => rowsToFrame(needed, [{ x: 1 }, 'x']), { code: 'data/not-a-row' });
});

test('dates are ISO 8601 in UTC unless they say otherwise', () => {
  const noon = Date.UTC(2026, 2, 31, 12);
  for (const text of [
    '2026-03-31T12:00:00Z',
    '2026-03-31 12:00',
    '2026-03-31t12:00:00.000z',
    '2026-03-31T14:00:00+02:00',
    '2026-03-31T04:00-0800',
    '2026-03-31T12:00:00,0Z',
  ]) {
    assert.equal(parseIsoDate(text), noon, text);
  }
  assert.equal(parseIsoDate('2024-02-29'), Date.UTC(2024, 1, 29));
  for (const text of [
    '2025-02-29',
    '2025-13-01',
    '2026-03-31T25:00',
    '2026',
    '20260331',
    'now',
    '2026-03-31Z',
    '',
  ]) {
    assert.ok(Number.isNaN(parseIsoDate(text)), text);
  }
});
