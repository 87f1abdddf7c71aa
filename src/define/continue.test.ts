import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { elasticNet } from '../models/elastic-net/elastic-net.ts';
import { lasso } from '../models/elastic-net/lasso.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';

const x = Frame.fromColumns({ a: [1, 2, 3, 5], b: [4, 5, 7, 6] });
const y = [1, 2, 3, 5];

test('a fit continues with its columns in the order of the earlier model', async () => {
  const from = await lasso({ alpha: 0.01 }).fit(x, y);
  const reordered = await lasso({ alpha: 0.01 }).fit(x.select(['b', 'a']), y, { from });
  assert.deepEqual(reordered.schema.names, ['a', 'b']);
  assert.deepEqual(reordered.coef, (await lasso({ alpha: 0.01 }).fit(x, y, { from })).coef);
});

test('a model to continue from must be of the same kind, columns, targets and classes', async () => {
  const from = await lasso().fit(x, y);
  await assert.rejects(elasticNet().fit(x, y, { from }), {
    code: 'option/invalid',
    message: /elastic-net cannot continue from a?.*lasso/,
  });
  const wider = x.with('c', x.column('a'));
  await assert.rejects(lasso().fit(wider, y, { from }), {
    code: 'data/column-count',
    message: /2 columns, but x has 3/,
  });
  await assert.rejects(lasso().fit(wider.drop(['a']), y, { from }), {
    code: 'data/missing-column',
    message: /'a'/,
  });
  const twoTargets = y.map((value) => [value, -value]);
  await assert.rejects(lasso().fit(x, twoTargets, { from: from as never }), { code: 'data/other-shape' });
  const classifier = await logisticRegression().fit(x, ['n', 'n', 'y', 'y']);
  await assert.rejects(logisticRegression().fit(x, ['n', 'n', 'z', 'z'], { from: classifier }), {
    code: 'data/other-classes',
    message: /\["n","y"\], but y has \["n","z"\]/,
  });
});

test('a model fitted without names takes named columns by position', async () => {
  const model = await lasso({ alpha: 0.01 }).fit(x.toMatrix().toRows(), y);
  assert.deepEqual(await model.predict(x), await model.predict(x.toMatrix().toRows()));
});
