import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SumTree } from './sum-tree.ts';

const priorities = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

test('a place is found where the running sum passes the amount, and only one with a priority', () => {
  fc.assert(
    fc.property(
      priorities.filter((all) => all.some((one) => one > 1e-3)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, share) => {
        const tree = new SumTree(all.length);
        for (const [place, priority] of all.entries()) tree.set(place, priority);
        const place = tree.find(share * tree.total);
        assert.ok(all[place]! > 0, `place ${place}`);
        const before = all.slice(0, place).reduce((sum, one) => sum + one, 0);
        // Sums in another order differ in the last digits.
        const slack = 1e-9 * tree.total;
        assert.ok(share * tree.total >= before - slack);
        assert.ok(share * tree.total <= before + all[place]! + slack);
      },
    ),
  );
});

test('a tree is the same whether it came about step by step or was filled, to the bit', () => {
  fc.assert(
    fc.property(priorities, priorities, (first, second) => {
      const size = Math.max(first.length, second.length);
      const tree = new SumTree(size);
      for (const [place, priority] of first.entries()) tree.set(place, priority);
      for (const [place, priority] of second.entries()) tree.set(place, priority);
      const filled = new SumTree(size);
      filled.fill(tree.priorities(size));
      assert.equal(filled.total, tree.total);
      assert.deepEqual(filled.priorities(size), tree.priorities(size));
    }),
  );
});

test('places are drawn in proportion to their priorities', () => {
  const tree = new SumTree(3);
  tree.fill([1, 0, 3]);
  const counts = [0, 0, 0];
  for (let i = 0; i < 400; i++) counts[tree.find(((i + 0.5) / 400) * tree.total)]!++;
  assert.deepEqual(counts, [100, 0, 300]);
});
