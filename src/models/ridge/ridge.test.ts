import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumericTarget } from '../../define/targets.ts';
import { describeCase, largestError, linearFixture, prepare } from '../../math/linear.fixture.ts';
import { ridge } from './ridge.ts';

for (const reference of linearFixture.cases.filter(({ model }) => model === 'ridge')) {
  for (const solver of ['cholesky', 'qr'] as const) {
    test(`coefficients are scikit-learn's by ${solver} on ${describeCase(reference)}`, async () => {
      const { x, y, sampleWeight } = prepare(reference);
      const model = await ridge({ ...reference.options, solver }).fit(x, y as NumericTarget, {
        sampleWeight,
      });
      // The acceptance: 1e-9 relative; the worst is 3e-10, at alpha 0.01 on columns that are sums of others (κ = 3e4 there).
      assert.ok(largestError(reference, model, x) < 1e-9);
    });
  }
}

test('alpha 0 gives the solution of smallest norm where columns are copies of each other', async () => {
  const x = [1, 2, 3, 5].map((v) => [v, v, 2 * v]);
  const model = await ridge({ alpha: 0 }).fit(
    x,
    x.map(([v]) => 12 * v! - 1),
  );
  // 12 = w · [1, 1, 2] is solved with the smallest norm by 2 · [1, 1, 2]; nothing but rounding errors.
  for (const [j, wanted] of [2, 2, 4].entries()) assert.ok(Math.abs(model.coef[j]! - wanted) < 1e-13);
  assert.ok(Math.abs(model.intercept + 1) < 1e-12);
});

test('a weight of two is as good as the row twice', async () => {
  const x = [
    [1, 2],
    [2, 1],
    [4, 5],
    [5, 9],
  ];
  const y = [1, 2, 5, 4];
  const weighted = await ridge({ alpha: 2 }).fit(x, y, { sampleWeight: [1, 2, 1, 1] });
  const repeated = await ridge({ alpha: 2 }).fit([...x, x[1]!], [...y, y[1]!]);
  // √2² is not exactly 2, sums are in another order.
  weighted.coef.forEach((w, j) => {
    assert.ok(Math.abs(w - repeated.coef[j]!) < 1e-13);
  });
});
