import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Cell, Frame } from '../core/frame.ts';
import { customers, trainedOn } from '../monitor/churn.fixture.ts';
import { openPredictionLog } from '../monitor/log/open-prediction-log.ts';
import { readLog } from '../monitor/log/read-log.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import { csv, folderOf, heddle } from './run.fixture.ts';

const { path: model } = await trainedOn('churn');
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const features = (table: Frame) => table.select(['visits', 'price', 'plan']);
const csvOf = (table: Frame) => csv(Object.fromEntries(table.names.map((name) => [name, table.texts(name)])));
const dearer = (table: Frame) =>
  table.with('price', { kind: 'number', values: table.numbers('price').map((price) => price + 8) });

/** A log with one day of 300 predictions per table. */
async function logOf(path: string, days: readonly Frame[], name = 'churn', version: number | null = null) {
  await using log = await openPredictionLog(path);
  for (const [d, table] of days.entries()) {
    const records = features(table).toRecords() as Record<string, Cell>[];
    log.append(
      records.map((row, i) => {
        const at = START + d * DAY + i * 60_000;
        const sure = Number(row.price) - 50 - (10 / 3) * (Number(row.visits) - 10);
        const yes = 1 / (1 + Math.exp(-sure / 6));
        const prediction = yes > 0.5 ? 'yes' : 'no';
        return { id: `d${d}-${i}`, at, model: name, version, row, prediction, probabilities: [1 - yes, yes] };
      }),
    );
  }
}

async function logged(t: TestContext) {
  const folder = folderOf(t);
  const log = folder.path('predictions.db');
  await logOf(log, [customers(11, 300), customers(12, 300), dearer(customers(13, 300))]);
  return { ...folder, log };
}

test('a table like the training exits with 0, a changed one with 2 and the column in words', async (t) => {
  const { file } = folderOf(t);
  const same = await heddle('monitor', model, '--data', file('same.csv', csvOf(customers(2, 400))));
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout, /400 rows: fine\n {2}steady +3 features: visits, price, plan/);
  const changed = file('changed.csv', csvOf(dearer(customers(3, 400)).drop(['plan'])));
  const ran = await heddle('monitor', model, '--data', changed);
  assert.equal(ran.code, 2);
  assert.match(ran.stdout, /quality +plan +is missing: the model was trained with it/);
  assert.match(ran.stdout, /feature +price +mean [\d.]+ → [\d.]+ \(\+0\.\d+ sd\) +0\.\d+ > 0\.\d+/);
  assert.match(ran.stdout, /steady +1 feature: visits/);
});

test('a log is looked at day by day, and the drifted day is the one that alarms', async (t) => {
  const { log, path } = await logged(t);
  const alerts = path('alerts.jsonl');
  const ran = await heddle(
    'monitor',
    model,
    '--log',
    log,
    '--window',
    '1d',
    '--alert',
    `file:${alerts}`,
    '--json',
  );
  assert.equal(ran.code, 2, ran.stderr);
  const { windows } = ran.json;
  assert.deepEqual(
    windows.map(({ rows, alarms }: { rows: number; alarms: unknown[] }) => [rows, alarms.length > 0]),
    [
      [300, false],
      [300, false],
      [300, true],
    ],
  );
  assert.equal(windows[2].from, '2026-01-03T00:00:00.000Z');
  const [alert, ...others] = readFileSync(alerts, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(others.length, 0);
  assert.equal(alert.model, 'churn');
  assert.ok(alert.alarms.some(({ column }: { column: string }) => column === 'price'));
  const before = await heddle('monitor', model, '--log', log, '--until', '2026-01-03');
  assert.equal(before.code, 0, before.stdout);
  const last = await heddle('monitor', model, '--log', log, '--since', '2026-01-03', '--ignore', 'price');
  assert.doesNotMatch(last.stdout, /feature +price/);
});

test('corrections by file are counted, kept once, and measured by monitor', async (t) => {
  const { log, file } = await logged(t);
  const truth = customers(11, 300).texts('churn');
  const rows = { id: truth.map((_, i) => `d0-${i}`), label: truth };
  const corrections = file(
    'corrections.csv',
    csv({ id: [...rows.id, 'nobody'], label: [...rows.label, 'yes'] }),
  );
  const first = await heddle('feedback', log, '--file', corrections, '--author', 'office');
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stdout, '301 entries: 300 stored, 0 replaced, 0 known before, 1 unknown\n');
  assert.match(first.stderr, /no prediction nobody/);
  const again = await heddle('feedback', log, '--file', corrections, '--author', 'office', '--json');
  assert.deepEqual(again.json, { entries: 301, stored: 0, replaced: 0, duplicate: 300, unknown: 1 });
  const one = await heddle('feedback', log, '--id', 'd0-0', '--label', 'maybe', '--author', 'office');
  assert.match(one.stdout, /1 replaced/);
  assert.equal((await readLog(log, { last: 900 })).labels[0], 'maybe');
  const ran = await heddle('monitor', model, '--log', log, '--window', '1d');
  assert.match(ran.stdout, /2026-01-01 .* 300 labelled/);
  assert.match(
    ran.stdout,
    /performance +on 300 labelled rows \(100%\):\n +accuracy 0\.\d+ \(0\.\d+ to 0\.\d+\), in training/,
  );
  // The same truths by file, without touching the log.
  const labels = file(
    'labels.csv',
    csv({ id: truth.map((_, i) => `d1-${i}`), label: customers(12, 300).texts('churn') }),
  );
  const with1 = await heddle('monitor', model, '--log', log, '--window', '1d', '--labels', labels, '--json');
  assert.equal(with1.json.windows[1].performance.rows, 300);
});

