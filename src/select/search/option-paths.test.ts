import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { columnTransformer } from '../../prepare/column-transformer/column-transformer.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../../prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { moody } from '../moody.fixture.ts';
import { listOptions, withOptions } from './option-paths.ts';

const prepared = pipeline({
  columns: columnTransformer({
    transformers: [
      { name: 'numbers', transformer: pipeline(simpleImputer(), standardScaler()), columns: ['a'] },
      { transformer: simpleImputer({ strategy: 'mostFrequent' }), columns: ['b'] },
    ],
  }),
  model: ridge({ fitIntercept: false }),
});

test('an option of the model itself is set by its name, and the rest stays', () => {
  const changed = withOptions(ridge({ fitIntercept: false }), { alpha: 3 });
  assert.deepEqual(changed.toJSON(), ridge({ fitIntercept: false, alpha: 3 }).toJSON());
  assert.equal(changed.kind, 'regressor');
});

test('options of steps are set by the names of the steps, however deep', () => {
  const changed = withOptions(prepared, {
    'model.alpha': 7,
    'columns.numbers.simpleImputer.strategy': 'median',
    'columns.simpleImputer.strategy': 'constant',
  });
  const text = JSON.stringify(changed);
  assert.match(text, /"alpha":7,"fitIntercept":false/);
  assert.deepEqual(
    [...text.matchAll(/"strategy":"(\w+)"/g)].map(([, value]) => value),
    ['median', 'constant'],
  );
  assert.equal(JSON.stringify(prepared).includes('"alpha":7'), false);
});

test('a step is replaced as a whole by its name, and its options are then those of the new one', async () => {
  const changed = withOptions(prepared, { model: moody(), 'model.level': 2, columns: standardScaler() });
  const model = await changed.fit([[1], [2]], [1, 2]);
  // level 2, three steps below 4, no bonus.
  assert.deepEqual([...(await model.predict([[0]]))], [6]);
});

test('every option is listed by its path', () => {
  const paths = listOptions(prepared).map(({ path }) => path);
  for (const path of [
    'steps',
    'columns.numbers.standardScaler.withMean',
    'columns.simpleImputer.strategy',
    'model.alpha',
  ]) {
    assert.ok(paths.includes(path), path);
  }
});

test('a path that leads nowhere is named with the nearest, an unfit value with its option', () => {
  assert.throws(() => withOptions(prepared, { 'model.alpa': 1 }), {
    code: 'option/unknown',
    message: /no option 'model\.alpa'\. Did you mean 'model\.alpha'\?/,
  });
  assert.throws(() => withOptions(logisticRegression(), { c: 1 }), /Did you mean 'C'\?/);
  assert.throws(() => withOptions(prepared, { 'model.alpha': -1 }), {
    code: 'option/invalid',
    message: /alpha/,
  });
  assert.throws(() => withOptions(prepared, { model: 5 }), { code: 'option/invalid' });
});
