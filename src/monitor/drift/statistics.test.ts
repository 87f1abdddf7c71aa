import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chiSquared } from './chi-squared.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStability } from './population-stability.ts';
import { quantileBinCounts } from './quantile-bins.ts';
import { fixture, makeWindows } from './scipy.fixture.ts';
import { wassersteinDistance } from './wasserstein.ts';

/** What the issue asks for; both sides round sums of up to 60,000 terms, which stays below it. */
const TOLERANCE = 1e-9;
const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  );

test("two windows of numbers have SciPy's statistics and p-values", () => {
  for (const expected of fixture.windows) {
    const { reference, current, referenceWeight, currentWeight } = makeWindows(expected.window);
    const name = `window ${expected.window[0]}`;
    const ks = kolmogorovSmirnov(reference, current);
    near(ks.statistic, expected.statistic, `${name} D`);
    near(ks.pValue, expected.pValue, `${name} p`);
    // Small p-values are right in their own digits, too: 1e-7 is what sums of logarithms leave.
    assert.ok(Math.abs(Math.log(ks.pValue / expected.pValue)) < 1e-7 || expected.pValue < 1e-12, name);
    if (expected.asymptotic !== null) {
      const asymptotic = kolmogorovSmirnov(reference, current, { method: 'asymptotic' });
      near(asymptotic.pValue, expected.asymptotic, `${name} asymptotic p`);
    }
    const { distance, normalized } = wassersteinDistance(reference, current);
    near(distance, expected.wasserstein, `${name} Wasserstein`);
    if (expected.deviation > 0)
      near(normalized, expected.wasserstein / expected.deviation, `${name} normalized`);
    const weighted = wassersteinDistance(reference, current, { referenceWeight, currentWeight });
    near(weighted.distance, expected.weighted, `${name} weighted Wasserstein`);
  }
});

test('quantile bins, PSI and Jensen–Shannon distance agree with NumPy and SciPy', () => {
  for (const expected of fixture.windows) {
    const { reference, current } = makeWindows(expected.window);
    const bins = quantileBinCounts(reference, current);
    assert.deepEqual([...bins.edges], expected.edges);
    assert.deepEqual([...bins.reference], expected.reference);
    assert.deepEqual([...bins.current], expected.current);
    near(populationStability(bins.reference, bins.current), expected.psi, 'PSI');
    near(jensenShannon(bins.reference, bins.current), expected.jensenShannon, 'Jensen–Shannon');
  }
});

test("tables of counts have SciPy's χ², degrees of freedom, p-value and Jensen–Shannon distance", () => {
  for (const { counts, statistic, dof, pValue, jensenShannon: distance } of fixture.tables) {
    const result = chiSquared(counts[0], counts[1]);
    near(result.statistic, statistic, 'χ²');
    assert.equal(result.degreesOfFreedom, dof);
    near(result.pValue, pValue, 'p');
    near(jensenShannon(counts[0], counts[1]), distance, 'Jensen–Shannon');
  }
});

test("Cohen's w does not change when both windows have ten times the rows", () => {
  const a = [30, 50, 20];
  const b = [10, 25, 15];
  const once = chiSquared(a, b);
  const tenTimes = chiSquared(
    a.map((count) => 10 * count),
    b.map((count) => 10 * count),
  );
  // Two roundings of a sum of three terms.
  assert.ok(Math.abs(tenTimes.effect / once.effect - 1) < 1e-14);
  assert.ok(Math.abs(tenTimes.statistic / once.statistic - 10) < 1e-13);
});

