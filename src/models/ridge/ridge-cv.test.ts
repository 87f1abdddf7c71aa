import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture } from '../../math/linear-iterative.fixture.ts';
import { ridge } from './ridge.ts';
import { ridgeCV } from './ridge-cv.ts';

interface RidgeCase {
  readonly data: string;
  readonly weighted: boolean;
  readonly options: { readonly alphas: number[]; readonly fitIntercept: boolean; readonly cv: number | null };
  readonly alpha: number;
  readonly bestScore: number;
  readonly coef: readonly number[];
  readonly intercept: number;
}

const { ridges }: { readonly ridges: readonly RidgeCase[] } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/linear-cv.json', import.meta.url), 'utf8'),
);
const weightsOf = (rows: number) => Array.from({ length: rows }, (_, i) => (((3 * i) % 7) + 1) / 4);

for (const { data, weighted, options, alpha, bestScore, coef, intercept } of ridges) {
  test(`the strength chosen and its score are scikit-learn's on ${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(options)}`, async () => {
    const { x, y } = fixture.data[data]!;
    const sampleWeight = weighted ? weightsOf(x.length) : undefined;
    const model = await ridgeCV(options).fit(x, y, { sampleWeight });
    assert.equal(model.alpha, alpha);
    // Eigenvalues of the Gram matrix: errors are some ε times its condition, about 1e6 for these tables.
    assert.ok(
      Math.abs(model.bestScore - bestScore) <= 1e-9 * Math.abs(bestScore),
      `${model.bestScore} ≠ ${bestScore}`,
    );
    const largest = Math.max(...coef.map(Math.abs));
    coef.forEach((wanted, j) => {
      assert.ok(
        Math.abs(model.coef[j]! - wanted) <= 1e-8 * largest,
        `coef[${j}] = ${model.coef[j]} ≠ ${wanted}`,
      );
    });
    assert.ok(Math.abs(model.intercept - intercept) <= 1e-8 * Math.max(1, Math.abs(intercept)));
  });
}

for (const fitIntercept of [true, false]) {
  for (const data of ['iris', 'wide']) {
    test(`leaving out one row after the other is what it says: ${data}, fitIntercept ${fitIntercept}`, async () => {
      const { x, y } = fixture.data[data]!;
      const rows = x.slice(0, 40);
      const weights = weightsOf(rows.length);
      const alphas = [0.5, 5] as const;
      const model = await ridgeCV({ alphas, fitIntercept }).fit(rows, y.slice(0, 40), {
        sampleWeight: weights,
      });
      for (const [k, alpha] of alphas.entries()) {
        let sum = 0;
        for (const [i, row] of rows.entries()) {
          const rest = rows.filter((_, r) => r !== i);
          const left = await ridge({ alpha, fitIntercept }).fit(
            rest,
            y.slice(0, 40).filter((_, r) => r !== i),
            { sampleWeight: weights.filter((_, r) => r !== i) },
          );
          const [predicted] = await left.predict([row]);
          sum += weights[i]! * (y[i]! - predicted!) ** 2;
        }
        // As above.
        assert.ok(Math.abs(model.scores[k]! + sum / rows.length) <= 1e-9 * (sum / rows.length));
      }
    });
  }
}

test('groups stay whole in folds, and the folds decide by R²', async () => {
  const { x, y } = fixture.data.iris!;
  const groups = x.map((_, i) => i % 10);
  const model = await ridgeCV({ cv: 5, alphas: [0.01, 1, 100] }).fit(x, y, { groups });
  assert.equal(model.scores.length, 3);
  assert.equal(model.bestScore, Math.max(...model.scores));
  assert.ok(model.bestScore > 0.9);
});

test('strengths that are not above zero, and fewer rows than folds, are refused', async () => {
  assert.throws(() => ridgeCV({ alphas: [0, 1] }), { code: 'option/invalid' });
  await assert.rejects(ridgeCV({ cv: 5 }).fit([[1], [2], [3]], [1, 2, 3]), /5/);
});
