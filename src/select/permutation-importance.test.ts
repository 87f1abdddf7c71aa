import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { linearRegression } from '../models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { permutationImportance } from './permutation-importance.ts';
import { prepareTable } from './prepare-table.ts';

const parity = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/permutation-importance.json', import.meta.url), 'utf8'),
);
const metrics: Readonly<Record<string, string>> = {
  neg_root_mean_squared_error: 'rmse',
  roc_auc: 'rocAuc',
  neg_log_loss: 'logLoss',
};

async function agrees(
  model: Parameters<typeof permutationImportance>[0],
  y: readonly number[],
  cases: (typeof parity)['regression'],
  tolerance: number,
): Promise<void> {
  for (const { options, weighted, importances } of cases) {
    const found = await permutationImportance(model, Matrix.fromRows(parity.x), y, {
      scoring: metrics[options.scoring],
      nRepeats: options.n_repeats,
      randomState: options.random_state,
      sampleWeight: weighted ? parity.weights : undefined,
    });
    for (const [j, row] of found.importances.toRows().entries()) {
      const far = Math.max(...row.map((value, k) => Math.abs(value - importances[j][k])));
      assert.ok(far <= tolerance, `${JSON.stringify(options)} column ${j}: ${far}`);
    }
    const means = importances.map((row: number[]) => row.reduce((sum, value) => sum + value, 0) / row.length);
    for (const [j, mean] of found.importancesMean.entries())
      assert.ok(Math.abs(mean - means[j]) <= tolerance);
  }
}

test('importances of a regressor are those of permutation_importance, shuffle by shuffle', async () => {
  // Both solve least squares to about 1e-15 times the condition (2 here).
  await agrees(await linearRegression().fit(parity.x, parity.y), parity.y, parity.regression, 1e-12);
});

test('importances of a classifier are those of permutation_importance, by labels, ranks and probabilities', async () => {
  const model = await logisticRegression({ tol: 1e-12, maxIter: 1000 }).fit(parity.x, parity.label);
  // scikit-learn's L-BFGS ends where the loss no longer falls in its last digits, some 1e-9 from the minimum.
  await agrees(model, parity.label, parity.classification, 1e-8);
});

const houses = Frame.fromColumns({
  size: Array.from({ length: 80 }, (_, i) => 40 + ((i * 37) % 100)),
  town: Array.from({ length: 80 }, (_, i) => ['Ames', 'Nevada', 'Boone'][(i * 7) % 3]!),
  noise: Array.from({ length: 80 }, (_, i) => (i * 31) % 17),
});
const price = Array.from(
  { length: 80 },
  (_, i) => 2 * (40 + ((i * 37) % 100)) + ((i * 7) % 3 === 0 ? 90 : 0),
);

test('raw columns are shuffled as wholes before their preparation, or several together', async () => {
  const { specification } = prepareTable(houses, ridge({ alpha: 0.01 }));
  const model = await specification.fit(houses, price);
  const found = await permutationImportance(model, houses, price, {
    columns: ['size', 'town', 'noise', ['town', 'size']],
  });
  assert.deepEqual(found.names, ['size', 'town', 'noise', 'town + size']);
  const [size, town, noise, both] = found.importancesMean;
  assert.ok(size! > town! && town! > 0.1 && both! > size!, String(found.importancesMean));
  assert.ok(Math.abs(noise!) < 0.01);
  assert.ok(found.baselineScore > 0.99);
});

test('predicting shuffles one by one or stacked gives the same, and a sample uses fewer rows', async () => {
  const wide = Matrix.fromRows(parity.x.flatMap((row: number[]) => [row, row]));
  const y = parity.y.flatMap((value: number) => [value, value]);
  const model = await linearRegression().fit(parity.x, parity.y);
  const all = await permutationImportance(model, wide, y, { nRepeats: 4 });
  const one = await permutationImportance(model, wide, y, { nRepeats: 1 });
  assert.deepEqual(all.importances.column(0), one.importances.data);
  const sampled = await permutationImportance(model, wide, y, { maxSamples: 50 });
  assert.notDeepEqual(sampled.importancesMean, all.importancesMean);
});

test('an unknown option, metric or column and a model that predicts nothing are refused', async () => {
  const model = await linearRegression().fit(parity.x, parity.y);
  const x = Matrix.fromRows(parity.x);
  await assert.rejects(permutationImportance(model, x, parity.y, { repeats: 3 } as never), {
    code: 'option/unknown',
  });
  await assert.rejects(permutationImportance(model, x, parity.y, { scoring: 'accuracy' }), {
    code: 'option/wrong-problem',
  });
  await assert.rejects(permutationImportance(model, x, parity.y, { columns: ['size'] }), {
    message: /columns names "size", which x does not have/,
  });
  await assert.rejects(permutationImportance(model, x, parity.y, { maxSamples: 0 }), {
    code: 'option/invalid',
  });
  const aborted = permutationImportance(model, x, parity.y, { signal: AbortSignal.abort() });
  await assert.rejects(aborted, { code: 'job/aborted' });
});
