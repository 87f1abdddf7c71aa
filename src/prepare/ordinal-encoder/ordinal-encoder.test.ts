import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cell, Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import { ordinalEncoder } from './ordinal-encoder.ts';

const sizes = Frame.fromColumns({ size: ['small', 'large', null, 'small', 'medium'] });

test('categories become their places, in a given order too, and a missing value stays missing', async () => {
  const sorted = await ordinalEncoder().fit(sizes);
  assert.deepEqual([...((await sorted.transform(sizes)) as Matrix).data], [2, 0, Number.NaN, 2, 1]);
  const ordered = await ordinalEncoder({
    categories: [['small', 'medium', 'large', null]],
    encodedMissingValue: -1,
  }).fit(sizes);
  assert.deepEqual([...((await ordered.transform(sizes)) as Matrix).data], [0, 2, -1, 0, 1]);
});

test('inverseTransform gives the categories back', () => {
  const cells = fc.oneof(
    fc.array(fc.option(fc.constantFrom('a', 'b', '猫')), { minLength: 1, maxLength: 20 }),
    fc.array(fc.option(fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 20 }),
    fc.array(fc.option(fc.boolean()), { minLength: 1, maxLength: 20 }),
  );
  return fc.assert(
    fc.asyncProperty(cells, fc.constantFrom(null, -1), async (given, encodedMissingValue) => {
      const x = Frame.fromColumns({ x: given as Cell[] });
      const fitted = await ordinalEncoder({ encodedMissingValue }).fit(x);
      const back = (await fitted.inverseTransform(await fitted.transform(x))) as Frame;
      assert.deepEqual(
        back.toRecords().map((row) => row.x),
        given.map((cell) => (cell === 0 ? 0 : cell)),
      );
    }),
    { numRuns: 60 },
  );
});

test('an unknown category is refused by column and row, or has a number of its own', async () => {
  const later = Frame.fromColumns({ size: ['large', 'huge'] });
  await assert.rejects((await ordinalEncoder().fit(sizes)).transform(later), {
    code: 'data/unknown-category',
    message: /Column 'size' holds "huge" in row 1/,
  });
  for (const unknownValue of [-7, null]) {
    const fitted = await ordinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue }).fit(sizes);
    const encoded = (await fitted.transform(later)) as Matrix;
    assert.deepEqual([...encoded.data], [0, unknownValue ?? Number.NaN]);
    assert.deepEqual(((await fitted.inverseTransform(encoded)) as Frame).toRecords()[1], { size: null });
  }
});

test('numbers that mean two things are refused', async () => {
  const unknown = ordinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: 1 });
  await assert.rejects(unknown.fit(sizes), {
    code: 'option/invalid',
    message: /'unknownValue' cannot be 1.*'size'/,
  });
  await assert.rejects(ordinalEncoder({ encodedMissingValue: 2 }).fit(sizes), {
    code: 'option/invalid',
    message: /'encodedMissingValue' cannot be 2/,
  });
  assert.throws(() => ordinalEncoder({ unknownValue: 1 }), {
    code: 'option/invalid',
    message: /useEncodedValue/,
  });
  assert.throws(() => ordinalEncoder({ handleUnknown: 'useEncodedValue' }), {
    message: /needs the option 'unknownValue'/,
  });
});

test('a number without category cannot be turned back', async () => {
  const fitted = await ordinalEncoder().fit(sizes);
  await assert.rejects(fitted.inverseTransform([[0], [9]]), {
    code: 'data/unknown-category',
    message: /Column 'size' holds 9 in row 1/,
  });
});
