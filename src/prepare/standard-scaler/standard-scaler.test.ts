import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { standardScaler } from './standard-scaler.ts';

const numbers = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const tables = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.array(fc.array(numbers(-1e3, 1e3), { minLength: columns, maxLength: columns }), {
    minLength: 2,
    maxLength: 30,
  }),
);

test('transformed training rows have mean 0 and deviation 1 or 0, and inverseTransform gives them back', () =>
  fc.assert(
    fc.asyncProperty(tables, async (rows) => {
      const fitted = await standardScaler().fit(rows);
      const transformed = (await fitted.transform(rows)) as Matrix;
      for (let j = 0; j < transformed.columns; j++) {
        const column = transformed.column(j);
        const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
        const deviation = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
        // Values up to 1e3 whose deviation may be as small as their rounding errors.
        const rounding = (1e3 * Number.EPSILON * 10) / fitted.scale![j]!;
        assert.ok(Math.abs(mean) <= 1e-12 + rounding);
        assert.ok(Math.abs(deviation - 1) <= 1e-12 + rounding || deviation <= 1e-12 + rounding);
      }
      const back = (await fitted.inverseTransform(transformed)) as Matrix;
      back.toRows().forEach((row, i) => {
        // Taking off and adding the mean loses its rounding error.
        row.forEach((v, j) => void assert.ok(Math.abs(v - rows[i]![j]!) <= 1e3 * Number.EPSILON * 4));
      });
    }),
    { numRuns: 60 },
  ));

test('a frame, its matrix and float32 rows of the same numbers give the same', async () => {
  const frame = Frame.fromColumns({ a: [1, 2, null, 7], b: [true, false, null, true] });
  const a = await (await standardScaler().fit(frame)).transform(frame);
  const b = await (await standardScaler().fit(frame.toMatrix())).transform(frame);
  assert.deepEqual(a, b);
});

test('far from zero no digits cancel', async () => {
  const x = Float64Array.from({ length: 5000 }, (_, i) => 1e9 + (i % 2));
  const fitted = await standardScaler().fit(Frame.fromColumns({ x }));
  assert.equal(fitted.mean![0], 1e9 + 0.5);
  assert.equal(fitted.var![0], 0.25);
});

test('blocks of rows with different means add up', async () => {
  const n = 300_000;
  const fitted = await standardScaler().fit(
    Frame.fromColumns({ x: Float64Array.from({ length: n }, (_, i) => i) }),
  );
  // Numbers that are exact; summing 3e5 of them loses a few of 16 digits.
  assert.ok(Math.abs(fitted.mean![0]! / ((n - 1) / 2) - 1) < 1e-14);
  assert.ok(Math.abs(fitted.var![0]! / ((n ** 2 - 1) / 12) - 1) < 1e-12);
});

test('weights count as repetitions', async () => {
  const x = [[1], [5], [Number.NaN], [9]];
  const weighted = await standardScaler().fit(x, undefined, { sampleWeight: [1, 0, 5, 2] });
  const repeated = await standardScaler().fit([[1], [9], [9]]);
  assert.deepEqual([weighted.mean, weighted.var], [repeated.mean, repeated.var]);
  assert.deepEqual([...weighted.nSamplesSeen], [3]);
});

test('a constant column becomes 0, a missing value stays missing, a column without values is NaN', async () => {
  const x = [
    [0.1, Number.NaN],
    [0.1, Number.NaN],
    [Number.NaN, Number.NaN],
  ];
  const fitted = await standardScaler().fit(x);
  assert.deepEqual(fitted.scale![0], 1);
  const transformed = (await fitted.transform(x)) as Matrix;
  assert.deepEqual(transformed.toRows(), [
    [0, Number.NaN],
    [0, Number.NaN],
    [Number.NaN, Number.NaN],
  ]);
});

test('text and infinities are refused by the name of their column, in fit and in transform', async () => {
  const good = Frame.fromColumns({ size: [1, 2, 3] });
  const text = Frame.fromColumns({ size: ['big', 'small', 'big'] });
  const infinite = Frame.fromColumns({ size: [1, Number.POSITIVE_INFINITY, 3] });
  const fitted = await standardScaler().fit(good);
  await assert.rejects(standardScaler().fit(text), {
    code: 'data/not-a-number',
    message: /Column 'size'.*"big"/,
  });
  await assert.rejects(fitted.transform(text), { code: 'data/column-kind', message: /Column 'size'/ });
  for (const attempt of [() => standardScaler().fit(infinite), () => fitted.transform(infinite)]) {
    await assert.rejects(attempt, {
      code: 'data/infinite-value',
      message: /Column 'size' is Infinity in row 1/,
    });
  }
});

test('the number of threads does not change a bit', async () => {
  const random = new RandomState(1);
  const x = Matrix.zeros(100_003, 7);
  for (let i = 0; i < x.data.length; i++)
    x.data[i] = i % 11 === 0 ? Number.NaN : random.standardNormal() * 50 + 7;
  const weights = Float64Array.from({ length: x.rows }, (_, i) => i % 3);
  for (const sampleWeight of [undefined, weights]) {
    const [one, two] = await Promise.all(
      [1, 2].map(async (threads) => {
        const fitted = await standardScaler().fit(x, undefined, { threads, sampleWeight });
        const { data } = (await fitted.transform(x, { threads })) as Matrix;
        return { mean: fitted.mean, var: fitted.var, data };
      }),
    );
    assert.deepEqual(one, two);
    assert.ok(Math.abs(one!.mean![0]! - 7) < 1);
  }
});
