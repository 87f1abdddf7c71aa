import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import type { NumericTarget } from '../../define/targets.ts';
import { describeCase, largestError, linearFixture, prepare } from '../../math/linear.fixture.ts';
import { linearRegression } from './linear-regression.ts';

const cases = linearFixture.cases.filter(({ model }) => model === 'linear');

for (const reference of cases.filter(({ data }) => data !== 'bad')) {
  test(`coefficients are scikit-learn's on ${describeCase(reference)}`, async () => {
    const { x, y, sampleWeight } = prepare(reference);
    const model = await linearRegression(reference.options).fit(x, y as NumericTarget, { sampleWeight });
    // The acceptance: 1e-9 relative. Both are backward stable, so κε is what can be expected; κ reaches 1e5 here.
    assert.ok(largestError(reference, model, x) < 1e-9);
    if (reference.rank !== undefined) assert.equal(model.rank, reference.rank);
  });
}

for (const reference of cases.filter(({ data }) => data === 'bad')) {
  test(`at condition 1e7 residual and norm are no worse than scikit-learn's ${describeCase(reference)}`, async () => {
    const { x, y } = prepare(reference);
    const values = y as number[];
    const model = await linearRegression(reference.options).fit(x, values);
    const predictions = await model.predict(x);
    const residual = Math.hypot(...values.map((value, i) => value - predictions[i]!));
    // Coefficients are about 1e7, so evaluating a prediction rounds it by 1e-9; the norm of a full-rank solution may differ by κε = 2e-9.
    assert.ok(residual <= reference.residual! * (1 + 1e-10), `${residual} > ${reference.residual}`);
    assert.ok(Math.hypot(...model.coef) <= reference.norm! * (1 + 1e-8));
    assert.equal(model.rank, 8);
  });
}

test('the worked example, three rows of rank two, is predicted by the solution of smallest norm in the units of the columns', async () => {
  const names = ['面积', '卧室数量', '地理位置'];
  const x = Matrix.fromRows(
    [
      [100, 2, 1],
      [120, 2, 2],
      [80, 1, 1],
    ],
    names,
  );
  const model = await linearRegression().fit(x, [300, 350, 220]);
  // NumPy prints eight decimals of the figure.
  assert.ok(Math.abs(model.predictRow([150, 3, 2]) - 462.45942572) < 1e-8);
  assert.equal(model.rank, 2);
});

test('several targets give a matrix of predictions, one row of coefficients and one intercept a target', async () => {
  const x = [[1], [2], [3], [4]];
  const model = await linearRegression().fit(
    x,
    x.map(([v]) => [2 * v! + 1, -v!]),
  );
  const predictions = await model.predict([[10]]);
  assert.ok(predictions instanceof Matrix);
  // Exact lines: nothing but rounding errors.
  for (const [found, wanted] of [
    [predictions.at(0, 0), 21],
    [predictions.at(0, 1), -10],
    [model.coef.at(1, 0), -1],
    [model.intercept[0]!, 1],
  ]) {
    assert.ok(Math.abs(found! - wanted!) < 1e-12);
  }
});

test('a single row is fitted by its own value', async () => {
  const model = await linearRegression().fit([[3, 4]], [7]);
  assert.deepEqual([...model.coef], [0, 0]);
  assert.equal(model.intercept, 7);
  assert.equal(model.rank, 0);
});

test('a larger tol drops directions that the default keeps', async () => {
  const x = [1, 2, 3, 4, 5, 6].map((v) => [v, v + (v % 2) * 1e-6]);
  const y = [1, 3, 2, 5, 4, 6];
  assert.equal((await linearRegression().fit(x, y)).rank, 2);
  assert.equal((await linearRegression({ tol: 1e-4 }).fit(x, y)).rank, 1);
});
