import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { minMaxScaler } from './min-max-scaler.ts';

test('training rows fill the range, and inverseTransform gives them back', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 }),
      fc.integer({ min: -5, max: 5 }),
      async (values, low) => {
        const fitted = await minMaxScaler({ featureRange: [low, low + 2] }).fit(values.map((v) => [v]));
        const transformed = (await fitted.transform(values.map((v) => [v]))) as Matrix;
        // v × scale + min rounds to a few units of min, which grows as the range shrinks.
        const rounding = 1e-12 + 4 * Number.EPSILON * Math.abs(fitted.min[0]!);
        for (const v of transformed.data) assert.ok(v >= low - rounding && v <= low + 2 + rounding);
        const back = (await fitted.inverseTransform(transformed)) as Matrix;
        back.data.forEach((v, i) => {
          assert.ok(Math.abs(v - values[i]!) <= 1e-12 * 1e3 + rounding / fitted.scale[0]!);
        });
      },
    ),
    { numRuns: 60 },
  ));

test('clip keeps later values in the range, and NaN stays NaN', async () => {
  const fitted = await minMaxScaler({ clip: true }).fit([[0], [10]]);
  const transformed = (await fitted.transform([[-5], [5], [50], [Number.NaN]])) as Matrix;
  assert.deepEqual([...transformed.data], [0, 0.5, 1, Number.NaN]);
});

test('a range that is upside down is refused', () => {
  assert.throws(() => minMaxScaler({ featureRange: [1, 1] }), {
    code: 'option/invalid',
    message: /featureRange/,
  });
});

test('an infinity is refused by its column', async () => {
  const x = Frame.fromColumns({ a: [1, Number.NEGATIVE_INFINITY] });
  const refusal = { code: 'data/infinite-value', message: /Column 'a' is -Infinity in row 1/ };
  await assert.rejects(minMaxScaler().fit(x), refusal);
  await assert.rejects((await minMaxScaler().fit(Frame.fromColumns({ a: [1, 2] }))).transform(x), refusal);
});

test('the number of threads does not change a bit', async () => {
  const x = Matrix.zeros(100_003, 6);
  for (let i = 0; i < x.data.length; i++) x.data[i] = i % 13 === 0 ? Number.NaN : Math.sin(i) * i;
  const [one, two] = await Promise.all(
    [1, 2].map(async (threads) => {
      const fitted = await minMaxScaler().fit(x, undefined, { threads });
      return [fitted.dataMin, fitted.dataMax, ((await fitted.transform(x, { threads })) as Matrix).data];
    }),
  );
  assert.deepEqual(one, two);
});
