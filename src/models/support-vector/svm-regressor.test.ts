import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { halfQuadratic, kernelLike, ourOptions, svmFixture } from './svm.fixture.ts';
import { svmRegressor } from './svm-regressor.ts';

const { data, targets, regressors } = svmFixture;

for (const { data: name, options, ...expected } of regressors) {
  test(`a regressor is scikit-learn's on ${name}, ${JSON.stringify(options)}`, async () => {
    const { x } = data[name]!;
    const y = targets[name]!;
    const given = ourOptions(options);
    const { epsilon = 0.1 } = options as { epsilon?: number };
    const isTight = 'tol' in options;
    const model = await svmRegressor.from(given).fit(x, y);
    const beta = Array.from(model.dualCoef);
    const rows = Array.from(model.support, (row) => x[row]!);
    let objective = halfQuadratic(beta, rows, kernelLike(given, model.gamma));
    beta.forEach((value, s) => {
      objective += epsilon * Math.abs(value) - value * y[model.support[s]!]!;
    });
    // As for the classifier; a default tol leaves 1e-3 in the gradients of up to 120 coefficients of up to 10.
    const slack = (isTight ? 1e-9 : 1e-4) * Math.abs(expected.objective);
    assert.ok(Math.abs(objective - expected.objective) <= slack, `${objective} ≠ ${expected.objective}`);
    const tolerance = isTight ? 2e-5 : 5e-3;
    const predictions = await model.predict(x.slice(0, 25));
    expected.predictions.forEach((value, i) => {
      assert.ok(Math.abs(predictions[i]! - value) <= tolerance * (1 + Math.abs(value)), `row ${i}`);
    });
    if (isTight && name !== 'duplicates') assert.deepEqual([...model.support], expected.support);
    assert.equal(model.predictRow(x[0]!), predictions[0]);
  });
}

test('errors of at most epsilon cost nothing', async () => {
  const x = Array.from({ length: 20 }, (_, i) => [i]);
  const y = x.map(([v]) => 0.5 + 0.01 * Math.sin(v!));
  const model = await svmRegressor({ epsilon: 0.1 }).fit(x, y);
  assert.equal(model.support.length, 0);
  // Any constant within epsilon of all targets will do; the middle of what they allow is taken.
  const middle = (Math.max(...y) + Math.min(...y)) / 2;
  for (const value of await model.predict(x)) assert.ok(Math.abs(value - middle) < 1e-9);
});

test('the coefficients of the linear kernel give its predictions', async () => {
  const random = new RandomState(1);
  const x = new Matrix({ rows: 80, columns: 3, data: random.fillNormal(new Float64Array(240)) });
  const y = Array.from({ length: 80 }, (_, i) => 2 * x.at(i, 0) - x.at(i, 2) + 0.3 * random.standardNormal());
  const model = await svmRegressor({ kernel: 'linear' }).fit(x, y);
  const predictions = await model.predict(x);
  predictions.forEach((value, i) => {
    const sum = model.coef!.reduce((total, w, j) => total + w * x.at(i, j), model.intercept);
    // Sums in another order.
    assert.ok(Math.abs(sum - value) < 1e-9);
  });
  assert.equal((await svmRegressor().fit(x, y)).coef, undefined);
});

test('the same bits come from any number of threads while variables are left out', async () => {
  const random = new RandomState(2);
  const x = new Matrix({ rows: 3300, columns: 6, data: random.fillNormal(new Float64Array(3300 * 6)) });
  const y = Float64Array.from({ length: 3300 }, (_, i) => Math.sin(x.at(i, 0)) + 0.2 * x.at(i, 1));
  const states = await Promise.all(
    [1, 2, 3].map(async (threads) => (await svmRegressor({ cacheSize: 10 }).fit(x, y, { threads })).state),
  );
  for (const other of states.slice(1)) assert.deepEqual(other, states[0]);
});
