import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformalRegressor } from '../models/conformal/conformal-regressor.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { thresholdClassifier } from '../models/threshold/threshold-classifier.ts';
import { saveModel } from '../store/model-file.ts';
import { ask, pathOf, post, startServer } from './serve.fixture.ts';

const rows = Array.from({ length: 40 }, (_, i) => ({ a: (i * 7) % 13, b: (i * 5) % 11 }));

test('a model with intervals answers with them, as JSON and as CSV', async (t) => {
  const y = rows.map(({ a, b }, i) => 3 * a - b + ((i * i) % 5));
  const model = await conformalRegressor({ estimator: ridge() }).fit(rows, y);
  await saveModel(model, pathOf('bounds.heddle'));
  const server = await startServer(t, pathOf('bounds.heddle'));
  const bounds = (await model.predictInterval(rows)).toRows();
  const values = await model.predict(rows);
  const { json } = await post(server, { rows });
  assert.deepEqual(
    json.predictions.map(({ prediction, interval }: Record<string, unknown>) => ({ prediction, interval })),
    bounds.map((interval, i) => ({ prediction: values[i], interval: [...interval] })),
  );
  const single = await post(server, { row: rows[3] });
  assert.deepEqual(single.json.interval, [...bounds[3]!]);
  const text = (await post(server, { rows: rows.slice(0, 1) }, { accept: 'text/csv' })).text.split('\n');
  assert.equal(text[0], 'id,prediction,lower,upper');
  assert.deepEqual(text[1]!.split(',').slice(1).map(Number), [values[0], ...bounds[0]!]);
  const { components } = (await ask(server, '/openapi.json')).json;
  assert.equal(components.schemas.Prediction.properties.interval.minItems, 2);
});

test('a model with a threshold answers with the class of its threshold and unchanged probabilities', async (t) => {
  const y = rows.map(({ a }, i) => (a + (i % 3) > 10 ? 'late' : 'on time'));
  const options = { estimator: logisticRegression(), threshold: 0.2, positiveClass: 'late' };
  const model = await thresholdClassifier(options).fit(rows, y);
  await saveModel(model, pathOf('late.heddle'));
  const server = await startServer(t, pathOf('late.heddle'));
  const { predictions } = (await post(server, { rows })).json;
  for (const { prediction, probabilities } of predictions)
    assert.equal(prediction, probabilities.late >= 0.2 ? 'late' : 'on time');
  const cut = predictions.filter(
    ({ probabilities: { late } }: { probabilities: { late: number } }) => late >= 0.2 && late < 0.5,
  );
  assert.ok(cut.length > 0);
});
