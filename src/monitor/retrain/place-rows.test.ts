import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeRows, sides } from './place-rows.ts';

const none = { train: new Float64Array(), test: new Float64Array() };
const names = ['train', 'test', 'duplicate'] as const;

interface Row {
  readonly row: number;
  readonly unit: number;
  readonly table?: number;
  readonly time?: number;
}

async function place(rows: readonly Row[], options: Partial<Parameters<typeof placeRows>[1]> = {}) {
  const { side, isNew, absent } = await placeRows(
    {
      rowKeys: Float64Array.from(rows, ({ row }) => row),
      unitKeys: Float64Array.from(rows, ({ unit }) => unit),
      table: Int32Array.from(rows, ({ table = 0 }) => table),
      time: rows.some(({ time }) => time !== undefined)
        ? Float64Array.from(rows, ({ time = Number.NaN }) => time)
        : undefined,
    },
    { known: none, firstIsSeen: false, share: 0.25, seed: 1, ...options },
  );
  return { sides: Array.from(side, (one) => names[one]), isNew: [...isNew], absent };
}

test('known rows keep their side, as often as they were there; the rest of them is new', async () => {
  const known = { train: Float64Array.of(1, 1, 2), test: Float64Array.of(1, 3) };
  const rows = [1, 1, 1, 2, 3].map((row) => ({ row, unit: row }));
  const placed = await place(rows, { known });
  assert.deepEqual(placed.sides, ['train', 'train', 'test', 'train', 'test']);
  assert.deepEqual(placed.isNew, [0, 0, 0, 0, 0]);
  assert.deepEqual(placed.absent, { train: 0, test: 0 });
  const more = await place([...rows, { row: 1, unit: 1 }], { known });
  assert.deepEqual([more.sides[5], more.isNew[5]], ['train', 1]);
  assert.deepEqual((await place(rows.slice(3), { known })).absent, { train: 2, test: 1 });
});

test('a corrected row goes to the side of its twin, so that no held-out row is learned from', async () => {
  const known = { train: Float64Array.of(10), test: Float64Array.of(20) };
  const placed = await place(
    [
      { row: 10, unit: 1 },
      { row: 20, unit: 2 },
      { row: 11, unit: 1, table: 1 },
      { row: 21, unit: 2, table: 1 },
    ],
    { known, share: 0.9 },
  );
  assert.deepEqual(placed.sides, ['train', 'test', 'train', 'test']);
  assert.deepEqual(placed.isNew, [0, 0, 1, 1]);
});

test('a row that an earlier table has is left out, one that its own table repeats is not', async () => {
  const rows = [
    { row: 1, unit: 1 },
    { row: 2, unit: 2, table: 1 },
    { row: 2, unit: 2, table: 1 },
    { row: 1, unit: 1, table: 1 },
    { row: 2, unit: 2, table: 2 },
  ];
  const { sides: placed } = await place(rows, {
    known: { train: Float64Array.of(1), test: none.test },
    share: 0.1,
  });
  assert.equal(placed[3], 'duplicate');
  assert.equal(placed[4], 'duplicate');
  assert.equal(placed[1], placed[2]);
});

test('a first table of which nothing is known counts as seen', async () => {
  const rows = [
    { row: 1, unit: 1 },
    { row: 2, unit: 2 },
    { row: 3, unit: 3, table: 1 },
    { row: 4, unit: 1, table: 1 },
  ];
  const { sides: placed, isNew } = await place(rows, { firstIsSeen: true, share: 0.9 });
  assert.deepEqual(placed, ['train', 'train', 'test', 'train']);
  assert.deepEqual(isNew, [0, 0, 1, 1]);
});

test('with times the latest new rows are held out, and those without a time are learned from', async () => {
  const rows = [5, 9, Number.NaN, 7, 8, 1, 2, 3].map((time, i) => ({ row: i, unit: i, time }));
  const { sides: placed } = await place(rows, { share: 0.25 });
  assert.deepEqual(
    placed.flatMap((side, i) => (side === 'test' ? [rows[i]!.time] : [])),
    [9, 8],
  );
});

test('whatever the rows: units stay whole, the share is met, and seeds repeat', async () => {
  const someRows = fc.array(
    fc.record({ unit: fc.nat(12), label: fc.nat(2), table: fc.nat(2) }).map(({ unit, label, table }) => ({
      ...{ unit, table },
      row: unit * 10 + label,
    })),
    { minLength: 1, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(someRows, fc.nat(1000), async (given, seed) => {
      const rows = [...given].sort((a, b) => a.table - b.table);
      const known = {
        train: Float64Array.from(
          rows.filter(({ unit, table }) => table === 0 && unit < 3),
          ({ row }) => row,
        ),
        test: Float64Array.from(
          rows.filter(({ unit, table }) => table === 0 && unit === 3),
          ({ row }) => row,
        ),
      };
      const placed = await place(rows, { known, seed });
      assert.deepEqual(await place(rows, { known, seed }), placed);
      const sidesOf = new Map<number, Set<string>>();
      for (const [i, { unit }] of rows.entries()) {
        if (placed.sides[i] === 'duplicate') continue;
        sidesOf.set(unit, (sidesOf.get(unit) ?? new Set()).add(placed.sides[i]!));
      }
      for (const [unit, seen] of sidesOf) assert.equal(seen.size, 1, `unit ${unit} is on both sides`);
      const knownUnits = new Set(rows.flatMap(({ unit, table }) => (table === 0 && unit <= 3 ? [unit] : [])));
      const fresh = rows.flatMap(({ unit }, i) =>
        placed.sides[i] !== 'duplicate' && !knownUnits.has(unit) ? [i] : [],
      );
      const units = new Set(fresh.map((i) => rows[i]!.unit)).size;
      const held = fresh.filter((i) => placed.sides[i] === 'test').length;
      // Neither side of several new units is empty.
      if (units > 1) assert.ok(held > 0 && held < fresh.length);
    }),
    { numRuns: 200, seed: 5 },
  );
  assert.deepEqual(sides, { train: 0, test: 1, duplicate: 2 });
});
