import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { argsort } from './argsort.ts';

/** The stable comparator sort that the radix sort must equal, positions included. */
function oracle(values: Float64Array): number[] {
  return [...values.keys()].sort((a, b) => values[a] - values[b]);
}

const finite = fc.double({ noNaN: true });

test('sorts any numbers, infinities included, stably', () => {
  const tieProne = fc.oneof(finite, fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Infinity, -Infinity));
  fc.assert(
    fc.property(fc.array(tieProne, { minLength: 1, maxLength: 40, size: 'max' }), (some) => {
      // Repeated past the length below which a comparator is used.
      const values = Float64Array.from({ length: some.length * 40 }, (_, i) => some[(i * 7) % some.length]);
      assert.deepEqual([...argsort(values)], oracle(values));
      const short = Float64Array.from(some);
      assert.deepEqual([...argsort(short)], oracle(short));
    }),
    { numRuns: 100 },
  );
});

test('sorts numbers that agree in their upper 32 bits', () => {
  let seed = 1;
  const values = Float64Array.from({ length: 5000 }, () => {
    seed = (seed * 48271) % 2147483647;
    return 1 + seed * 2 ** -52;
  });
  assert.deepEqual([...argsort(values)], oracle(values));
  const negative = values.map((value) => -value);
  assert.deepEqual([...argsort(negative)], oracle(negative));
});
