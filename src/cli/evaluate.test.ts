import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ridge } from '../models/ridge/ridge.ts';
import { saveModel } from '../store/model-file.ts';
import { csv, folderOf, heddle } from './run.fixture.ts';

const table = { x: [1, 2, 3, 4, 5, 6], y: [2.5, 4.1, 6.2, 8.4, 9.9, 12.3] };

test('a model saved by a program is evaluated when told the target', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('xy.csv', csv(table));
  const model = await ridge().fit(
    table.x.map((x) => ({ x })),
    table.y,
  );
  await saveModel(model, path('own.heddle'));
  const without = await heddle('evaluate', path('own.heddle'), data);
  assert.match(
    without.stderr,
    /evaluate needs --target COL: '.*own\.heddle' does not say which column it predicts/,
  );
  const { json } = await heddle('evaluate', path('own.heddle'), data, '--target', 'y', '--json');
  assert.equal(json.model, 'ridge');
  assert.ok(json.metrics.r2 > 0.9);
});

test('classes that the model does not know are told, and figures of probabilities are then undefined', async (t) => {
  const { file, path } = folderOf(t);
  const grades = {
    x: [1, 2, 8, 9, 1, 9, 2, 8, 1, 9],
    grade: ['a', 'a', 'b', 'b', 'a', 'b', 'a', 'b', 'a', 'b'],
  };
  await heddle('train', file('g.csv', csv(grades)), '--target', 'grade', '--out', path('g.heddle'));
  const other = file('other.csv', csv({ x: [1, 9, 5], grade: ['a', 'b', 'c'] }));
  const { json } = await heddle('evaluate', path('g.heddle'), other, '--json');
  assert.deepEqual([json.metrics.unknownClasses, json.metrics.logLoss], [['c'], null]);
  const { stdout } = await heddle('evaluate', path('g.heddle'), other);
  assert.match(stdout, /classes that the model does not know: c/);
});

test('a model trained with weights is evaluated with them, or says that the table lacks them', async (t) => {
  const { file, path } = folderOf(t);
  const weight = [1, 5, 1, 5, 1, 5];
  const data = file('w.csv', csv({ ...table, weight }));
  await heddle('train', data, '--target', 'y', '--weight', 'weight', '--out', path('w.heddle'));
  const weighted = await heddle('evaluate', path('w.heddle'), data, '--json');
  const plain = await heddle('evaluate', path('w.heddle'), file('xy.csv', csv(table)), '--json');
  assert.notEqual(weighted.json.metrics.rmse, plain.json.metrics.rmse);
  assert.match(plain.stderr, /warning: .*weights from 'weight', which the table lacks/);
  assert.equal(plain.json.warnings.length, 1);
});
