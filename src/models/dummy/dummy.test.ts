import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { dummyClassifier } from './dummy-classifier.ts';
import { dummyRegressor } from './dummy-regressor.ts';

const parity = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/dummy.json', import.meta.url), 'utf8'),
);
const x = Matrix.zeros(41, 1);
const newX = Matrix.zeros(30, 1);
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

test('numbers are predicted as by DummyRegressor', async () => {
  for (const { options, weighted, constant } of parity.regressors) {
    const sampleWeight = weighted ? parity.weights : undefined;
    const model = await dummyRegressor(options).fit(x, parity.y, { sampleWeight });
    // Sums of 41 numbers differ in their last digits only.
    assert.ok(Math.abs(model.constant[0]! - constant) <= 1e-14 * Math.abs(constant), JSON.stringify(options));
    assert.deepEqual(await model.predict(newX), new Float64Array(30).fill(model.constant[0]!));
  }
});

test('classes and draws are those of DummyClassifier with the same seed', async () => {
  for (const { target, options, weighted, classPrior, predictions, probabilities } of parity.classifiers) {
    const sampleWeight = weighted ? parity.weights : undefined;
    const strategy = camel(options.strategy) as 'prior';
    const model = await dummyClassifier({ ...options, strategy, randomState: 3 }).fit(x, parity[target], {
      sampleWeight,
    });
    assert.deepEqual(Array.from(model.classPrior), classPrior);
    assert.deepEqual(await model.predict(newX), predictions, JSON.stringify([target, options]));
    assert.deepEqual((await model.predictProba(newX)).toRows().slice(0, 8), probabilities);
  }
});

test('each target has its own number, and a constant may be given for each', async () => {
  const y = [
    [1, 10],
    [2, 20],
    [6, 90],
  ];
  const rows = Matrix.zeros(3, 1);
  const means = await dummyRegressor().fit(rows, y);
  assert.deepEqual((await means.predict(rows)).row(2), Float64Array.of(3, 40));
  const medians = await dummyRegressor({ strategy: 'median' }).fit(rows, y);
  assert.deepEqual(medians.constant, Float64Array.of(2, 20));
  const given = await dummyRegressor({ strategy: 'constant', constant: [7, 8] }).fit(rows, y);
  assert.deepEqual(given.constant, Float64Array.of(7, 8));
});

test('a weighted median is that of the rows repeated', async () => {
  const weighted = await dummyRegressor({ strategy: 'median' }).fit(Matrix.zeros(3, 1), [5, 1, 3], {
    sampleWeight: [1, 3, 0],
  });
  assert.equal(weighted.constant[0], 1);
});

test('a constant that is missing, superfluous, of the wrong length or no class is refused', async () => {
  assert.throws(() => dummyRegressor({ strategy: 'constant' }), { code: 'option/conflict' });
  assert.throws(() => dummyRegressor({ constant: 3 }), { code: 'option/conflict' });
  assert.throws(() => dummyClassifier({ strategy: 'constant' }), { code: 'option/conflict' });
  const rows = Matrix.zeros(2, 1);
  await assert.rejects(dummyRegressor({ strategy: 'constant', constant: [1, 2] }).fit(rows, [1, 2]), {
    message: /constant holds 2 numbers, but y has 1 target/,
  });
  await assert.rejects(dummyClassifier({ strategy: 'constant', constant: 'yess' }).fit(rows, ['no', 'yes']), {
    message: /'yess' is no class of y. Did you mean 'yes'\?/,
  });
});

test('text and gaps in the columns do not matter', async () => {
  const rows = [{ town: 'Ames', size: null }, { town: null, size: 3 }, {}];
  assert.deepEqual(
    await (await dummyRegressor().fit(rows, [1, 2, 6])).predict([{ town: 'X', size: 1 }]),
    Float64Array.of(3),
  );
});
