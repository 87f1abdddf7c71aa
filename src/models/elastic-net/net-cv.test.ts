import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture } from '../../math/linear-iterative.fixture.ts';
import { elasticNetCV } from './elastic-net-cv.ts';
import { lassoCV } from './lasso-cv.ts';

interface NetCvCase {
  readonly data: string;
  readonly l1Ratio: number | number[] | null;
  readonly weighted: boolean;
  readonly options: { readonly alphas: number | number[]; readonly eps?: number; readonly cv?: number };
  readonly alpha: number;
  /** Ratio after ratio. */
  readonly alphas: readonly number[];
  readonly coef: readonly number[];
  readonly intercept: number;
  /** Means over folds, in the order of `alphas`. */
  readonly mse: readonly number[];
}

const { nets }: { readonly nets: readonly NetCvCase[] } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/linear-cv.json', import.meta.url), 'utf8'),
);
const quiet = { onWarning: () => {} };

function assertClose(
  found: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
  what: string,
): void {
  const largest = Math.max(...wanted.map(Math.abs));
  assert.equal(found.length, wanted.length, what);
  wanted.forEach((value, k) => {
    const far = Math.abs(found[k]! - value);
    assert.ok(far <= tolerance * largest, `${what}[${k}] = ${found[k]} ≠ ${value}`);
  });
}

for (const { data, l1Ratio, weighted, options, alpha, alphas, coef, intercept, mse } of nets) {
  const title = `${data}${weighted ? ', weighted' : ''}, ${JSON.stringify({ l1Ratio, ...options })}`;
  test(`path, errors and choice are scikit-learn's on ${title}`, async () => {
    const { x, y } = fixture.data[data]!;
    const sampleWeight = weighted ? x.map((_, i) => (((3 * i) % 7) + 1) / 4) : undefined;
    const common = { ...options, tol: 1e-10, maxIter: 100_000 } as never;
    const model = await (l1Ratio === null
      ? lassoCV(common)
      : elasticNetCV({ ...(common as object), l1Ratio } as never)
    ).fit(x, y, { ...quiet, sampleWeight });
    // Sums of the table's rows in another order.
    assertClose(model.alphas.data, alphas, 1e-12, 'alphas');
    const means = Array.from({ length: model.msePath.rows }, (_, k) => {
      const row = model.msePath.row(k);
      return row.reduce((sum, error) => sum + error, 0) / row.length;
    });
    // scikit-learn stops at a duality gap of 1e-10 of the variance, which leaves its coefficients about the root of that from the minimum.
    assertClose(means, mse, 1e-5, 'mse');
    assert.ok(Math.abs(model.alpha - alpha) <= 1e-12 * alpha, `alpha ${model.alpha} ≠ ${alpha}`);
    assertClose(model.coef, coef, 1e-4, 'coef');
    assert.ok(Math.abs(model.intercept - intercept) <= 1e-4 * Math.max(1, Math.abs(intercept)));
  });
}

test('the strongest penalty of the path leaves no coefficient, the next one does', async () => {
  const { x, y } = fixture.data.diabetes!;
  const { alphas } = await lassoCV({ alphas: 5 }).fit(x, y, quiet);
  const only = (strength: number) => lassoCV({ alphas: [strength] }).fit(x, y, quiet);
  // Above the strongest by more than its rounding errors.
  assert.ok((await only(alphas.at(0, 0) * (1 + 1e-9))).coef.every((w) => w === 0));
  assert.ok((await only(alphas.at(0, 1))).coef.some((w) => w !== 0));
});

test('a constant target is met, and unfit options are refused', async () => {
  const model = await lassoCV({ cv: 2 }).fit([[1], [2], [3], [5]], [7, 7, 7, 7], quiet);
  assert.equal(model.intercept, 7);
  assert.throws(() => lassoCV({ alphas: [] as never }), { code: 'option/invalid' });
  assert.throws(() => elasticNetCV({ l1Ratio: 0 }), { code: 'option/invalid' });
});
