import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Feedback, LoggedPrediction, PredictionLog } from '../monitor/log/prediction-log.ts';
import { readLog } from '../monitor/log/read-log.ts';
import { addKey } from './keys/key-file.ts';
import {
  ask,
  CLASSES,
  houses,
  jsonRow,
  modelFiles,
  pathOf,
  post,
  row,
  startServer,
} from './serve.fixture.ts';

const label = (value: unknown) => ({ kind: 'label', value });
const feedback = { path: '/feedback' };

test('predictions and what users say of them are kept with their rows', async (t) => {
  const file = pathOf('predictions.db');
  const server = await startServer(t, (await modelFiles()).label, { log: file });
  const single = (await post(server, { row: { ...row, size: null, more: 'x' } })).json;
  const many = (await post(server, { rows: [row, jsonRow(houses, 2)] })).json.predictions;
  const csv = await post(server, `size,rooms,place,garden,sold\n1,2,west,true,2025-01-02\n`, {
    type: 'text/csv',
  });
  const lines = await post(server, JSON.stringify(row), { type: 'application/x-ndjson' });
  const first = await post(server, { predictionId: single.id, said: label('dear'), author: 'me' }, feedback);
  assert.deepEqual([first.status, first.json.outcome], [201, 'stored']);
  const again = await post(server, { predictionId: single.id, said: label('dear'), author: 'me' }, feedback);
  assert.deepEqual([again.status, again.json.outcome], [200, 'duplicate']);
  const other = await post(server, { predictionId: single.id, said: label('=1+1'), author: 'me' }, feedback);
  assert.deepEqual([other.status, other.json.outcome], [200, 'replaced']);
  const none = await post(server, { predictionId: 'nothing', said: label('dear') }, feedback);
  assert.deepEqual([none.status, none.json.error.code], [404, 'request/unknown-prediction']);
  const better = { predictionId: many[0].id, said: { kind: 'preference', over: many[1].id } };
  assert.equal((await post(server, better, { ...feedback, 'idempotency-key': 'k' })).status, 201);
  assert.equal(
    (await post(server, better, { ...feedback, 'idempotency-key': 'k' })).json.outcome,
    'duplicate',
  );
  await server.close();
  const window = await readLog(file);
  const ids = [single.id, ...many.map(({ id }: { id: string }) => id)];
  ids.push(csv.text.split('\n')[1]!.split(',')[0]!, JSON.parse(lines.text).id);
  assert.deepEqual([...window.ids].sort(), [...ids].sort());
  const at = window.ids.indexOf(single.id);
  const { size, sold, ...rest } = window.rows.toRecords()[at]!;
  assert.equal(size, null);
  assert.deepEqual(sold, new Date(row.sold as string));
  assert.deepEqual(rest, { rooms: row.rooms, place: row.place, garden: row.garden });
  assert.equal(window.predictions[at], single.prediction);
  assert.deepEqual(window.probabilities[at], Object.values(single.probabilities));
  assert.equal(window.labels[at], CLASSES[0]);
});

test('feedback that does not fit is refused by its place', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, { log: pathOf('refused.db') });
  const { id } = (await post(server, { row })).json;
  const bad: readonly unknown[] = [
    { said: label(1) },
    { predictionId: id, said: label('dear') },
    { predictionId: id, said: { kind: 'rating', value: 2 } },
    { predictionId: id, said: { kind: 'guess', value: 2 } },
    { predictionId: id, said: label(1), more: 1 },
    { predictionId: '', said: label(1) },
    '{"predictionId":"x","said":{"kind":"label","value":NaN}}',
    '{"__proto__":{},"predictionId":"x","said":{"kind":"label","value":1}}',
    [],
  ];
  for (const body of bad) {
    const answer = await post(server, body, feedback);
    assert.equal(answer.status, 400, JSON.stringify(body));
  }
  assert.equal((await post(server, { predictionId: id, said: label(12.5) }, feedback)).status, 201);
});

test('without a log there is nothing to comment on', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const answer = await post(server, { predictionId: 'x', said: label(1) }, feedback);
  assert.deepEqual([answer.status, answer.json.error.code], [404, 'request/no-log']);
});

test('who says it is the key unless told, and a log of the caller is used as it is', async (t) => {
  const entries: Feedback[] = [];
  const kept: LoggedPrediction[] = [];
  let isFlushed = false;
  const log: PredictionLog = {
    path: 'memory',
    append: (predictions) => kept.push(...predictions),
    feedback: async (entry) => {
      entries.push(entry);
      return 'stored';
    },
    flush: async () => {
      isFlushed = true;
    },
    dropped: 3,
    queued: 2,
    [Symbol.asyncDispose]: async () => assert.fail('it is not the server that closes it'),
  };
  const keys = pathOf('feedback-keys.json');
  const key = await addKey(keys, 'shop');
  const server = await startServer(t, (await modelFiles()).price, { log, keys });
  const { id } = (await post(server, { row }, { 'x-api-key': key })).json;
  await post(server, { predictionId: id, said: label(1) }, { ...feedback, 'x-api-key': key });
  assert.equal(entries[0]!.author, 'shop');
  assert.equal(kept[0]!.id, id);
  const metrics = await ask(server, '/metrics', { headers: { 'x-api-key': key } });
  assert.match(metrics.text, /\nheddle_log_dropped_total 3\n/);
  const document = await ask(server, '/openapi.json', { headers: { 'x-api-key': key } });
  assert.ok(document.json.paths['/feedback'].post);
  await server.close();
  assert.equal(isFlushed, true);
});
