import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionError } from '../core/errors.ts';
import { readCsv } from '../data/read/read-csv.ts';
import {
  ask,
  CLASSES,
  classModel,
  houses,
  jsonRow,
  modelFiles,
  post,
  priceModel,
  row,
  startServer,
} from './serve.fixture.ts';
import { serve } from './serve.ts';

const rows = Array.from({ length: houses.rows }, (_, i) => jsonRow(houses, i));

test('a single row and a list of rows get the bits that predict gives', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const expected = [...(await (await priceModel()).predict(houses))];
  const many = await post(server, { rows });
  assert.equal(many.status, 200);
  assert.deepEqual(
    many.json.predictions.map(({ prediction }: { prediction: number }) => prediction),
    expected,
  );
  assert.deepEqual(many.json.model, { name: 'price', version: null });
  const singles = await Promise.all(rows.map((each) => post(server, { row: each })));
  assert.deepEqual(
    singles.map(({ json }) => json.prediction),
    expected,
  );
  const ids = [...many.json.predictions, ...singles.map(({ json }) => json)].map(({ id }) => id);
  assert.equal(new Set(ids).size, 2 * rows.length);
});

test('a classifier answers with classes and probabilities by class', async (t) => {
  const server = await startServer(t, (await modelFiles()).label);
  const model = await classModel();
  const classes = await model.predict(houses);
  const probabilities = (await model.predictProba(houses)).toRows();
  const { json } = await post(server, { rows });
  for (const [i, answer] of json.predictions.entries()) {
    assert.equal(answer.prediction, classes[i]);
    assert.deepEqual(Object.keys(answer.probabilities), CLASSES);
    assert.deepEqual(Object.values(answer.probabilities), probabilities[i]);
  }
  const single = await post(server, { row });
  assert.deepEqual(Object.values(single.json.probabilities), probabilities[1]);
});

test('CSV in gives CSV out in the same order, formulas made harmless', async (t) => {
  const server = await startServer(t, (await modelFiles()).label);
  const lines = rows.map(({ size, rooms, place, garden, sold }) => [
    sold,
    place,
    size ?? '',
    rooms,
    garden,
    'x',
  ]);
  const text = [['sold', 'place', 'size', 'rooms', 'garden', 'unknown'], ...lines]
    .map((line) => line.join(','))
    .join('\n');
  const answer = await post(server, text, { type: 'text/csv' });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, /^text\/csv/);
  assert.ok(!/(?:^|,)"?=/m.test(answer.text), 'no cell begins with =');
  const table = await readCsv({ text: answer.text });
  const classes = await (await classModel()).predict(houses);
  assert.deepEqual(
    table.texts('prediction'),
    classes.map((label) => (label.startsWith('=') ? `'${label}` : label)),
  );
  assert.deepEqual(table.names, ['id', 'prediction', 'probability_=1+1', 'probability_dear']);
  const asJson = await post(server, text, { type: 'text/csv', accept: 'application/json' });
  assert.equal(asJson.json.predictions.length, rows.length);
  const fromJson = await post(server, { rows }, { accept: 'text/csv' });
  assert.equal(fromJson.text.split('\n').length, rows.length + 2);
});

test('lines of JSON are answered line by line, bad ones by an error of their own', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const expected = await (await priceModel()).predict(houses);
  const lines = rows.map((each) => JSON.stringify(each));
  lines.splice(2, 0, '{"size": ', '');
  const many = Array.from({ length: 20 }, () => lines.join('\r\n')).join('\n');
  const answer = await post(server, many, { type: 'application/x-ndjson' });
  assert.equal(answer.status, 200);
  const answers = answer.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(answers.length, 20 * (rows.length + 1));
  assert.equal(answers[1].prediction, expected[1]);
  assert.equal(answers[2].error.code, 'request/bad-json');
  assert.equal(answers[2].line, 2);
  assert.equal(answers[3].prediction, expected[2]);
  assert.equal(answers.at(-1).prediction, expected.at(-1));
});

