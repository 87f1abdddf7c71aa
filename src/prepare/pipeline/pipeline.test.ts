import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { restoreModel } from '../../define/factory.ts';
import { hasMethod } from '../../define/run.ts';
import { specificationFromJson } from '../../define/specification.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { findModel } from '../../models/registry.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { columnTransformer } from '../column-transformer/column-transformer.ts';
import { minMaxScaler } from '../min-max-scaler/min-max-scaler.ts';
import { oneHotEncoder } from '../one-hot-encoder/one-hot-encoder.ts';
import { simpleImputer } from '../simple-imputer/simple-imputer.ts';
import { standardScaler } from '../standard-scaler/standard-scaler.ts';
import { parts, recorder, second } from './models.fixture.ts';
import { pipeline, pipelineRegressor } from './pipeline.ts';

const resolve = async (name: string) => (await findModel(name))!;

const x = Frame.fromColumns({
  size: [1, null, 3, 8, 5, 6],
  color: ['red', 'blue', null, 'blue', 'red', 'red'],
});
const y = [1, 2, 3, 4, 5, 7];
const prepare = columnTransformer({
  transformers: [
    { name: 'numbers', columns: ['size'], transformer: pipeline(simpleImputer(), standardScaler()) },
    { name: 'text', columns: ['color'], transformer: oneHotEncoder() },
  ],
});

test('it is a regressor, classifier, clusterer or transformer, as its last step is', async () => {
  const predictions: Float64Array = await (await pipeline(prepare, ridge()).fit(x, y)).predict(x);
  assert.equal(predictions.length, 6);
  const labels = ['a', 'a', 'b', 'b', 'b', 'a'];
  const classifier = await pipeline(prepare, logisticRegression()).fit(x, labels);
  const classes: string[] = await classifier.predict(x);
  assert.equal(classes.length, 6);
  const probabilities = await classifier.predictProba(x);
  assert.deepEqual([probabilities.rows, probabilities.columns, classifier.positiveClass], [6, 2, 'b']);
  assert.equal((await classifier.decisionFunction(x)).columns, 1);
  const clusterer = await pipeline({ scale: standardScaler(), parts: parts() }).fit([[1], [2], [9]]);
  assert.deepEqual([...clusterer.labels], [0, 0, 1]);
  assert.deepEqual([...(await clusterer.predict([[100]]))], [1]);
  const transformer = await pipeline(simpleImputer(), minMaxScaler()).fit([[1], [Number.NaN], [3]]);
  assert.deepEqual(((await transformer.transform([[Number.NaN]])) as Matrix).toRows(), [[0.5]]);
});

test('steps are found by name: given ones, or their model in camelCase, numbered when several', async () => {
  const numbers = [
    [1, 2],
    [3, 5],
    [4, 4],
    [9, 7],
  ];
  const target = [1, 2, 3, 5];
  const byRecord = await pipeline({ scale: standardScaler(), model: ridge() }).fit(numbers, target);
  const byPairs = await pipeline([
    ['scale', standardScaler()],
    ['model', ridge()],
  ]).fit(numbers, target);
  const byPlace = await pipeline(standardScaler(), standardScaler({ withStd: false }), ridge()).fit(
    numbers,
    target,
  );
  // The attributes of named steps have their own types.
  const coef: Float64Array = byRecord.steps.model.coef;
  assert.deepEqual(byPairs.steps.model.coef, coef);
  assert.deepEqual([...byRecord.steps.scale.mean!], [4.25, 4.5]);
  assert.deepEqual(Object.keys(byPlace.steps), ['standardScaler1', 'standardScaler2', 'ridge']);
});

test('it predicts what its steps predict one after the other, also for one row at once', async () => {
  const model = await pipeline(prepare, ridge({ alpha: 0.1 })).fit(x, y);
  const prepared = await prepare.fit(x);
  const last = await ridge({ alpha: 0.1 }).fit(await prepared.transform(x), y);
  const expected = await last.predict(await prepared.transform(x));
  assert.deepEqual(await model.predict(x), expected);
  assert.equal(model.predictRow({ color: 'blue', size: 8 }), expected[3]);
  assert.deepEqual(model.featureNamesOut, [
    'numbers__size',
    'text__color_blue',
    'text__color_red',
    'text__color_nan',
  ]);
});

test('several targets are passed on', async () => {
  const targets = y.map((v) => [v, -v]);
  const model = await pipeline({ prepare, ridge: ridge() }).fit(x, targets);
  const intercept: Float64Array = model.steps.ridge.intercept;
  assert.equal(intercept.length, 2);
  const predicted = await model.predict(x);
  assert.ok(predicted instanceof Matrix);
  for (const [a, b] of predicted.toRows()) assert.ok(Math.abs(a! + b!) < 1e-12); // Rounding errors.
});

test('a pipeline in a pipeline is a step like another', async () => {
  const inner = pipeline(simpleImputer(), standardScaler());
  const model = await pipeline({ prepare: inner, model: ridge() }).fit([[1], [Number.NaN], [3]], [1, 2, 3]);
  assert.deepEqual([...model.steps.prepare.steps.standardScaler!.mean], [2]);
});

test('what it learned and made survives a record and JSON', async () => {
  const specification = pipeline(prepare, ridge({ alpha: 0.1 }));
  const model = await specification.fit(x, y);
  const restored = await restoreModel(structuredClone(model.record()), resolve);
  assert.deepEqual(await (restored as unknown as typeof model).predict(x), await model.predict(x));
  const json = JSON.parse(JSON.stringify(specification));
  assert.equal(json.$model, 'pipeline-regressor');
  const revived = (await specificationFromJson(json, resolve)) as typeof specification;
  assert.deepEqual(await (await revived.fit(x, y)).predict(x), await model.predict(x));
});

