import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { saveModel } from '../store/model-file.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import { ask, modelFiles, pathOf, post, priceModel, row, startServer } from './serve.fixture.ts';

test('when the alias moves, the new version takes over without a failed request, and back', async (t) => {
  const folder = pathOf('swap-registry');
  using registry = await openRegistry(folder);
  await saveModel(await priceModel(1000), pathOf('higher.heddle'));
  await registry.register('house', (await modelFiles()).price, {
    aliases: ['champion'],
    metrics: { r2: 0.5 },
  });
  await registry.register('house', pathOf('higher.heddle'));
  const server = await startServer(t, 'house@champion', { registry: folder, pollMs: 20 });
  assert.deepEqual(server.model, { name: 'house', version: 1 });
  assert.equal((await ask(server, '/model')).json.metrics.r2, 0.5);
  const expected = [await priceModel(), await priceModel(1000)].map((model) =>
    model.predictRow({ ...row, sold: new Date(row.sold as string) }),
  );
  const seen = new Map<number, number>();
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const { status, json, text } = await post(server, { row });
      assert.equal(status, 200, text);
      // The answer is that of the version it names.
      assert.equal(json.prediction, expected[json.model.version - 1]);
      seen.set(json.model.version, (seen.get(json.model.version) ?? 0) + 1);
    }
  };
  const clients = Array.from({ length: 8 }, client);
  for (const version of [2, 1, 2]) {
    const before = seen.get(version) ?? 0;
    registry.setAlias('house', 'champion', version);
    while ((seen.get(version) ?? 0) < before + 20) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  isOver = true;
  await Promise.all(clients);
  assert.equal(server.model.version, 2);
  const { text } = await ask(server, '/metrics');
  assert.match(text, /heddle_model_swaps_total\{result="swapped"\} 3/);
  assert.match(text, /heddle_model_info\{name="house",version="2"\} 2/);
});

test('a version that cannot be loaded leaves the old one, and is told', async (t) => {
  const folder = pathOf('bad-registry');
  using registry = await openRegistry(folder);
  await registry.register('house', (await modelFiles()).price, { aliases: ['champion'] });
  await saveModel(await priceModel(5), pathOf('spoilt.heddle'));
  const bad = await registry.register('house', pathOf('spoilt.heddle'));
  writeFileSync(registry.path(bad), 'not a model any more');
  const server = await startServer(t, 'house', { registry: folder });
  registry.setAlias('house', 'champion', 2);
  assert.equal(await server.refresh(), false);
  assert.equal((await post(server, { row })).json.model.version, 1);
  const ready = await ask(server, '/readyz');
  assert.equal(ready.status, 200);
  assert.equal(ready.json.failure.version, 2);
  assert.match((await ask(server, '/metrics')).text, /\nheddle_model_stale 1\n/);
  await saveModel(await priceModel(7), pathOf('good.heddle'));
  await registry.register('house', pathOf('good.heddle'), { aliases: ['champion'] });
  assert.equal(await server.refresh(), true);
  assert.equal((await ask(server, '/readyz')).json.failure, null);
  assert.equal(server.model.version, 3);
});

test('a name without alias or version, and one that is not there', async (t) => {
  const folder = pathOf('plain-registry');
  using registry = await openRegistry(folder);
  await registry.register('house', (await modelFiles()).label);
  const server = await startServer(t, 'house', { registry });
  assert.deepEqual(server.model, { name: 'house', version: 1 });
  await server.close();
  assert.equal(registry.versions('house').length, 1, 'a registry of the caller stays open');
  await assert.rejects(startServer(t, 'hause', { registry }), /Did you mean 'house'/);
});
