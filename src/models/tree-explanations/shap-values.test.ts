import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError } from '../../core/errors.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { bruteForceShap } from '../../math/trees/tree-shap.fixture.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import { decisionTreeClassifier } from '../decision-tree/decision-tree-classifier.ts';
import { decisionTreeRegressor } from '../decision-tree/decision-tree-regressor.ts';
import { gradientBoostingClassifier } from '../gradient-boosting/gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from '../gradient-boosting/gradient-boosting-regressor.ts';
import { randomForestClassifier } from '../random-forest/random-forest-classifier.ts';
import { randomForestRegressor } from '../random-forest/random-forest-regressor.ts';
import { ridge } from '../ridge/ridge.ts';
import { type ShapValues, shapValues } from './shap-values.ts';
import { treeEnsembleOf } from './tree-ensemble.ts';

const { x, y, classes } = draw(21, { rows: 400, missing: 0.1 });
const two = classes.map((c) => (c > 0 ? 'high' : 'low'));

/** Models with the sums that their values explain. */
const fits: Readonly<Record<string, () => Promise<{ model: FittedModel; sums: Float64Array }>>> = {
  'a decision tree of values': async () => {
    const model = await decisionTreeRegressor({ maxDepth: 6 }).fit(x, y);
    return { model, sums: await model.predict(x) };
  },
  'a decision tree of classes': async () => {
    const model = await decisionTreeClassifier({ maxDepth: 5, classWeight: 'balanced' }).fit(x, classes);
    return { model, sums: (await model.predictProba(x)).data };
  },
  'a random forest of values': async () => {
    const model = await randomForestRegressor({ nEstimators: 12 }).fit(x, y);
    return { model, sums: await model.predict(x) };
  },
  'a random forest of classes': async () => {
    const model = await randomForestClassifier({ nEstimators: 12, maxDepth: 5 }).fit(x, classes);
    return { model, sums: (await model.predictProba(x)).data };
  },
  'boosting of values': async () => {
    const model = await gradientBoostingRegressor({ nEstimators: 15 }).fit(x, y);
    return { model, sums: await model.predict(x) };
  },
  'boosting of two classes': async () => {
    const model = await gradientBoostingClassifier({ nEstimators: 15 }).fit(x, two);
    return { model, sums: (await model.decisionFunction(x)).data };
  },
  'boosting of three classes': async () => {
    const model = await gradientBoostingClassifier({ nEstimators: 8 }).fit(x, classes);
    return { model, sums: (await model.decisionFunction(x)).data };
  },
};

for (const [name, fit] of Object.entries(fits)) {
  test(`values and base value sum to the prediction, and are those of the definition: ${name}`, async () => {
    const { model, sums } = await fit();
    const { outputs } = await shapValues(model, x);
    assert.equal(sums.length, x.rows * outputs.length);
    for (const [k, { values, baseValue }] of outputs.entries()) {
      for (let i = 0; i < x.rows; i++) {
        const sum = values.row(i).reduce((a, b) => a + b, baseValue);
        const wanted = sums[i * outputs.length + k]!;
        // Both are sums of up to a hundred terms of order 1, in another order.
        assert.ok(Math.abs(sum - wanted) < 1e-12, `row ${i}, output ${k}: ${sum} ≠ ${wanted}`);
      }
    }
    const problem = treeEnsembleOf(model, 'test');
    for (const i of [0, 7, 399]) {
      for (const [k, wanted] of bruteForceShap(problem, x.row(i)).entries()) {
        const found = [...outputs[k]!.values.row(i), outputs[k]!.baseValue];
        // As above.
        for (const [j, value] of found.entries()) assert.ok(Math.abs(value - wanted[j]!) < 1e-12);
      }
    }
  });
}

test('outputs are named by class and say what they measure', async () => {
  const facts = async (model: FittedModel) => {
    const { outputs, unit } = await shapValues(model, x.take([0]));
    return [unit, ...outputs.map(({ label }) => label)];
  };
  const options = { nEstimators: 2 };
  assert.deepEqual(await facts(await gradientBoostingClassifier(options).fit(x, two)), ['score', 'low']);
  assert.deepEqual(await facts(await gradientBoostingClassifier(options).fit(x, classes)), [
    'score',
    0,
    1,
    2,
  ]);
  assert.deepEqual(await facts(await randomForestClassifier(options).fit(x, two)), [
    'probability',
    'high',
    'low',
  ]);
  assert.deepEqual(await facts(await randomForestRegressor(options).fit(x, y)), ['value', null]);
});

test('the mean prediction of the training rows is the base value of a tree', async () => {
  const model = await decisionTreeRegressor({ maxDepth: 4 }).fit(x, y);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  // Another order of 400 terms.
  assert.ok(Math.abs((await shapValues(model, x)).outputs[0]!.baseValue - mean) < 1e-12);
});

test('columns are matched by name, one that no tree asks for gets 0, and results do not depend on threads', async () => {
  const records = x.toRows().map(([a, b, c]) => ({ a: a!, b: b!, nothing: 1, c: c! }));
  const model = await gradientBoostingRegressor({ nEstimators: 20 }).fit(records, y);
  const swapped = records.map(({ a, b, nothing, c }) => ({ c, nothing, b, a, more: 5 }));
  const known = await shapValues(model, records, { threads: 1 });
  const found = await shapValues(model, swapped, { threads: 2 });
  assert.deepEqual(found.names, ['a', 'b', 'nothing', 'c']);
  assert.deepEqual(found.outputs[0]!.values, known.outputs[0]!.values);
  assert.ok(found.outputs[0]!.values.column(2).every((value) => value === 0));
  const inline: ShapValues = await shapValues(model, records.slice(0, 2));
  assert.deepEqual(inline.outputs[0]!.values.data, known.outputs[0]!.values.data.slice(0, 8));
});

test('a saved model is explained as before: all that is needed is in its trees', async () => {
  const { restoreModel } = await import('../../define/factory.ts');
  const model = await gradientBoostingRegressor({ nEstimators: 5 }).fit(x, y);
  const record = JSON.parse(JSON.stringify(model.record().specification));
  const restored = await restoreModel(
    { ...model.record(), specification: record },
    () => gradientBoostingRegressor as never,
  );
  assert.deepEqual((await shapValues(restored, x)).outputs, (await shapValues(model, x)).outputs);
});

test('other models, other columns and an aborted signal are refused', async () => {
  const linear = await ridge().fit([[1], [2]], [1, 2]);
  await assert.rejects(shapValues(linear, [[1]]), {
    code: 'model/no-method',
    message: /gradient boosting, not ridge/,
  });
  const model = await randomForestRegressor({ nEstimators: 40 }).fit(x, y);
  await assert.rejects(shapValues(model, [[1, 2]]), { code: 'data/column-count' });
  await assert.rejects(shapValues(model, x, { signal: AbortSignal.abort() }), AbortError);
});
