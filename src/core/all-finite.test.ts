import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allFinite } from './all-finite.ts';

const numbers = fc.oneof(
  { weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 3.4028234663852886e38),
  },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);

test('numbers are finite as Number.isFinite says, of both precisions and any part of an array', () => {
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 40 }), fc.nat(9), (all, skipped) => {
      for (const values of [Float64Array.from(all), Float32Array.from(all)]) {
        assert.equal(allFinite(values), values.every(Number.isFinite));
        const part = values.subarray(skipped);
        assert.equal(allFinite(part), part.every(Number.isFinite));
        const to = Math.max(skipped, values.length - 3);
        assert.equal(allFinite(values, skipped, to), values.subarray(skipped, to).every(Number.isFinite));
      }
    }),
  );
});

test('the one number among many that is not finite is found anywhere', () => {
  for (const values of [new Float64Array(40_000).fill(-1e300), new Float32Array(40_000).fill(-3e38)]) {
    for (const at of [0, 16_383, 16_384, 39_999]) {
      values[at] = Number.NaN;
      assert.equal(allFinite(values), false, String(at));
      values[at] = 1;
      assert.equal(allFinite(values), true);
    }
  }
});
