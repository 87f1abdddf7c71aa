import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainCategorySplit } from '../../kernels/plain/trees.ts';
import { bestCategorySplit } from './split-categories.ts';

const unbounded = { l1: 0, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
const free = { maxCatToOnehot: 0, catSmooth: 0, catL2: 0, maxCatThreshold: 255, minDataPerGroup: 0 };

/** Σ gradient and rows of up to eight categories, the last those of the missing values; sums of eighths are exact in any order. */
const nodes = fc
  .array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 2,
    maxLength: 8,
  })
  .map((cells) => cells.map(([g, h]) => (h === 0 ? [0, 0] : [g / 8, h]) as [number, number]));

function sumsOf(pairs: readonly (readonly [number, number])[]) {
  const gradient = pairs.reduce((sum, [g]) => sum + g, 0);
  const hessian = pairs.reduce((sum, [, h]) => sum + h, 0);
  return { gradient, hessian, rows: hessian };
}

test('the best split by category is the best of all sets, found along their order', () => {
  fc.assert(
    fc.property(nodes, fc.constantFrom(0, 0.5, 3), (pairs, l2) => {
      const rule = { ...unbounded, l2, minSamplesLeaf: 1, minHessian: 0, categories: free };
      const found = bestCategorySplit(
        Float64Array.from(pairs.flat()),
        0,
        pairs.length - 1,
        sumsOf(pairs),
        rule,
      );
      const wanted = plainCategorySplit(pairs, l2, 1);
      assert.equal(found === undefined, wanted === undefined);
      if (found === undefined) return;
      // With a penalty the order of G / H may miss the best set, never beat it.
      if (l2 === 0)
        assert.ok(Math.abs(found.score - wanted!) < 1e-9 * Math.max(1, wanted!), `${found.score} ${wanted}`);
      else assert.ok(found.score <= wanted! + 1e-9);
      const left = [...found.categories, ...(found.missingLeft ? [pairs.length - 1] : [])];
      const sums = sumsOf(left.map((code) => pairs[code]!));
      assert.deepEqual([found.leftGradient, found.leftHessian], [sums.gradient, sums.hessian]);
    }),
  );
});

test('each category alone, rare ones that stay, most categories and groups of rows keep to their bounds', () => {
  fc.assert(
    fc.property(nodes, (pairs) => {
      const data = Float64Array.from(pairs.flat());
      const levels = pairs.length - 1;
      const node = sumsOf(pairs);
      const rule = { ...unbounded, l2: 0, minSamplesLeaf: 1, minHessian: 0 };
      const find = (categories: Partial<typeof free>) =>
        bestCategorySplit(data, 0, levels, node, { ...rule, categories: { ...free, ...categories } });
      const chosen = (split: ReturnType<typeof find>) =>
        split === undefined ? [] : [...split.categories, ...(split.missingLeft ? [levels] : [])];
      assert.ok(chosen(find({ maxCatToOnehot: 9 })).length <= 1);
      assert.ok(chosen(find({ maxCatThreshold: 2 })).length <= 2);
      assert.ok(chosen(find({ catSmooth: 4 })).every((code) => pairs[code]![1] >= 4));
      const grouped = find({ minDataPerGroup: 6 });
      if (grouped === undefined) return;
      assert.ok(grouped.leftHessian >= 6 && node.hessian - grouped.leftHessian >= 6);
    }),
  );
});
