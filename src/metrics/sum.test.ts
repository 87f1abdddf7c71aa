import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pairwiseSum, weightedMean } from './sum.ts';

test('a million times 0.1 sums to within a few rounding steps of 100,000', () => {
  const tenths = new Float64Array(1_000_000).fill(0.1);
  // A plain loop is off by 1.3e-6; pairwise summation by at most log₂(n) rounding steps of 1.5e-11.
  assert.ok(Math.abs(pairwiseSum(tenths) - 100_000) < 3e-10);
});

test('integers sum exactly for every length and range', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 700, size: 'max' }),
      fc.nat(50),
      (integers, start) => {
        const from = Math.min(start, integers.length);
        const expected = integers.slice(from).reduce((sum, value) => sum + value, 0);
        assert.equal(pairwiseSum(Float64Array.from(integers), from) + 0, expected + 0);
      },
    ),
  );
});

test('integer weights count like repeated values', () => {
  assert.equal(weightedMean(Float64Array.of(1, 5), Float64Array.of(3, 1)), 2);
  assert.equal(weightedMean(Float64Array.of(1, 5), undefined), 3);
});
