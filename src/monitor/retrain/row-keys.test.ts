import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { conformColumn } from './conform-column.ts';
import { rowKeys, shuffledKey } from './row-keys.ts';
import { stackTables } from './stack-tables.ts';

const names = ['a', 'b', 'c', 'd'];
const records = [
  { a: 1, b: 'x', c: true, d: new Date(0) },
  { a: 0, b: 'y', c: false, d: new Date(1) },
  { a: null, b: null, c: null, d: null },
  { a: -1.5, b: '', c: true, d: new Date(0) },
];

test('equal rows have equal keys in whatever table, order of levels and sign of zero', async () => {
  const keys = await rowKeys(Frame.fromRecords(records), names);
  const other = [records[3]!, records[2]!, { ...records[1]!, a: -0 }, records[0]!];
  const turned = await rowKeys(Frame.fromRecords(other), names);
  assert.deepEqual([...turned].reverse(), [...keys]);
  assert.ok(keys.every((key) => Number.isSafeInteger(key) && key >= 0 && key < 2 ** 52));
});

test('a change of any cell, of the order of columns, or a gap changes the key', async () => {
  const [key] = await rowKeys(Frame.fromRecords(records), names);
  const changes = [
    { a: 1 + Number.EPSILON },
    { a: null },
    { b: 'x ' },
    { b: null },
    { c: false },
    { c: null },
    { d: new Date(1) },
    { d: null },
  ];
  const seen = new Set([key]);
  for (const change of changes) {
    const changed = [{ ...records[0]!, ...change }, records[1]!];
    seen.add((await rowKeys(Frame.fromRecords(changed), names))[0]!);
  }
  seen.add((await rowKeys(Frame.fromRecords(records), ['b', 'a', 'c', 'd']))[0]!);
  seen.add((await rowKeys(Frame.fromRecords(records), ['a', 'b', 'c']))[0]!);
  assert.equal(seen.size, changes.length + 3);
});

test('keys of many similar rows do not meet, and their bits are even', async () => {
  const n = 50_000;
  const frame = Frame.fromColumns({
    a: Float64Array.from({ length: n }, (_, i) => i % 1000),
    b: Float64Array.from({ length: n }, (_, i) => Math.floor(i / 1000)),
  });
  const keys = await rowKeys(frame, ['a', 'b']);
  assert.equal(new Set(keys).size, n);
  for (let bit = 0; bit < 52; bit++) {
    let ones = 0;
    for (const key of keys) ones += Math.floor(key / 2 ** bit) % 2;
    // Fair coins: a deviation of 6 sigma has a chance of 2e-9.
    assert.ok(Math.abs(ones - n / 2) < 6 * Math.sqrt(n / 4), `bit ${bit} is one ${ones} times`);
  }
});

test('shuffled keys differ by seed and repeat', () => {
  const random = new RandomState(2);
  const keys = Array.from({ length: 100 }, () => random.randint(0, 2 ** 52));
  const order = (seed: number) => keys.toSorted((a, b) => shuffledKey(a, seed) - shuffledKey(b, seed));
  assert.deepEqual(order(1), order(1));
  assert.notDeepEqual(order(1), order(2));
});

test('columns of later tables take the kind of the first, or say which cell cannot', () => {
  const number = (
    cells: (string | number | boolean | Date | null)[],
    kind: 'number' | 'string' | 'boolean' | 'date',
  ) => conformColumn('x', Frame.fromColumns({ x: cells }).column('x'), kind, "'new.csv'");
  assert.deepEqual(
    [...(number(['1.5', null, '-2'], 'number') as { values: Float64Array }).values],
    [1.5, Number.NaN, -2],
  );
  assert.deepEqual(number([1, 2.5, null], 'string'), {
    kind: 'string',
    codes: Int32Array.of(0, 1, -1),
    levels: ['1', '2.5'],
  });
  assert.deepEqual([...(number(['true', 'false'], 'boolean') as { values: Uint8Array }).values], [1, 0]);
  assert.deepEqual([...(number(['1970-01-02'], 'date') as { values: Float64Array }).values], [86_400_000]);
  assert.deepEqual([...(number([true, false], 'number') as { values: Float64Array }).values], [1, 0]);
  for (const [cells, kind] of [
    [['1', 'many'], 'number'],
    [['yes', 'maybe'], 'boolean'],
    [[0, 2], 'boolean'],
    [['2026-01-01', 'soon'], 'date'],
    [[1, 5], 'date'],
  ] as const) {
    assert.throws(() => number([...cells], kind), {
      code: 'data/other-kind',
      message: /Column 'x' of 'new.csv' holds .* in data row \d/,
    });
  }
});

test('tables are put under one another, with gaps where a table may lack a column', async () => {
  const one = { where: 'one', rows: Frame.fromColumns({ a: [1, 2], b: ['x', null] }) };
  const two = { where: 'two', rows: Frame.fromColumns({ b: ['y', 'x'] }) };
  const kinds = new Map([
    ['a', 'number'],
    ['b', 'string'],
  ] as const);
  const table = await stackTables([one, two], { kinds, mayLack: () => true });
  assert.deepEqual(table.toRecords(), [
    { a: 1, b: 'x' },
    { a: 2, b: null },
    { a: null, b: 'y' },
    { a: null, b: 'x' },
  ]);
  await assert.rejects(stackTables([one, two], { kinds, mayLack: () => false }), {
    code: 'data/missing-column',
    message: /two has no column 'a'/,
  });
});
