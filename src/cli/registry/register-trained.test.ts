import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { csv, folderOf, heddle } from '../run.fixture.ts';

const table = csv({
  a: Array.from({ length: 40 }, (_, i) => i % 13),
  b: Array.from({ length: 40 }, (_, i) => (i * 7) % 11),
  y: Array.from({ length: 40 }, (_, i) => (i % 13) * 2 + ((i * 7) % 11)),
});

test('train registers the model with its metrics, options and the fingerprint of its table', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('data.csv', table);
  const registry = path('registry');
  const flags = ['--target', 'y', '--model', 'ridge', '--register', 'house', '--registry', registry];
  const first = await heddle('train', data, ...flags, '--alias', 'champion');
  assert.equal(first.code, 0);
  assert.match(first.stdout, /\nregistered as house@1 \(champion\)\n$/);
  const second = await heddle('train', data, ...flags, '--json', '--set', 'alpha=5');
  assert.equal(second.json.registered.version, 2);
  const { json } = await heddle('registry', 'show', 'house@2', '--registry', registry, '--json');
  assert.equal(json.metrics.r2, second.json.metrics.r2);
  assert.equal(json.lineage.options.modelOptions.alpha, 5);
  assert.equal(json.lineage.dataSource, data);
  assert.match(json.lineage.dataFingerprint, /^[0-9a-f]{64}$/);
  assert.equal(json.lineage.rows, 40);
  assert.match(json.note, /^ridge: /);
  // Nothing to learn, but all the way: what train registered, retrain trains again.
  const again = await heddle('retrain', 'house', '--registry', registry, '--json');
  assert.equal(again.code, 3);
  assert.equal(again.json.comparison.gain, 0);
  const plain = await heddle('train', data, '--target', 'y', '--model', 'ridge', '--json');
  assert.equal(plain.json.registered, null);
});

test('what cannot be registered is said before the training', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('data.csv', table);
  const fails = async (flags: string[], message: RegExp) => {
    const { code, stdout, stderr } = await heddle(
      'train',
      data,
      '--target',
      'y',
      '--model',
      'ridge',
      ...flags,
    );
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  };
  await fails(['--alias', 'champion'], /--alias needs --register NAME/);
  await fails(['--register', '../up', '--registry', path('r')], /'\.\.\/up' cannot be the name of a model/);
  await fails(
    ['--register', 'house', '--alias', '3', '--registry', path('r')],
    /would be taken for the version/,
  );
  await fails(['--register', 'house', '--registry', data], /data\.csv/);
  assert.ok(!existsSync(path('r')));
  assert.deepEqual(readdirSync(path('.')), ['data.csv']);
});
