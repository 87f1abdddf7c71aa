import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cell, Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import { oneHotEncoder } from './one-hot-encoder.ts';

const colors = Frame.fromColumns({ color: ['red', null, 'blue', 'red'], big: [true, false, true, true] });

test('each category has a column, a missing value too', async () => {
  const fitted = await oneHotEncoder().fit(colors);
  assert.deepEqual(fitted.categories, [
    ['blue', 'red', null],
    [false, true],
  ]);
  const encoded = (await fitted.transform(colors)) as Matrix;
  assert.deepEqual(encoded.names, ['color_blue', 'color_red', 'color_nan', 'big_false', 'big_true']);
  assert.deepEqual(encoded.toRows()[1], [0, 0, 1, 1, 0]);
});

const cells = fc.oneof(
  fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 2 })), { minLength: 1, maxLength: 20 }),
  fc.array(fc.option(fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 20 }),
  fc.array(fc.option(fc.boolean()), { minLength: 1, maxLength: 20 }),
);

test('the columns of a group sum to 1, and inverseTransform gives the categories back', () =>
  fc.assert(
    fc.asyncProperty(cells, fc.constantFrom(null, 'first', 'ifBinary' as const), async (given, drop) => {
      const x = Frame.fromColumns({ x: given as Cell[] });
      const fitted = await oneHotEncoder({ drop }).fit(x);
      const encoded = (await fitted.transform(x)) as Matrix;
      for (let i = 0; i < encoded.rows; i++) {
        const sum = encoded.row(i).reduce((total, v) => total + v, 0);
        assert.ok(sum === 1 || (sum === 0 && fitted.dropIdx[0] !== null));
      }
      const back = (await fitted.inverseTransform(encoded)) as Frame;
      assert.deepEqual(
        back.toRecords().map((row) => row.x),
        given.map((cell) => (cell === 0 ? 0 : cell)),
      );
    }),
    { numRuns: 80 },
  ));

test('categories are sorted by code point', async () => {
  const fitted = await oneHotEncoder().fit(Frame.fromColumns({ x: ['\u{1F600}', '￠', 'b', 'B', '猫'] }));
  assert.deepEqual(fitted.categories, [['B', 'b', '猫', '￠', '\u{1F600}']]);
});

test('levels that no training row has are no categories', async () => {
  const fitted = await oneHotEncoder().fit(colors.take([0, 3]));
  assert.deepEqual(fitted.featureNamesOut, ['color_red', 'big_true']);
});

test('an unknown category is refused by column and row, or has no column, or counts as rare', async () => {
  const x = Frame.fromColumns({ color: ['red', 'red', 'blue', 'green'] });
  const later = Frame.fromColumns({ color: ['red', 'violet', null] });
  await assert.rejects((await oneHotEncoder().fit(x)).transform(later), {
    code: 'data/unknown-category',
    message: /Column 'color' holds "violet" in row 1/,
  });
  await assert.rejects((await oneHotEncoder().fit(x)).transform(later.take([0, 2])), {
    code: 'data/unknown-category',
    message: /Column 'color' has no value in row 1/,
  });
  const ignoring = await oneHotEncoder({ handleUnknown: 'ignore' }).fit(x);
  const zeros = (await ignoring.transform(later)) as Matrix;
  assert.deepEqual(zeros.toRows(), [
    [0, 0, 1],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(((await ignoring.inverseTransform(zeros)) as Frame).toRecords()[1], { color: null });
  const rare = await oneHotEncoder({ handleUnknown: 'infrequentIfExist', minFrequency: 2 }).fit(x);
  const grouped = (await rare.transform(later)) as Matrix;
  assert.deepEqual(
    [grouped.names, grouped.toRows()],
    [
      ['color_red', 'color_infrequent'],
      [
        [1, 0],
        [0, 1],
        [0, 1],
      ],
    ],
  );
  assert.deepEqual(rare.infrequentCategories, [['blue', 'green']]);
});

test('given categories are checked', async () => {
  const fit = (...categories: (string | number | null)[][]) =>
    oneHotEncoder({ categories }).fit(colors.select(['color']));
  assert.deepEqual((await fit(['red', 'blue', null])).featureNamesOut, [
    'color_red',
    'color_blue',
    'color_nan',
  ]);
  await assert.rejects(fit(['red', 'blue']), {
    code: 'data/unknown-category',
    message: /'color' has no value in row 1/,
  });
  await assert.rejects(fit(['red', 3]), {
    code: 'option/invalid',
    message: /'color' names 3, but the column holds strings/,
  });
  await assert.rejects(fit(['red', 'red']), { code: 'option/invalid', message: /twice/ });
  await assert.rejects(fit([null, 'red']), { code: 'option/invalid', message: /null/ });
  await assert.rejects(fit(['red'], ['x']), {
    code: 'option/invalid',
    message: /2 lists, but x has 1 columns/,
  });
});

test('names that would repeat are told apart', async () => {
  const x = Frame.fromColumns({ a: ['b_c', 'nan', null], a_b: ['c', 'c', 'c'] });
  const { featureNamesOut } = await oneHotEncoder().fit(x);
  assert.deepEqual(featureNamesOut, ['a_b_c', 'a_nan', 'a_nan_', 'a_b_c_']);
});

test('dates are refused by their name', async () => {
  await assert.rejects(oneHotEncoder().fit(Frame.fromColumns({ day: [new Date(0)] })), {
    code: 'data/column-kind',
    message: /Column 'day' holds dates.*dateParts/,
  });
});

test('the number of threads does not change a bit', async () => {
  const levels = Array.from({ length: 40 }, (_, i) => `level ${i}`);
  const column = (step: number) => ({
    kind: 'string' as const,
    levels,
    codes: Int32Array.from({ length: 100_003 }, (_, i) => ((i * step) % 41) - 1),
  });
  const x = Frame.fromColumns({ a: column(7), b: column(11) });
  const fitted = await oneHotEncoder().fit(x);
  const [one, two] = (await Promise.all(
    [1, 2].map((threads) => fitted.transform(x, { threads })),
  )) as Matrix[];
  assert.equal(one!.columns, 82);
  assert.deepEqual(one!.data, two!.data);
});