test('a webhook gets the alert, and one that is down is told of without hiding the alarm', async (t) => {
  const { log } = await logged(t);
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    bodies.push(body);
    response.writeHead(bodies.length === 1 ? 200 : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const args = ['monitor', model, '--log', log, '--since', '2026-01-03', '--alert', url];
  const taken = await heddle(...args);
  assert.equal(taken.code, 2);
  assert.equal(taken.stderr, '');
  assert.equal(JSON.parse(bodies[0]!).model, 'churn');
  const refused = await heddle(...args);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /could not be delivered to http:\/\/127\.0\.0\.1:\d+: it answered 404/);
});

test('a version of a registry is looked at by its own predictions', async (t) => {
  const { path } = folderOf(t);
  const folder = path('registry');
  {
    using registry = await openRegistry(folder);
    await registry.register('churn', model, { aliases: ['champion'] });
  }
  const log = path('predictions.db');
  await logOf(log, [customers(21, 200)], 'churn', 1);
  await logOf(path('other.db'), [customers(21, 50)], 'other', 7);
  const ran = await heddle('monitor', 'churn@champion', '--registry', folder, '--log', log, '--json');
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual([ran.json.model, ran.json.version, ran.json.windows[0].rows], ['churn', 1, 200]);
  const none = await heddle('monitor', 'churn', '--registry', folder, '--log', path('other.db'));
  assert.equal(none.code, 1);
  assert.match(none.stderr, /no predictions of churn@1\. It has those of other@7/);
});

test('a watch sends an alert once and ends when it is interrupted', async (t) => {
  const { log, path } = await logged(t);
  const { run } = await import('./main.ts');
  const controller = new AbortController();
  let lines = '';
  const stdout = {
    write: (text: string) => {
      lines += text;
      if (lines.trimEnd().split('\n').length >= 2) controller.abort();
    },
  };
  const alerts = path('alerts.jsonl');
  const args = [
    '--log',
    log,
    '--since',
    '2026-01-03',
    '--watch',
    '0.01',
    '--json',
    '--alert',
    `file:${alerts}`,
  ];
  const code = await run(['monitor', model, ...args], {
    stdout,
    stderr: { write: () => true },
    signal: controller.signal,
  });
  assert.equal(code, 2);
  assert.ok(lines.trimEnd().split('\n').length >= 2);
  assert.equal(readFileSync(alerts, 'utf8').trimEnd().split('\n').length, 1);
});

test('what does not go together is refused with what to do', async (t) => {
  const { path, file } = folderOf(t);
  const data = file('rows.csv', csvOf(customers(2, 20)));
  const refused = async (message: RegExp, ...args: string[]) => {
    const ran = await heddle(...args);
    assert.equal(ran.code, 1, args.join(' '));
    assert.match(ran.stderr, message);
  };
  await refused(/either --log FILE.* or --data/, 'monitor', model);
  await refused(/--window is for --log/, 'monitor', model, '--data', data, '--window', '1d');
  await refused(/no such file/, 'monitor', model, '--log', path('none.db'));
  await refused(/stdout, file:PATH or a URL/, 'monitor', model, '--data', data, '--alert', 'mail');
  await refused(
    /no threshold 'missin'.*'missing'/,
    'monitor',
    model,
    '--data',
    data,
    '--threshold',
    'missin=1',
  );
  await refused(/NAME=NUMBER/, 'monitor', model, '--data', data, '--threshold', 'missing');
  await refused(/leave out --alert stdout/, 'monitor', model, '--data', data, '--json', '--alert', 'stdout');
  await refused(/needs --id ID with --label/, 'feedback', data, '--id', 'x');
  await refused(/no such file/, 'feedback', path('none.db'), '--id', 'x', '--label', '1');
  assert.equal(existsSync(path('none.db')), false);
  await refused(/no prediction log/, 'feedback', data, '--id', 'x', '--label', '1');
});
