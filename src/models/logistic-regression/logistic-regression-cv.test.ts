import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture } from '../../math/linear-iterative.fixture.ts';
import { logisticRegression } from './logistic-regression.ts';
import { logisticRegressionCV } from './logistic-regression-cv.ts';

interface LogisticCvCase {
  readonly data: string;
  readonly options: { readonly Cs: number[] };
  readonly C: number;
  /** Means over folds of −log loss, in the order of `Cs`. */
  readonly scores: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

const { logistics }: { readonly logistics: readonly LogisticCvCase[] } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/linear-cv.json', import.meta.url), 'utf8'),
);
const quiet = { onWarning: () => {} };

function standardise(x: readonly (readonly number[])[]): number[][] {
  const columns = x[0]!.map((_, j) => {
    const mean = x.reduce((sum, row) => sum + row[j]!, 0) / x.length;
    return {
      mean,
      spread: Math.sqrt(x.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / x.length) || 1,
    };
  });
  return x.map((row) => row.map((value, j) => (value - columns[j]!.mean) / columns[j]!.spread));
}

for (const { data, options, C, scores, probabilities } of logistics) {
  test(`scores, choice and probabilities are scikit-learn's on ${data}`, async () => {
    const { x, y } = fixture.data[data]!;
    const rows = standardise(x);
    const model = await logisticRegressionCV({ ...options, tol: 1e-9, maxIter: 20_000 }).fit(rows, y, quiet);
    assert.equal(model.C, C);
    scores.forEach((wanted, k) => {
      const row = model.scores.row(k);
      const mean = row.reduce((sum, score) => sum + score, 0) / row.length;
      // Two solvers within 1e-9 of the gradient; weak penalties leave flat directions.
      assert.ok(Math.abs(mean - wanted) < 1e-6, `score ${k}: ${mean} ≠ ${wanted}`);
    });
    const found = await model.predictProba(rows.slice(0, 3));
    probabilities.forEach((row, i) => {
      for (const [c, p] of row.entries()) assert.ok(Math.abs(found.at(i, c) - p) < 1e-6);
    });
  });
}

test('among shares of L1 the best by folds is taken, and the model is the one fitted with it', async () => {
  const { x, y } = fixture.data.breast_cancer!;
  const rows = standardise(x);
  const model = await logisticRegressionCV({ Cs: [0.01, 0.1], l1Ratios: [0, 1], cv: 3 }).fit(rows, y, quiet);
  assert.equal(model.scores.rows, 4);
  const means = Array.from({ length: 4 }, (_, k) => model.scores.row(k).reduce((sum, s) => sum + s, 0));
  const best = means.indexOf(Math.max(...means));
  assert.deepEqual([model.C, model.l1Ratio], [[0.01, 0.1][best % 2], [0, 1][Math.floor(best / 2)]]);
  const same = await logisticRegression({ C: model.C, l1Ratio: model.l1Ratio }).fit(rows, y, quiet);
  assert.deepEqual(model.coef.data, same.coef.data);
});

test('accuracy may decide, text may name the classes, and groups stay whole', async () => {
  const { x, y } = fixture.data.iris!;
  const labels = y.map((code) => ['setosa', 'versicolor', 'virginica'][code]!);
  const groups = x.map((_, i) => Math.floor(i / 5));
  const model = await logisticRegressionCV({ Cs: 3, scoring: 'accuracy' }).fit(x, labels, {
    ...quiet,
    groups,
  });
  assert.deepEqual(
    [...model.Cs].map((C) => Number(C.toPrecision(12))),
    [1e-4, 1, 1e4],
  );
  assert.ok(model.scores.data.every((score) => score >= 0 && score <= 1));
  assert.equal((await model.predict(x.slice(0, 1)))[0], 'setosa');
});
