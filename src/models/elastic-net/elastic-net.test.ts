import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, netObjective, weightsOf } from '../../math/linear-iterative.fixture.ts';
import { elasticNet } from './elastic-net.ts';

for (const { data, weighted, options, tight, default: defaults, coef, intercept } of fixture.nets) {
  const table = fixture.data[data]!;
  const sampleWeight = weightsOf(table.x.length, weighted);
  const title = `${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(options)}`;

  test(`the tightest fit reaches scikit-learn's objective and coefficients on ${title}`, async () => {
    const fitted = await elasticNet({ ...options, tol: 1e-12 }).fit(table.x, table.y, { sampleWeight });
    const objective = netObjective(
      { coef: fitted.coef, intercept: Float64Array.of(fitted.intercept) },
      table,
      sampleWeight,
      options,
    );
    // The acceptance: 1e-9 relative of the objective at tol = 1e-12.
    assert.ok(objective <= tight * (1 + 1e-9), `${objective} > ${tight}`);
    const largest = Math.max(1e-3, ...coef.map(Math.abs), Math.abs(intercept));
    coef.forEach((w, j) => {
      // A gap of 1e-12 of the variance leaves scikit-learn's own coefficients uncertain by about its root.
      assert.ok(Math.abs(fitted.coef[j]! - w) < 1e-5 * largest, `w[${j}] = ${fitted.coef[j]} ≠ ${w}`);
    });
    assert.ok(Math.abs(fitted.intercept - intercept) < 1e-5 * largest);
  });

  test(`defaults are no worse than scikit-learn's on ${title}`, async () => {
    const fitted = await elasticNet(options).fit(table.x, table.y, { sampleWeight });
    const objective = netObjective(
      { coef: fitted.coef, intercept: Float64Array.of(fitted.intercept) },
      table,
      sampleWeight,
      options,
    );
    // Rounding errors of two evaluations of the objective.
    assert.ok(objective <= defaults * (1 + 1e-14), `${objective} > ${defaults}`);
  });
}

const { x, y } = fixture.data.diabetes!;

test('the same bits come from any number of threads, for rows and for columns in excess', async () => {
  for (const name of ['ames', 'wide']) {
    const table = fixture.data[name]!;
    const [one, ...others] = await Promise.all(
      [1, 2, 3].map((threads) => elasticNet({ alpha: 0.1 }).fit(table.x, table.y, { threads })),
    );
    for (const other of others) assert.deepEqual(other.coef, one!.coef);
  }
});

test('several targets are fitted one by one', async () => {
  const targets = y.map((value, i) => [value, x[i]![0]! * 3 - value / 2]);
  const both = await elasticNet({ alpha: 0.3 }).fit(x, targets);
  const predictions = await both.predict(x);
  for (const t of [0, 1]) {
    const own = await elasticNet({ alpha: 0.3 }).fit(
      x,
      targets.map((row) => row[t]!),
    );
    assert.deepEqual(both.coef.row(t), own.coef);
    assert.equal(both.intercept[t], own.intercept);
    assert.deepEqual(predictions.column(t), await own.predict(x));
  }
});

test('random selection ends at the same minimum, repeatably', async () => {
  const options = { alpha: 0.5, tol: 1e-12 } as const;
  const cyclic = await elasticNet(options).fit(x, y);
  const random = await elasticNet({ ...options, selection: 'random', randomState: 3 }).fit(x, y);
  const again = await elasticNet({ ...options, selection: 'random', randomState: 3 }).fit(x, y);
  assert.deepEqual(random.coef, again.coef);
  random.coef.forEach((w, j) => {
    // Both solve the same linear system in the end, from other starts.
    assert.ok(Math.abs(w - cyclic.coef[j]!) < 1e-9);
  });
});

test('a fit that runs out of sweeps says so', async () => {
  const warnings: string[] = [];
  // More columns than rows and next to no penalty: one sweep cannot do.
  const { x, y } = fixture.data.wide!;
  await elasticNet({ alpha: 1e-6, maxIter: 1, tol: 1e-14, l1Ratio: 1 }).fit(x, y, {
    onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
  });
  assert.match(warnings.join(), /^fit\/not-converged: elasticNet stopped after 1 sweeps .* Raise maxIter/);
});

test('constant columns get coefficient zero', async () => {
  const wider = x.map((row) => [0.1, ...row, 1e6 + 0.1]);
  const fitted = await elasticNet({ alpha: 0.1 }).fit(wider, y);
  assert.equal(fitted.coef[0], 0);
  assert.equal(fitted.coef[11], 0);
});

test('one row is answered at once as in a batch', async () => {
  const fitted = await elasticNet().fit(x, y);
  const batch = await fitted.predict(x);
  assert.equal(fitted.predictRow(x[5]!), batch[5]);
});

test('a column whose squares overflow is refused by name', async () => {
  const rows = x.map(([a, b]) => ({ a: a!, b: b! * 1e200 }));
  await assert.rejects(elasticNet().fit(rows, y), { code: 'data/too-large', message: /Column 'b'/ });
  const wide = [
    [1, 2, 1e200, 3],
    [2, 1, 3, 1e200],
  ];
  await assert.rejects(elasticNet().fit(wide, [1, 2]), { code: 'data/too-large', message: /Column 2/ });
});

test('options outside their range are refused by name', () => {
  assert.throws(() => elasticNet({ alpha: -1 }), { code: 'option/invalid', message: /'alpha'/ });
  assert.throws(() => elasticNet({ l1Ratio: 1.5 }), { code: 'option/invalid', message: /'l1Ratio'/ });
});
