import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shiftedOrderStatistic } from './order-statistic.ts';

test('the order statistic of shifted lists is that of all their numbers', () => {
  const list = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 8 });
  const cases = fc.array(fc.tuple(list, fc.integer({ min: -5, max: 5 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(cases, (lists) => {
      const sorted = lists.map(([values]) => Float64Array.from(values).sort());
      const shift = lists.map(([, by]) => by);
      const all = lists.flatMap(([values, by]) => values.map((value) => value + by)).sort((a, b) => a - b);
      for (const [i, value] of all.entries())
        assert.equal(shiftedOrderStatistic(sorted, shift, i + 1), value);
    }),
  );
});
