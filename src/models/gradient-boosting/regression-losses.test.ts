import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import { shapValues } from '../tree-explanations/shap-values.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

const losses = ['absoluteError', 'huber', 'quantile', 'poisson', 'gamma', 'tweedie'] as const;
const { x, y } = draw(31, { rows: 1500, missing: 0.05 });

for (const loss of losses) {
  test(`the ${loss} loss: the same bits on any threads, a row alone as among others, early stopping, a fit continued`, async () => {
    const options = { loss, nEstimators: 12 } as const;
    const sampleWeight = Array.from({ length: 1500 }, (_, i) => 1 + (i % 3));
    const one = await gradientBoostingRegressor(options).fit(x, y, { sampleWeight, threads: 1 });
    const two = await gradientBoostingRegressor(options).fit(x, y, { sampleWeight, threads: 2 });
    assert.deepEqual(one.state, two.state);
    const predicted = await one.predict(x);
    for (const i of [0, 700, 1499]) assert.equal(one.predictRow(x.row(i)), predicted[i]);
    const half = await gradientBoostingRegressor({ ...options, nEstimators: 6 }).fit(x, y, { sampleWeight });
    const whole = await gradientBoostingRegressor({ ...options, nEstimators: 6 }).fit(x, y, {
      sampleWeight,
      from: half,
    });
    assert.deepEqual(whole.state, one.state);
    const stopped = await gradientBoostingRegressor({
      ...options,
      nEstimators: 400,
      validationFraction: 0.3,
      nIterNoChange: 5,
      learningRate: 0.3,
    }).fit(x, y);
    const held = Array.from(stopped.validationLoss);
    assert.equal(stopped.nIter, held.indexOf(Math.min(...held)));
    assert.ok(stopped.nIter > 3 && stopped.nIter < 395, String(stopped.nIter));
  });
}

test('a quantile is exceeded by its share of the rows, the median splits them', async () => {
  const options = { nEstimators: 60, minSamplesLeaf: 30 } as const;
  const share = async (settings: Record<string, unknown>) => {
    const model = await gradientBoostingRegressor.from({ ...options, ...settings }).fit(x, y);
    const predicted = await model.predict(x);
    return y.reduce((count, value, i) => count + (value <= predicted[i]! ? 1 : 0), 0) / y.length;
  };
  // Leaves of 30 rows and more, approached by a tenth each time.
  for (const quantile of [0.1, 0.5, 0.9])
    assert.ok(Math.abs((await share({ loss: 'quantile', quantile })) - quantile) < 0.04, String(quantile));
  assert.ok(Math.abs((await share({ loss: 'absoluteError' })) - 0.5) < 0.04);
});

test('absolute and huber losses keep their course where some targets are wild, the squared one does not', async () => {
  const random = new RandomState(5);
  const wild = y.map((value) =>
    random.randomSample() < 0.04 ? value + 1000 * random.standardNormal() : value,
  );
  const error = async (loss: 'squaredError' | 'absoluteError' | 'huber') => {
    const model = await gradientBoostingRegressor({ loss, nEstimators: 60 }).fit(x, wild);
    const predicted = await model.predict(x);
    return y.reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / y.length;
  };
  const [squared, absolute, huber] = [
    await error('squaredError'),
    await error('absoluteError'),
    await error('huber'),
  ];
  assert.ok(absolute < 0.2 && huber < 0.2 && squared > 5, `${squared} ${absolute} ${huber}`);
});

test('equal weights change nothing, and weights count like repeated rows', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const [few, target] = [x.take(rows), Array.from(y.subarray(0, 200))];
  const twice = x.take([...rows, ...rows]);
  // Not gamma and tweedie: their rows count by curvature, so that limits of leaves mean other things.
  for (const loss of ['huber', 'poisson'] as const) {
    const options = { loss, nEstimators: 5, minSamplesLeaf: 10, minHessianLeaf: 0, maxLeafNodes: 6 } as const;
    const one = await gradientBoostingRegressor(options).fit(few, target, {
      sampleWeight: target.map(() => 2),
    });
    const two = await gradientBoostingRegressor({ ...options, minSamplesLeaf: 20 }).fit(twice, [
      ...target,
      ...target,
    ]);
    const [a, b] = [await one.predict(few), await two.predict(few)];
    // Quantiles lie between two values, which are nearer where rows are repeated. Poisson differs by float32 sums.
    const most = loss === 'huber' ? 0.02 : 1e-5;
    for (let i = 0; i < 200; i++)
      assert.ok(Math.abs(a[i]! - b[i]!) < most * Math.max(1, b[i]!), `${loss} ${a[i]} ${b[i]}`);
  }
});

test('counts far above the mean do not make Poisson overshoot', async () => {
  const counts = Array.from({ length: 2000 }, (_, i) => (i % 100 === 0 ? 5000 : i % 2));
  const column = new Matrix({
    rows: 2000,
    columns: 1,
    data: Float64Array.from(counts, (_, i) => Number(i % 100 === 0)),
  });
  const model = await gradientBoostingRegressor({ loss: 'poisson', nEstimators: 40, learningRate: 0.2 }).fit(
    column,
    counts,
  );
  const [rare, usual] = [model.predictRow([1]), model.predictRow([0])];
  // 20 rows of 5000; of the others 1000 of 1980 are 1.
  assert.ok(
    Math.abs(rare / 5000 - 1) < 0.01 && Math.abs(usual / (1000 / 1980) - 1) < 0.05,
    `${rare} ${usual}`,
  );
});

test('explanations of counts and amounts sum to the logarithm of the prediction, and say so', async () => {
  const model = await gradientBoostingRegressor({ loss: 'tweedie', nEstimators: 10 }).fit(x, y);
  const { outputs, unit } = await shapValues(model, x.take([4]));
  const sum = outputs[0]!.values.row(0).reduce((a, b) => a + b, outputs[0]!.baseValue);
  // Another order of ten terms, and one logarithm.
  assert.ok(Math.abs(sum - Math.log(model.predictRow(x.row(4)))) < 1e-13);
  assert.equal(unit, 'log');
});

test('targets that a loss cannot take, options out of range and another kind of model to continue are refused', async () => {
  const few = [[1], [2]];
  const of = (loss: (typeof losses)[number]) => gradientBoostingRegressor({ loss });
  await assert.rejects(of('poisson').fit(few, [1, -2]), {
    code: 'data/negative-target',
    message: /-2 in row 1; the poisson loss/,
  });
  await assert.rejects(of('tweedie').fit(few, [0, 0]), {
    code: 'data/zero-target',
    message: /the tweedie loss/,
  });
  await assert.rejects(of('gamma').fit(few, [1, 0]), {
    code: 'data/negative-target',
    message: /0 in row 1; the gamma loss/,
  });
  await assert.rejects(
    of('gamma').fit(few, [1, 2], { validation: { x: few, y: [1, -1] } }),
    /validation\.y is -1/,
  );
  const squared = await gradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
  await assert.rejects(of('poisson').fit(x, y, { from: squared }), { code: 'option/conflict' });
  for (const options of [{ quantile: 1 }, { alpha: 0 }, { power: 2 }, { loss: 'cubic' }])
    assert.throws(() => gradientBoostingRegressor.from(options), new RegExp(Object.keys(options)[0]!));
});