test('it is undone step by step, when all steps can be', async () => {
  const numbers = [
    [1, 2],
    [3, 5],
    [4, 4],
  ];
  const fitted = await pipeline(standardScaler(), minMaxScaler()).fit(numbers);
  const back = (await fitted.inverseTransform(await fitted.transform(numbers))) as Matrix;
  // Numbers below 10 after four operations.
  for (const [i, row] of back.toRows().entries()) {
    for (const [j, v] of row.entries()) assert.ok(Math.abs(v - numbers[i]![j]!) < 1e-14);
  }
  const imputing = await pipeline({ fill: simpleImputer(), scale: standardScaler() }).fit(numbers);
  await assert.rejects(imputing.inverseTransform(numbers), {
    code: 'model/no-method',
    message: /no inverseTransform, because its step 'fill' \(simple-imputer\)/,
  });
});

test('validation rows, weights, groups, warnings and progress go through the steps', async () => {
  const numbers = [
    [1, 0],
    [3, Number.NaN],
    [5, Number.NaN],
  ];
  const warnings: string[] = [];
  const messages: (string | undefined)[] = [];
  const model = await pipeline({ fill: simpleImputer(), scale: standardScaler(), model: recorder() }).fit(
    numbers,
    [1, 2, 3],
    {
      sampleWeight: [1, 2, 1],
      groups: ['a', 'b', 'a'],
      validation: {
        x: [
          [3, Number.NaN],
          [5, 0],
        ],
        y: [2, 3],
      },
      onWarning: ({ code }) => warnings.push(code),
      onProgress: ({ message }) => messages.push(message),
    },
  );
  const { seen } = model.steps.model;
  // The weighted deviation of 1, 3, 3, 5 is √2.
  assert.deepEqual([...seen.validation], [0, 0, (5 - 3) / Math.SQRT2, 0]);
  assert.deepEqual(
    [[...seen.weights], [...seen.groups]],
    [
      [1, 2, 1],
      [0, 1, 0],
    ],
  );
  assert.deepEqual(warnings, ['recorder/seen']);
  assert.ok(messages.includes('model: remembered'));
});

test('weights that the model cannot use are refused', async () => {
  const model = pipeline(standardScaler(), parts());
  await assert.rejects(model.fit([[1], [2]], { sampleWeight: [1, 2] }), {
    code: 'option/unsupported',
    message: /parts/,
  });
});

test('a fit from an earlier one keeps its transformers and continues its last step', async () => {
  const specification = pipeline({ scale: standardScaler(), model: recorder() });
  const quiet = { onWarning: () => {} };
  const first = await specification.fit([[1], [3]], [1, 2], quiet);
  const second = await specification.fit([[5], [7]], [1, 2], { from: first, ...quiet });
  assert.deepEqual([...second.steps.scale.mean!], [2]);
  assert.equal(second.steps.model.seen.fits, 2);
  const other = pipeline({ scale: standardScaler(), model: ridge() });
  await assert.rejects(other.fit([[5], [7]], [1, 2], { from: await other.fit([[1], [3]], [1, 2]) }), {
    code: 'option/unsupported',
    message: /ridge cannot continue/,
  });
});

test('a method that the last step lacks is lacking, and the error names the step', async () => {
  const lacking = pipeline({ scale: standardScaler(), model: second() });
  const model = await lacking.fit([[1], [2]], ['no', 'yes']);
  assert.deepEqual(await model.predict([[1]]), ['yes']);
  await assert.rejects(model.predictProba([[1]]), {
    code: 'model/no-method',
    message: /no predictProba, because its last step 'model' \(second\)/,
  });
  const has = (method: 'predict' | 'predictProba') => hasMethod(lacking.definition, method, lacking.options);
  assert.deepEqual([has('predict'), has('predictProba')], [true, false]);
  const having = pipeline(logisticRegression());
  assert.ok(hasMethod(having.definition, 'predictProba', having.options));
});

test('columns missing at prediction are named', async () => {
  const model = await pipeline(prepare, ridge()).fit(x, y);
  await assert.rejects(model.predict(x.drop(['size'])), { code: 'data/missing-column', message: /'size'/ });
  assert.throws(() => model.predictRow({ size: 1 }), { code: 'data/missing-column', message: /'color'/ });
});

test('missing values that no step fills are refused by the model', async () => {
  await assert.rejects(pipeline(standardScaler(), ridge()).fit(x.select(['size']), y), {
    code: 'data/missing-value',
    message: /'size' has a missing value \(row 1\), which ridge cannot take/,
  });
});

test('steps in the wrong place, repeated names and what is no model are refused', () => {
  const wrong = (steps: unknown) => () => pipelineRegressor.from({ steps });
  assert.throws(
    wrong([
      ['a', ridge()],
      ['b', ridge()],
    ]),
    { code: 'option/invalid', message: /step 'a' is a regressor/ },
  );
  assert.throws(wrong([['a', standardScaler()]]), {
    code: 'option/invalid',
    message: /'a' is a transformer, not a regressor/,
  });
  assert.throws(
    wrong([
      ['a', standardScaler()],
      ['a', ridge()],
    ]),
    { code: 'option/invalid', message: /'a'/ },
  );
  assert.throws(wrong([['a', 7]]), { code: 'option/invalid', message: /steps.0.1/ });
  assert.throws(() => pipeline({} as never), { code: 'option/invalid', message: /at least one step/ });
  assert.throws(() => pipeline(standardScaler as never, ridge()), {
    code: 'option/invalid',
    message: /no unfitted model/,
  });
});
