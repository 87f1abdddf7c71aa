import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Cell, columnFromCells, Frame } from '../../core/frame.ts';
import { associate } from './association.ts';
import { countDuplicateRows } from './duplicate-rows.ts';
import { type NumberProfile, profileColumn } from './profile-column.ts';
import { profileTable } from './profile-table.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/profile.json', import.meta.url), 'utf8'),
);

/** Sums of 60 numbers in another order than NumPy's differ in the last digits; a mean of 1e9 leaves seven of a deviation of 1. */
function assertClose(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

test('figures and histograms of numbers are those of pandas and NumPy', () => {
  for (const [name, wanted] of Object.entries<Record<string, never>>(fixture.numbers)) {
    const column = columnFromCells(name, wanted.values!);
    const profile = profileColumn(name, column) as NumberProfile;
    const { min, lowerQuartile, median, upperQuartile, max } = profile;
    for (const [j, quantile] of [min, lowerQuartile, median, upperQuartile, max].entries()) {
      assertClose(quantile, wanted.quantiles![j]!);
    }
    assertClose(profile.mean, wanted.mean!);
    if (wanted.standardDeviation === null) assert.ok(Number.isNaN(profile.standardDeviation));
    else
      assertClose(profile.standardDeviation, wanted.standardDeviation!, name === 'large mean' ? 1e-7 : 1e-12);
    assert.equal(profile.distinct, wanted.distinct);
    assert.equal(profile.missing, wanted.missing);
    if ((wanted.histogram! as number[]).length > 0) assert.deepEqual(profile.histogram, wanted.histogram);
  }
});

test('associations agree with SciPy: correlation, one-way analysis of variance, contingency', () => {
  const { a, b, colors, sizes, ...wanted } = fixture.associations;
  const column = (cells: readonly Cell[]) => columnFromCells('x', cells);
  const pairs = [
    ['pearson', a, b],
    ['correlationRatio', a, colors],
    ['correlationRatio', colors, a],
    ['cramersV', colors, sizes],
  ] as const;
  for (const [measure, left, right] of pairs) {
    const found = associate(column(left), column(right));
    assert.equal(found.measure, measure);
    assertClose(found.value, wanted[measure]);
  }
});

test('associations use the rows where both are present, and are undefined where one does not vary', () => {
  const x = columnFromCells('x', [1, 2, 3, null, 5]);
  assertClose(associate(x, columnFromCells('y', [2, 4, 6, 100, null])).value, 1);
  assert.ok(Number.isNaN(associate(x, columnFromCells('y', [7, 7, 7, 7, 7])).value));
  assert.ok(Number.isNaN(associate(x, columnFromCells('y', ['a', 'a', 'a', 'a', 'a'])).value));
  const classes = columnFromCells('y', [0, 0, 1, 1, 1]);
  assert.equal(associate(x, classes, { asCategories: true }).measure, 'correlationRatio');
});

test('rows equal to an earlier one are counted, a missing cell equal to another', () => {
  const frame = Frame.fromColumns({
    a: [1, 1, null, null, 0, -0, 1],
    b: ['x', 'x', 'y', 'y', null, null, 'y'],
    c: [true, true, null, null, false, false, true],
  });
  assert.equal(countDuplicateRows(frame), 3);
  assert.equal(countDuplicateRows(Frame.fromColumns({ a: [1, 2, 3] })), 0);
});

test('levels come by frequency, infinities are counted apart and dates have a range', () => {
  const frame = Frame.fromColumns({
    level: ['b', 'a', 'b', null, 'c'],
    number: [1, Number.POSITIVE_INFINITY, 3, Number.NaN, 2.5],
    day: [
      new Date('2024-01-03'),
      new Date('2024-01-01'),
      null,
      new Date('2024-01-02'),
      new Date('2024-01-01'),
    ],
    flag: [true, false, true, true, null],
    none: [null, null, null, null, null],
  });
  const { columns, missing } = profileTable(frame);
  const [level, number, day, flag, none] = columns as never as [
    never,
    NumberProfile,
    never,
    never,
    NumberProfile,
  ];
  assert.equal(missing, 9);
  assert.deepEqual((level as { top: unknown }).top, [
    { level: 'b', rows: 2 },
    { level: 'a', rows: 1 },
    { level: 'c', rows: 1 },
  ]);
  assert.deepEqual([number.max, number.infinite, number.missing, number.isInteger], [3, 1, 1, false]);
  assert.deepEqual((day as { min: Date }).min, new Date('2024-01-01'));
  assert.deepEqual((flag as { top: unknown }).top, [
    { level: 'true', rows: 3 },
    { level: 'false', rows: 1 },
  ]);
  assert.deepEqual([none.missing, none.distinct, none.histogram], [5, 0, []]);
});

test('with a target the other columns are ordered by how closely they go with it', () => {
  const frame = Frame.fromColumns({
    noise: [1, 2, 1, 2],
    y: [1, 2, 3, 4],
    twin: [2, 4, 6, 8],
    same: [1, 1, 1, 1],
  });
  const { associations } = profileTable(frame, { target: 'y' });
  assert.deepEqual(
    associations!.map(({ name }) => name),
    ['twin', 'noise', 'same'],
  );
  assert.throws(() => profileTable(frame, { target: 'z' }), /no column 'z'/);
});