test('a stream of lines is answered while it is still being sent', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  let send: (text: string | null) => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => (text === null ? controller.close() : controller.enqueue(Buffer.from(text)));
    },
  });
  send(`${JSON.stringify(row)}\n`);
  const response = await fetch(`${server.url}/predict`, {
    ...{ method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/x-ndjson' } },
    signal: AbortSignal.timeout(20_000),
  } as RequestInit);
  const reader = response.body!.getReader();
  const first = Buffer.from((await reader.read()).value!).toString();
  assert.equal(typeof JSON.parse(first).prediction, 'number');
  send(`${JSON.stringify(row).slice(0, 10)}`);
  send(`${JSON.stringify(row).slice(10)}`);
  send(null);
  const second = Buffer.from((await reader.read()).value!).toString();
  assert.equal(JSON.parse(second).prediction, JSON.parse(first).prediction);
  assert.equal((await reader.read()).done, true);
});

test('wrong rows are refused by row and column, and the others of the same moment are answered', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const { size: _, ...without } = row;
  const [missing, kind, good, unknown, gap] = await Promise.all([
    post(server, { row: { ...without, sise: 3 } }),
    post(server, { row: { ...row, garden: 'yes' } }),
    post(server, { row: { ...row, more: [1] } }),
    post(server, { row: { ...row, place: 'moon', size: null } }),
    post(server, { rows: [row, { ...row, rooms: null }] }),
  ]);
  assert.equal(missing.status, 400);
  assert.match(missing.json.error.message, /no column 'size'.*Did you mean 'sise'/);
  assert.equal(kind.json.error.code, 'data/column-kind');
  assert.match(kind.json.error.message, /'garden' holds "yes", but takes true or false/);
  assert.equal(good.status, 200);
  assert.equal(unknown.status, 200);
  assert.equal(gap.status, 400);
  assert.deepEqual(gap.json.error.details, { row: 1, column: 'rooms' });
  const csv = await post(server, 'size,rooms,place,garden,sold\n1,many,north,true,2025-01-01\n', {
    type: 'text/csv',
  });
  assert.equal(csv.status, 400);
  assert.match(csv.json.error.message, /'rooms'/);
});

test('an empty list is answered by an empty list', async (t) => {
  const server = await startServer(t, (await modelFiles()).label);
  assert.deepEqual((await post(server, { rows: [] })).json.predictions, []);
});

test('a large body is parsed in slices and answered as a small one', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const many = Array.from({ length: 4000 }, (_, i) => rows[i % rows.length]!);
  const { json } = await post(server, { rows: many });
  const expected = await (await priceModel()).predict(houses);
  assert.deepEqual(
    json.predictions.map(({ prediction }: { prediction: number }) => prediction),
    many.map((_, i) => expected[i % rows.length]),
  );
});

test('the model is described with the columns it needs and the values it saw', async (t) => {
  const server = await startServer(t, (await modelFiles()).label);
  const { json } = await ask(server, '/model');
  assert.equal(json.name, 'label');
  assert.deepEqual(json.classes, CLASSES);
  const byName = Object.fromEntries(json.columns.map((column: { name: string }) => [column.name, column]));
  assert.deepEqual(Object.keys(byName), houses.names);
  assert.equal(byName.size.acceptsMissing, true);
  assert.equal(byName.rooms.acceptsMissing, false);
  assert.deepEqual(byName.place.levels, ['north', 'south', 'west']);
});

test('the OpenAPI document describes rows and predictions of this model', async (t) => {
  const server = await startServer(t, (await modelFiles()).label);
  const { json } = await ask(server, '/openapi.json');
  assert.equal(json.openapi, '3.1.0');
  const { Row, Prediction } = json.components.schemas;
  assert.deepEqual(Row.required, houses.names);
  assert.deepEqual(Row.properties.size.type, ['number', 'null']);
  assert.equal(Row.properties.rooms.type, 'number');
  assert.equal(Row.properties.sold.type, 'string');
  assert.deepEqual(Row.properties.place.examples, ['north', 'south', 'west']);
  assert.deepEqual(Prediction.properties.prediction.enum, CLASSES);
  assert.equal((await post(server, { row: Row.example })).status, 200);
  assert.equal(json.paths['/feedback'], undefined);
});

