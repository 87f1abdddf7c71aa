import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { residualQuantile } from './residual-quantile.ts';

test("without weights the quantile is NumPy's: between the two nearest values in proportion", () => {
  assert.equal(residualQuantile(Float64Array.of(3, 1, 2), undefined, 0.5), 2);
  assert.equal(residualQuantile(Float64Array.of(4, 1, 3, 2), undefined, 0.5), 2.5);
  assert.equal(residualQuantile(Float64Array.of(10, 0), undefined, 0.25), 2.5);
  assert.equal(residualQuantile(Float64Array.of(7), undefined, 0.9), 7);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const sorted = Float64Array.from(values).sort();
        const at = (values.length - 1) * q;
        const low = sorted[Math.floor(at)]!;
        const high = sorted[Math.ceil(at)]!;
        const wanted = low + (high - low) * (at - Math.floor(at));
        // The same arithmetic, but for a difference of 0 times a fraction.
        assert.ok(Math.abs(residualQuantile(Float64Array.from(values), undefined, q) - wanted) < 1e-14);
      },
    ),
  );
});

test('with weights it lies between the middles of their weights; rows of weight 0 do not count', () => {
  const values = Float64Array.of(5, 1, 3);
  const quantile = (weights: readonly number[], q: number) =>
    residualQuantile(values, Float64Array.from(weights), q);
  assert.equal(quantile([1, 1, 1], 0.25), 2);
  assert.equal(quantile([7, 7, 7], 0.25), 2);
  // 1, 3 and 5 lie at 0, 1.5 and 3.
  assert.equal(quantile([1, 1, 2], 0.5), 3);
  assert.equal(quantile([1, 1, 2], 0.25), 2);
  assert.equal(quantile([1, 1, 0], 0.5), 3);
  assert.equal(quantile([0, 4, 0], 0.9), 1);
  assert.deepEqual([quantile([2, 9, 4], 0), quantile([2, 9, 4], 1)], [1, 5]);
});
