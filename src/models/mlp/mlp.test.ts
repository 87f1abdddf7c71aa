import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { mlpClassifier } from './mlp-classifier.ts';
import { mlpRegressor } from './mlp-regressor.ts';

interface Case {
  readonly data: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly weighted: boolean;
  readonly loss: number;
  readonly nIter: number;
  readonly outputs: readonly number[];
  readonly lossCurve?: readonly number[];
  readonly validationScores?: readonly number[];
}

const { data, cases } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/nets_mlp.json', import.meta.url), 'utf8'),
) as { data: Record<string, { x: number[][]; y: number[] }>; cases: readonly Case[] };

const quiet = { onWarning: () => {} };

/** `learning_rate_init` is `learningRateInit`. */
function camelCase(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function closeTo(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${what} ${i}: ${actual[i]} where scikit-learn has ${value}`,
    );
}

for (const [i, one] of cases.entries()) {
  const text = JSON.stringify(one.options);
  test(`the same losses, passes and outputs as scikit-learn's (case ${i + 1}: ${one.data}, ${text})`, async () => {
    const { x, y } = data[one.data]!;
    const sampleWeight = one.weighted ? y.map((_, row) => 1 + (row % 3)) : undefined;
    const options = camelCase(one.options);
    const isRegression = one.data === 'diabetes';
    const model = isRegression
      ? await mlpRegressor
          .from({ ...options, standardizeTarget: false })
          .fit(x, y, { ...quiet, sampleWeight })
      : await mlpClassifier.from(options).fit(x, y, { ...quiet, sampleWeight });
    const outputs = isRegression
      ? ((await model.predict(x.slice(0, 20))) as Float64Array)
      : (
          await (model as Awaited<ReturnType<ReturnType<typeof mlpClassifier>['fit']>>).predictProba(
            x.slice(0, 20),
          )
        ).data;
    if (options.solver === 'lbfgs') {
      // SciPy stops where the loss no longer falls by 64 ε, some steps before the gradient is below tol.
      assert.ok(Math.abs(model.loss - one.loss) < 1e-9 * one.loss, `${model.loss} against ${one.loss}`);
      closeTo(outputs, one.outputs, 2e-5, 'output');
      return;
    }
    assert.equal(model.nIter, one.nIter);
    // scikit-learn trains in float64, heddle in float32; up to 480 steps.
    closeTo(model.lossCurve, one.lossCurve!, 1e-5, 'loss');
    closeTo(model.validationScores, one.validationScores!, 1e-5, 'score');
    closeTo(outputs, one.outputs, 1e-4, 'output');
  });
}

const waves = (rows: number, scale: number) => {
  const random = new RandomState(3);
  const x = Array.from({ length: rows }, () => [random.uniform(-3, 3), random.standardNormal()]);
  return { x, y: x.map(([a, b]) => scale * (Math.sin(a!) + 0.1 * b!)) };
};

test('targets in thousands are learned as fast as shares, and predictions are in their units', async () => {
  const [small, large] = [waves(300, 1), waves(300, 1e5)];
  const fit = ({ x, y }: typeof small) =>
    mlpRegressor({ learningRateInit: 0.01, maxIter: 100 }).fit(x, y, quiet);
  const [a, b] = [await fit(small), await fit(large)];
  const predicted = await b.predict(large.x);
  // Standardised targets differ in the last places of float64, of which float32 keeps what it can.
  for (const [i, value] of (await a.predict(small.x)).entries())
    assert.ok(Math.abs(predicted[i]! / 1e5 - value) < 1e-3);
  assert.ok(a.loss < 0.05, `the loss is ${a.loss}`);
});

test('several targets are predicted together', async () => {
  const { x, y } = waves(200, 1);
  const both = new Matrix({
    rows: 200,
    columns: 2,
    data: Float64Array.from(y.flatMap((v) => [v, 7 - 3 * v])),
  });
  const model = await mlpRegressor({ solver: 'lbfgs', maxIter: 300 }).fit(x, both, quiet);
  const predicted = (await model.predict(x)) as unknown as Matrix;
  for (let i = 0; i < 200; i++) assert.ok(Math.abs(predicted.at(i, 1) - (7 - 3 * y[i]!)) < 0.5);
});

test('a fit continues from an earlier model', async () => {
  const { x, y } = waves(200, 1);
  const first = await mlpRegressor({ maxIter: 30, learningRateInit: 0.01 }).fit(x, y, quiet);
  const second = await mlpRegressor({ maxIter: 1, learningRateInit: 0.01 }).fit(x, y, {
    ...quiet,
    from: first,
  });
  assert.ok(second.lossCurve[0]! < 1.05 * first.loss, `${second.lossCurve[0]} after ${first.loss}`);
});

test('rows given as validation stop a fit, and the best weights are kept', async () => {
  const { x, y } = waves(300, 1);
  const validation = { x: x.slice(200), y: y.slice(200) };
  const model = await mlpRegressor({ learningRateInit: 0.02, nIterNoChange: 3 }).fit(
    x.slice(0, 200),
    y.slice(0, 200),
    {
      ...quiet,
      validation,
    },
  );
  assert.ok(model.nIter < 200);
  assert.equal(model.validationScores.length, model.nIter);
  const predicted = await model.predict(validation.x);
  const mean = validation.y.reduce((a, b) => a + b) / 100;
  const [left, all] = validation.y.reduce(
    ([r, t], v, i) => [r + (v - predicted[i]!) ** 2, t + (v - mean) ** 2],
    [0, 0],
  );
  // The score is of what the network gives in float32.
  assert.ok(Math.abs(1 - left / all - model.bestValidationScore!) < 1e-4);
});

test('a class of two rows counts as much as the others with balanced weights', async () => {
  const x = Array.from({ length: 60 }, (_, i) => [i < 58 ? i % 7 : 9, 1]);
  const y = x.map((_, i) => (i < 58 ? 'common' : 'rare'));
  const model = await mlpClassifier({ classWeight: 'balanced', learningRateInit: 0.01 }).fit(x, y, quiet);
  assert.equal(model.predictRow([9, 1]), 'rare');
});

test('a learning rate that overshoots all numbers is refused with the layer and the way out', async () => {
  const { x, y } = waves(100, 1);
  await assert.rejects(mlpRegressor({ solver: 'sgd', learningRateInit: 1e6 }).fit(x, y, quiet), {
    code: 'train/not-finite',
    message: /layer \d.*learning rate/,
  });
});

test('a batch larger than the data is all of the data', async () => {
  const { x, y } = waves(50, 1);
  const [a, b] = [
    await mlpRegressor({ batchSize: 5000, maxIter: 5 }).fit(x, y, quiet),
    await mlpRegressor({ batchSize: 50, maxIter: 5 }).fit(x, y, quiet),
  ];
  assert.deepEqual(a.lossCurve, b.lossCurve);
});

test('options that contradict each other are refused', () => {
  assert.throws(() => mlpClassifier({ solver: 'lbfgs', earlyStopping: true }), { code: 'option/conflict' });
  assert.throws(() => mlpRegressor({ hiddenLayerSizes: [0] }), { code: 'option/invalid' });
});
