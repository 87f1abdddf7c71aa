// L1 and elastic-net penalties, against the answers of parity/logistic_sparse.py.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture, logisticObjective } from '../../math/linear-iterative.fixture.ts';
import { logisticRegression } from './logistic-regression.ts';

interface SparseCase {
  readonly data: string;
  readonly options: { readonly C: number; readonly l1Ratio: number };
  /** Objectives that scikit-learn's SAGA reaches at tol = 1e-13 and at its defaults. */
  readonly tight: number;
  readonly default: number;
  /** Coefficients that are exactly zero at the former. */
  readonly zeros: number;
}

const cases: readonly SparseCase[] = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/logistic-sparse.json', import.meta.url), 'utf8'),
);
const quiet = { onWarning: () => {} };

/** Columns of mean 0 and variance 1; those without any variance are 0. */
function standardise(x: readonly (readonly number[])[]): number[][] {
  const rows = x.map((row) => [...row]);
  for (let j = 0; j < rows[0]!.length; j++) {
    const mean = rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length;
    const spread = Math.sqrt(rows.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / rows.length);
    for (const row of rows) row[j] = spread > 0 ? (row[j]! - mean) / spread : 0;
  }
  return rows;
}

for (const { data, options, tight, default: defaults, zeros } of cases) {
  const x = standardise(fixture.data[data]!.x);
  const labels = fixture.data[data]!.classes ?? fixture.data[data]!.y;
  const weights = labels.map(() => 1);
  const title = `${data}, ${JSON.stringify(options)}`;
  const objective = ({ coef, intercept }: { coef: { data: Float64Array }; intercept: Float64Array }) =>
    logisticObjective({ coef: coef.data, intercept }, x, labels, weights, options.C, options.l1Ratio);
  // A Hessian for thousands of parameters is what L-BFGS is for.
  const solvers = data === 'wide' ? (['auto'] as const) : (['auto', 'lbfgs', 'proximal-newton'] as const);

  for (const solver of solvers) {
    test(`${solver} reaches SAGA's tightest objective on ${title}`, async () => {
      const model = logisticRegression({ ...options, solver, tol: 1e-10, maxIter: 20_000 });
      const fitted = await model.fit(x, labels, quiet);
      // 1e-9 relative of the objective, as for the other penalties.
      assert.ok(objective(fitted) <= tight * (1 + 1e-9), `${objective(fitted)} > ${tight}`);
      const found = fitted.coef.data.filter((w) => w === 0).length;
      // A coefficient may leave zero where the last bits of its gradient decide.
      assert.ok(Math.abs(found - zeros) <= 1 + 0.02 * zeros, `${found} zeros, not ${zeros}`);
    });
  }

  test(`defaults are no worse than SAGA's on ${title}`, async () => {
    const fitted = await logisticRegression(options).fit(x, labels, quiet);
    assert.ok(objective(fitted) <= defaults * (1 + 1e-14), `${objective(fitted)} > ${defaults}`);
  });
}

test('a penalty that is strong enough leaves no coefficient, and the intercept is the log odds', async () => {
  const { x, y } = fixture.data.breast_cancer!;
  const fitted = await logisticRegression({ C: 1e-6, l1Ratio: 1, tol: 1e-12 }).fit(standardise(x), y, quiet);
  assert.ok(fitted.coef.data.every((w) => w === 0));
  const share = y.reduce((sum, code) => sum + code, 0) / y.length;
  // The gradient is met to 1e-12, and the log odds move about four times as much.
  assert.ok(Math.abs(fitted.intercept[0]! - Math.log(share / (1 - share))) < 1e-10);
});

test('a solver that does not suit the penalty is refused with those that do', () => {
  assert.throws(() => logisticRegression({ l1Ratio: 0.5, solver: 'newton-cholesky' }), /'proximal-newton'/);
  assert.throws(() => logisticRegression({ solver: 'proximal-newton' }), /'newton-cholesky'/);
  assert.throws(() => logisticRegression({ l1Ratio: 1.5 }), { code: 'option/invalid' });
});
