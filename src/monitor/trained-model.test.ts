import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { fingerprintTable } from '../select/fingerprint-table.ts';
import { trainTable } from '../select/train-table.ts';
import { saveModel } from '../store/model-file.ts';
import { featureDrift } from './drift/feature-drift.ts';
import { loadTrained, saveTrained, trainedFacts } from './trained-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-trained-'));
after(() => rmSync(folder, { recursive: true }));

const houses = Frame.fromColumns({
  size: Array.from({ length: 60 }, (_, i) => 40 + ((i * 37) % 100)),
  town: Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 'Ames' : 'Nevada')),
  price: Array.from({ length: 60 }, (_, i) => 2.5 * (40 + ((i * 37) % 100)) + (i % 3 === 0 ? 9.5 : 0)),
});

test('a saved model remembers how to train it again, its table and what its training rows looked like', async () => {
  const options = { target: 'price', model: 'ridge', modelOptionTexts: { alpha: '0.25' }, seed: 7 };
  const trained = await trainTable(houses, options);
  const path = join(folder, 'house.heddle');
  await saveTrained(trained, options, houses, path, { source: 'houses.csv' });
  const { model, table, reference, predicted } = await loadTrained(path);

  assert.deepEqual(table!.data, {
    source: 'houses.csv',
    fingerprint: await fingerprintTable(houses),
    rows: 60,
    columns: 3,
  });
  assert.equal(table!.isChosen, false);
  assert.deepEqual(table!.options!.modelOptions, trained.choice.specification.toJSON().options);
  const again = await trainTable(houses, table!.options!);
  assert.deepEqual(again.evaluation, trained.evaluation);
  assert.deepEqual(await model.predict(houses), await trained.model.predict(houses));

  assert.deepEqual(
    reference!.columns.map(({ name, kind, present }) => [name, kind, present]),
    [
      ['size', 'number', 48],
      ['town', 'string', 48],
      ['price', 'number', 48],
    ],
  );
  const moved = houses.with('size', {
    kind: 'number',
    values: houses.numbers('size').map((size) => 2 * size + 60),
  });
  assert.deepEqual(featureDrift(reference!, houses).drifted, []);
  assert.deepEqual(featureDrift(reference!, moved).drifted, ['size']);
  assert.equal(predicted!.rows, 12);
  assert.equal(predicted!.columns[0]!.name, 'prediction');
});

test('a model without these facts loads, and damaged ones are refused', async () => {
  const path = join(folder, 'plain.heddle');
  const plain = await ridge().fit([[1], [2], [4]], [1, 2, 3]);
  await saveModel(plain, path);
  const { table, reference, predicted } = await loadTrained(path);
  assert.deepEqual([table, reference, predicted], [undefined, undefined, undefined]);
  assert.throws(() => trainedFacts({ summary: { ...plain.summary, reference: { rows: 3 } } as never }), {
    code: 'data/bad-summary',
  });
});
