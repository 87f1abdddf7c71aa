import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { DataError } from '../core/errors.ts';
import { Frame } from '../core/frame.ts';
import { runInlineAsync } from '../jobs/inline.ts';
import { conformalRegressor } from '../models/conformal/conformal-regressor.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { randomForestClassifier } from '../models/random-forest/random-forest-classifier.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { columnTransformer } from '../prepare/column-transformer/column-transformer.ts';
import { oneHotEncoder } from '../prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../prepare/standard-scaler/standard-scaler.ts';
import { defineRegressor } from './define-regressor.ts';
import { quickPredictor } from './quick-predictor.ts';

const x = Frame.fromColumns({
  size: Array.from({ length: 40 }, (_, i) => (i * 7) % 13),
  color: Array.from({ length: 40 }, (_, i) => ['red', 'blue', 'green'][i % 3]!),
});
const prepare = columnTransformer({
  transformers: [
    { columns: ['size'], transformer: standardScaler() },
    { columns: ['color'], transformer: oneHotEncoder() },
  ],
});
const labels = Array.from({ length: 40 }, (_, i) => ['a', 'b', 'c'][(i * 7) % 13 > 6 ? 2 : i % 2]!);

for (const last of [logisticRegression(), randomForestClassifier({ nEstimators: 5 })]) {
  test(`a pipeline with ${last.name} gives the bits of predict and predictProba`, async () => {
    const model = await pipeline(prepare, last).fit(x, labels);
    const quick = await quickPredictor(model)(x);
    assert.ok(quick?.kind === 'classes');
    const codes = (await model.predict(x)).map((label) => model.classes.indexOf(label));
    assert.deepEqual([...quick.codes], codes);
    assert.deepEqual(quick.probabilities, (await model.predictProba(x)).data);
  });
}

test('a regression is predicted at once, and bad values are refused by name', async () => {
  const y = Array.from({ length: 40 }, (_, i) => i);
  const model = await pipeline(prepare, ridge()).fit(x, y);
  const quick = quickPredictor(model);
  assert.deepEqual(quick(x), { kind: 'values', values: await model.predict(x) });
  const odd = Frame.fromColumns({ size: [1], color: ['pink'] });
  assert.throws(
    () => quick(odd),
    (error) => error instanceof DataError && error.details.column === 'color',
  );
});

test('a model with intervals gives them at once too', async () => {
  const y = Array.from({ length: 40 }, (_, i) => (i * i) % 17);
  const model = await pipeline(prepare, conformalRegressor({ estimator: ridge() })).fit(x, y);
  const { data: bounds } = await model.predictInterval(x);
  assert.deepEqual(quickPredictor(model)(x), { kind: 'values', values: await model.predict(x), bounds });
});

test('work that is too long, or has to wait, is left to predict', async () => {
  const model = await ridge().fit(x.select(['size']), new Float64Array(40));
  const quick = quickPredictor(model);
  const many = Frame.fromColumns({ size: new Float64Array(60_000) });
  assert.equal(quick(many), undefined);
  let release = () => {};
  const busy = runInlineAsync(() => new Promise<void>((resolve) => (release = resolve)));
  assert.equal(quick(x.select(['size'])), undefined);
  await new Promise(setImmediate);
  release();
  await busy;
  assert.notEqual(quick(x.select(['size'])), undefined);
});

/** Predicts by way of a promise. */
export const slow = defineRegressor({
  name: 'slow',
  module: import.meta.url,
  summary: 'A constant.',
  use: 'Tests.',
  options: z.strictObject({}),
  fit: () => ({}),
  predict: async (_, { rows }) => {
    await new Promise(setImmediate);
    return new Float64Array(rows).fill(7);
  },
});

test('a model that promises its predictions is waited for, and others meanwhile wait their turn', async () => {
  const numbers = x.select(['size']);
  const model = await slow().fit(numbers, new Float64Array(40));
  const quick = quickPredictor(model);
  const first = quick(numbers.take([0, 1]));
  assert.ok(first instanceof Promise);
  assert.equal(quick(numbers.take([0, 1])), undefined);
  assert.deepEqual(await first, { kind: 'values', values: new Float64Array([7, 7]) });
  await new Promise(setImmediate);
  assert.ok(quick(numbers.take([0])) instanceof Promise);
});