test('the p-value of D is exact: it counts the orders of the pooled values', () => {
  const orders = fc.array(fc.boolean(), { minLength: 2, maxLength: 10 }).filter((sides) => {
    return sides.includes(true) && sides.includes(false);
  });
  const gapOf = (sides: readonly boolean[]) => {
    const n = sides.filter((side) => side).length;
    const m = sides.length - n;
    let a = 0;
    let b = 0;
    return sides.reduce((gap, side) => {
      if (side) a++;
      else b++;
      return Math.max(gap, Math.abs(a * m - b * n));
    }, 0);
  };
  fc.assert(
    fc.property(orders, (sides) => {
      const n = sides.filter((side) => side).length;
      let all = 0;
      let atLeast = 0;
      for (let bits = 0; bits < 2 ** sides.length; bits++) {
        const order = sides.map((_, i) => ((bits >> i) & 1) === 1);
        if (order.filter((side) => side).length !== n) continue;
        all++;
        if (gapOf(order) >= gapOf(sides)) atLeast++;
      }
      const place = (wanted: boolean) => sides.flatMap((side, i) => (side === wanted ? [i] : []));
      const { pValue, method } = kolmogorovSmirnov(place(true), place(false));
      assert.equal(method, 'exact');
      // A dozen steps, each rounded to 2⁻⁵³.
      assert.ok(Math.abs(pValue - atLeast / all) < 1e-14);
    }),
    { numRuns: 60 },
  );
});

test('equal windows are at distance 0, disjoint ones at the largest distance', () => {
  const a = [1, 2, 2, 3];
  assert.deepEqual(kolmogorovSmirnov(a, a), { statistic: 0, pValue: 1, method: 'exact' });
  assert.equal(kolmogorovSmirnov(a, [4, 5]).statistic, 1);
  assert.equal(kolmogorovSmirnov([-Infinity, 0], [0, Infinity]).statistic, 0.5);
  assert.equal(jensenShannon([1, 0], [0, 3]), 1);
  assert.equal(jensenShannon([1, 3], [2, 6]), 0);
  assert.equal(populationStability([1, 3], [1, 3]), 0);
  assert.deepEqual(wassersteinDistance(a, a), { distance: 0, normalized: 0 });
  assert.deepEqual(wassersteinDistance([2, 2], [3]), { distance: 1, normalized: Infinity });
});

test('PSI without smoothing is infinite where one window has an empty cell, by default it is finite', () => {
  assert.equal(populationStability([5, 5], [10, 0], { smoothing: 0 }), Infinity);
  // Shares (5.5, 5.5)/11 and (10.5, 0.5)/11 by hand.
  const byHand = (5 / 11) * Math.log(10.5 / 5.5) - (5 / 11) * Math.log(0.5 / 5.5);
  assert.ok(Math.abs(populationStability([5, 5], [10, 0]) - byHand) < 1e-15);
});

test('a constant reference still tells other values from its own', () => {
  const { reference, current } = quantileBinCounts([5, 5, 5], [5, 4, 7, 7]);
  assert.deepEqual([...reference], [0, 3, 0]);
  assert.deepEqual([...current], [1, 1, 2]);
});

test('windows and counts that do not fit are refused with their place', () => {
  assert.throws(() => kolmogorovSmirnov([], [1]), { code: 'data/empty', message: /^reference is empty/ });
  assert.throws(() => kolmogorovSmirnov([1], [1, Number.NaN]), {
    code: 'data/not-finite',
    message: /^current row 1/,
  });
  assert.throws(() => kolmogorovSmirnov([1], [1], { method: 'magic' as 'exact' }), {
    code: 'option/invalid',
  });
  assert.throws(() => wassersteinDistance([1], [Infinity]), { code: 'data/not-finite' });
  assert.throws(() => wassersteinDistance([1], [2], { currentWeight: [1, 2] }), {
    code: 'data/length-mismatch',
  });
  assert.throws(() => wassersteinDistance([1], [2], { currentWeight: [-1] }), {
    code: 'data/negative-weight',
  });
  assert.throws(() => wassersteinDistance([1], [2], { currentWeight: [0] }), { code: 'data/zero-weights' });
  assert.throws(() => chiSquared([1, 2], [1]), { code: 'data/length-mismatch' });
  assert.throws(() => chiSquared([1, -2], [1, 2]), { code: 'data/bad-count', message: /reference cell 1/ });
  assert.throws(() => jensenShannon([0, 0], [1, 2]), { code: 'data/empty' });
  assert.throws(() => populationStability([1], [1], { smoothing: -1 }), { code: 'option/invalid' });
  assert.throws(() => quantileBinCounts([1], [1], { bins: 0 }), { code: 'option/invalid' });
});
