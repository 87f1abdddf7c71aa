import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { medianInPlace } from './select-kth.ts';
import { simpleImputer } from './simple-imputer.ts';

const mixed = Frame.fromColumns({
  size: [1, null, 3, 8],
  color: ['red', 'blue', null, 'blue'],
  sold: [true, null, true, false],
  day: [new Date(0), null, new Date(2000), new Date(4000)],
});

test('every kind of column is filled with its most frequent value and keeps its kind', async () => {
  const x = Frame.fromColumns({ ...Object.fromEntries(mixed.entries()), tie: ['b', 'a', null, 'c'] });
  const fitted = await simpleImputer({ strategy: 'mostFrequent' }).fit(x);
  assert.deepEqual(fitted.statistics, [1, 'blue', true, 0, 'a']);
  const filled = (await fitted.transform(x)) as Frame;
  assert.deepEqual(filled.toRecords()[1], { size: 1, color: 'blue', sold: true, day: new Date(0), tie: 'a' });
  assert.deepEqual(filled.toRecords()[2], {
    size: 3,
    color: 'blue',
    sold: true,
    day: new Date(2000),
    tie: 'a',
  });
});

test('numbers, booleans and dates have a mean and a median', async () => {
  const x = mixed.drop(['color']);
  const mean = await simpleImputer().fit(x);
  assert.deepEqual(mean.statistics, [4, 2 / 3, 2000]);
  const filled = (await mean.transform(x)) as Frame;
  assert.deepEqual(filled.toRecords()[1], { size: 4, sold: 2 / 3, day: new Date(2000) });
  assert.deepEqual((await simpleImputer({ strategy: 'median' }).fit(x)).statistics, [3, 1, 2000]);
});

test('constants default to 0, false and missing_value, and must suit the column', async () => {
  const x = mixed.drop(['day']);
  const fitted = await simpleImputer({ strategy: 'constant' }).fit(x);
  assert.deepEqual(fitted.statistics, [0, 'missing_value', false]);
  await assert.rejects(simpleImputer({ strategy: 'constant', fillValue: 'none' }).fit(x), {
    code: 'option/invalid',
    message: /fillValue.*column 'size' holds numbers/,
  });
});

test('text has no mean, which the error says by its name', async () => {
  const refusal = {
    code: 'data/not-a-number',
    message: /Column 'color' holds text, which has no mean.*mostFrequent/,
  };
  await assert.rejects(simpleImputer().fit(mixed), refusal);
});

test('a column without any value is left out with a warning, or kept', async () => {
  const x = Frame.fromColumns({ a: [1, 2], none: [null, null], b: [null, 3] });
  const warnings: string[] = [];
  const onWarning = ({ code, message }: { code: string; message: string }) =>
    warnings.push(`${code} ${message}`);
  const fitted = await simpleImputer().fit(x, undefined, { onWarning });
  assert.match(warnings.join(), /^simple-imputer\/empty-column Column 'none' without any value is left out/);
  assert.deepEqual(fitted.statistics, [1.5, null, 3]);
  assert.deepEqual((await fitted.transform(x)).names, ['a', 'b']);
  const kept = await simpleImputer({ keepEmptyFeatures: true }).fit(x);
  assert.deepEqual(((await kept.transform(x)) as Frame).toRecords()[0], { a: 1, none: 0, b: 3 });
});

test('the indicator marks the columns that had gaps in fit, text too', async () => {
  const x = mixed.drop(['day']);
  const fitted = await simpleImputer({ strategy: 'mostFrequent', addIndicator: true }).fit(x.drop(['sold']));
  const later = Frame.fromColumns({ size: [null, 4], color: ['red', null] });
  assert.deepEqual(((await fitted.transform(later)) as Frame).toRecords(), [
    { size: 1, color: 'red', missingindicator_size: 1, missingindicator_color: 0 },
    { size: 4, color: 'blue', missingindicator_size: 0, missingindicator_color: 1 },
  ]);
});

test('a matrix gives a matrix, without names when it has none', async () => {
  const x = Matrix.fromRows([
    [1, Number.NaN],
    [3, 4],
  ]);
  const filled = (await (await simpleImputer().fit(x)).transform(x)) as Matrix;
  assert.deepEqual(
    [filled.toRows(), filled.names],
    [
      [
        [1, 4],
        [3, 4],
      ],
      undefined,
    ],
  );
});

test('infinities are refused by their column', async () => {
  const x = Frame.fromColumns({ a: [1, Number.POSITIVE_INFINITY, 2] });
  const good = Frame.fromColumns({ a: [1, 2, null] });
  for (const strategy of ['mean', 'median', 'mostFrequent', 'constant'] as const) {
    const refusal = { code: 'data/infinite-value', message: /Column 'a' is Infinity in row 1/ };
    await assert.rejects(simpleImputer({ strategy }).fit(x), refusal);
    await assert.rejects((await simpleImputer({ strategy }).fit(good)).transform(x), refusal);
  }
});

test('the median is that of the sorted values, whatever their order', () => {
  const values = fc.oneof(
    fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 400 }),
    fc.nat({ max: 500 }).map((n) => Array.from({ length: n + 1 }, (_, i) => (i % 2 === 0 ? i : -i))),
  );
  fc.assert(
    fc.property(values, (given) => {
      const sorted = Float64Array.from(given).sort();
      const half = sorted.length >>> 1;
      const expected = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
      assert.equal(medianInPlace(Float64Array.from(given)), expected);
    }),
  );
  assert.ok(Number.isNaN(medianInPlace(new Float64Array(0))));
});

test('the median of an order made against the choice of pivots is right too', () => {
  // The first and middle of what is left are always the two least, so each round sorts out two values only.
  const n = 4000;
  const places = Array.from({ length: n }, (_, i) => i);
  const values = new Float64Array(n);
  let low = 0;
  for (; n - low > 4; low += 2) {
    const middle = (low + n - 1) >>> 1;
    values[places[low]!] = low;
    values[places[middle]!] = low + 1;
    places[middle] = places[low + 1]!;
  }
  for (; low < n; low++) values[places[low]!] = low;
  assert.equal(medianInPlace(values), (n - 1) / 2);
});

test('the number of threads does not change a bit', async () => {
  const random = new RandomState(5);
  const x = Frame.fromMatrix(
    new Matrix({
      rows: 60_001,
      columns: 9,
      data: Float64Array.from({ length: 60_001 * 9 }, () =>
        random.uniform() < 0.2 ? Number.NaN : random.standardNormal(),
      ),
    }),
  );
  for (const strategy of ['mean', 'median'] as const) {
    const [one, two] = await Promise.all(
      [1, 2].map(async (threads) => {
        const fitted = await simpleImputer({ strategy, addIndicator: true }).fit(x, undefined, { threads });
        return [fitted.statistics, ((await fitted.transform(x, { threads })) as Frame).toMatrix().data];
      }),
    );
    assert.deepEqual(one, two);
  }
});
