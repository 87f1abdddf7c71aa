import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, netObjective, weightsOf } from '../../math/linear-iterative.fixture.ts';
import { lasso } from './lasso.ts';

for (const { data, weighted, options, tight, default: defaults, coef } of fixture.nets) {
  const { l1Ratio, ...own } = options;
  if (l1Ratio !== 1) continue;
  const table = fixture.data[data]!;
  const sampleWeight = weightsOf(table.x.length, weighted);

  test(`the support and the objective are scikit-learn's on ${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(own)}`, async () => {
    const fitted = await lasso({ ...own, tol: 1e-12 }).fit(table.x, table.y, { sampleWeight });
    const objective = netObjective(
      { coef: fitted.coef, intercept: Float64Array.of(fitted.intercept) },
      table,
      sampleWeight,
      options,
    );
    // The acceptance: 1e-9 relative of the objective at tol = 1e-12.
    assert.ok(objective <= tight * (1 + 1e-9), `${objective} > ${tight}`);
    assert.deepEqual(
      Array.from(fitted.coef, (w) => w !== 0),
      coef.map((w) => w !== 0),
    );
    const zeros = coef.filter((w) => w === 0).length;
    assert.equal(fitted.sparsity, zeros / coef.length);
    const quick = await lasso(own).fit(table.x, table.y, { sampleWeight });
    // Rounding errors of two evaluations of the objective.
    assert.ok(
      netObjective(
        { coef: quick.coef, intercept: Float64Array.of(quick.intercept) },
        table,
        sampleWeight,
        options,
      ) <=
        defaults * (1 + 1e-14),
    );
  });
}

test('from max |Xᵀ(y − ȳ)| / n on, all coefficients are zero and the mean is left', async () => {
  const { x, y } = fixture.data.diabetes!;
  const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
  const means = x[0]!.map((_, j) => x.reduce((sum, row) => sum + row[j]!, 0) / x.length);
  const products = means.map(
    (m, j) => x.reduce((sum, row, i) => sum + (row[j]! - m) * (y[i]! - mean), 0) / y.length,
  );
  const alpha = Math.max(...products.map(Math.abs));
  const above = await lasso({ alpha: alpha * 1.001 }).fit(x, y);
  assert.ok(above.coef.every((w) => w === 0));
  // The mean by another order of sums.
  assert.ok(Math.abs(above.intercept - mean) < 1e-12 * mean);
  const below = await lasso({ alpha: alpha * 0.999 }).fit(x, y);
  assert.equal(below.coef.filter((w) => w !== 0).length, 1);
});

test('continuing from a fitted model takes up its coefficients', async () => {
  const { x, y } = fixture.data.ames!;
  const first = await lasso({ alpha: 0.5 }).fit(x, y);
  const next = await lasso({ alpha: 0.5 }).fit(x, y, { from: first });
  assert.ok(next.nIter < first.nIter);
});

test('doubling all weights changes nothing, a weight of zero is as good as no row', async () => {
  const { x, y } = fixture.data.diabetes!;
  const plain = await lasso({ alpha: 0.7 }).fit(x.slice(0, 300), y.slice(0, 300));
  const doubled = await lasso({ alpha: 0.7 }).fit(x, y, { sampleWeight: y.map((_, i) => (i < 300 ? 2 : 0)) });
  doubled.coef.forEach((w, j) => {
    // The same sums split into other blocks.
    assert.ok(Math.abs(w - plain.coef[j]!) < 1e-9);
  });
});
