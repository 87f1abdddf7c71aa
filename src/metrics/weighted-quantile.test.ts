import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { weightedQuantile } from './weighted-quantile.ts';

test('integer weights count like repeated values at every level', () => {
  const row = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 4 }));
  const someWeight = fc
    .array(row, { minLength: 1, maxLength: 20, size: 'max' })
    .filter((rows) => rows.some(([, w]) => w > 0));
  fc.assert(
    fc.property(someWeight, fc.constantFrom(0, 0.25, 0.5, 0.9, 1), (rows, level) => {
      const values = Float64Array.from(rows, ([value]) => value);
      const weights = Float64Array.from(rows, ([, weight]) => weight);
      const repeated = Float64Array.from(rows.flatMap(([value, weight]) => Array(weight).fill(value)));
      assert.equal(weightedQuantile(values, weights, level), weightedQuantile(repeated, undefined, level));
    }),
  );
});

test('the median of an even number of values is the mean of the middle two', () => {
  assert.equal(weightedQuantile(Float64Array.of(4, 1, 3, 2), undefined, 0.5), 2.5);
  assert.equal(weightedQuantile(Float64Array.of(4, 1, 3), undefined, 0.5), 3);
});