test('the page to try it comes from this server alone', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const page = await ask(server, '/docs/');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy')!, /default-src 'self'.*script-src 'self';/);
  assert.ok(!/(?:src|href)="(?:https?:)?\/\//.test(page.text));
  const scripts = [...page.text.matchAll(/src="([^"]+)"/g)].map(([, path]) => path!.replace(/^\./, '/docs'));
  assert.ok(scripts.length >= 2);
  for (const script of scripts) assert.equal((await ask(server, script)).status, 200, script);
  assert.equal((await ask(server, '/docs/json')).json.info.title, 'price');
  const none = await startServer(t, (await modelFiles()).price, { docs: 'none' });
  assert.equal((await ask(none, '/docs/')).status, 404);
});

test('health, readiness and metrics tell how the server is', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  await post(server, { rows: [row, row] });
  await post(server, { rows: [{}] });
  assert.deepEqual((await ask(server, '/healthz')).json, { status: 'ok' });
  assert.equal((await ask(server, '/readyz')).json.status, 'ready');
  const { text } = await ask(server, '/metrics');
  for (const line of [
    'heddle_requests_total{route="/predict",status="200"} 1',
    'heddle_requests_total{route="/predict",status="400"} 1',
    'heddle_rows_total 2',
    'heddle_requests_in_flight 0',
    'heddle_model_info{name="price",version="file"} 0',
    'heddle_model_stale 0',
    'heddle_log_dropped_total 0',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), line);
  }
  assert.match(text, /heddle_request_duration_seconds_bucket\{le="\+Inf",route="\/predict"\} 2/);
  assert.match(text, /nodejs_eventloop_lag_seconds/);
});

test('addresses and methods that are not there are told apart', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const nowhere = await ask(server, '/preditc');
  assert.deepEqual([nowhere.status, nowhere.json.error.code], [404, 'request/not-found']);
  const method = await ask(server, '/predict');
  assert.deepEqual([method.status, method.headers.get('allow')], [405, 'POST']);
});

test('bad sources and options are refused by name, before anything listens', async () => {
  await assert.rejects(serve('no-such.heddle', { port: 0 }), /no-such\.heddle/);
  await assert.rejects(serve((await modelFiles()).price, { prot: 1 } as never), /Did you mean 'port'/);
  await assert.rejects(
    serve((await modelFiles()).price, { port: 0, host: '0.0.0.0' }),
    (error) => error instanceof OptionError && error.code === 'serve/no-keys',
  );
  await using first = await serve((await modelFiles()).price, { port: 0, drainGraceMs: 0 });
  await assert.rejects(serve((await modelFiles()).price, { port: first.port }), /another program listens/);
});

test('lines of the log tell route, status and rows, and values only when asked', async (t) => {
  const lines: string[] = [];
  const options = {
    logLevel: 'info' as const,
    logStream: { write: (text: string) => void lines.push(text) },
  };
  const quiet = await startServer(t, (await modelFiles()).price, options);
  await post(quiet, { row: { ...row, place: 'my-secret-place' } });
  await post(quiet, { row: { ...row, rooms: 'my-secret-rooms' } });
  await ask(quiet, '/model?name=my-secret-name');
  await quiet.close();
  const text = lines.join('');
  assert.ok(!text.includes('my-secret'), text);
  const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  assert.deepEqual(
    requests.map(({ route, status, rows }) => [route, status, rows]),
    [
      ['/predict', 200, 1],
      ['/predict', 400, 0],
      ['/model', 200, undefined],
    ],
  );
  lines.length = 0;
  const open = await startServer(t, (await modelFiles()).price, { ...options, logValues: true });
  await post(open, { row });
  await open.close();
  const values = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'values');
  assert.equal(values.predictions[0].row.place, row.place);
});
