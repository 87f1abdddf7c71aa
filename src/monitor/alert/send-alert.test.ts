import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { appendAlert, makeAlert, parseAlertTarget, postAlert } from './send-alert.ts';

const alert = makeAlert({
  ...{ model: 'house', version: 3, rows: 100 },
  from: '2026-01-01T00:00:00.000Z',
  until: '2026-01-02T00:00:00.000Z',
  alarms: [{ check: 'feature-drift', column: 'size', message: 'mean 1 → 2', effect: 0.3, limit: 0.1 }],
});

/** A server that answers with `answers` in turn, and what it was sent. */
async function hook(t: TestContext, answers: ((response: ServerResponse) => void)[]) {
  const got: { key: string | undefined; body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    got.push({ key: request.headers['idempotency-key'] as string, body });
    answers[Math.min(got.length, answers.length) - 1]!(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret` };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end();

test('a webhook that is busy or fails is tried again with the same key, until it takes the alert', async (t) => {
  const { got, url } = await hook(t, [
    status(503, { 'retry-after': '0' }),
    (response) => response.destroy(),
    status(429),
    status(204),
  ]);
  await postAlert(alert, url, { backoffMs: 1 });
  assert.equal(got.length, 4);
  assert.deepEqual(new Set(got.map(({ key }) => key)), new Set([alert.key]));
  assert.deepEqual(JSON.parse(got[3]!.body), alert);
});

test('a refusal is final, attempts are bounded, and the message keeps the path secret', async (t) => {
  const refusing = await hook(t, [status(400)]);
  await assert.rejects(postAlert(alert, refusing.url, { backoffMs: 1 }), {
    code: 'alert/undelivered',
    message: /127\.0\.0\.1:\d+: it answered 400\.$/,
  });
  assert.equal(refusing.got.length, 1);
  const failing = await hook(t, [status(500)]);
  await assert.rejects(postAlert(alert, failing.url, { backoffMs: 1, attempts: 3 }), (error: Error) => {
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  assert.equal(failing.got.length, 3);
});

test('a webhook that does not answer is given up after its time, and an abort ends the waiting', async (t) => {
  const silent = await hook(t, [() => {}]);
  await assert.rejects(postAlert(alert, silent.url, { timeoutMs: 30, attempts: 2, backoffMs: 1 }), {
    message: /no answer within 0\.03 s/,
  });
  const controller = new AbortController();
  const busy = await hook(t, [status(503, { 'retry-after': '60' })]);
  const sending = postAlert(alert, busy.url, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(sending, { code: 'job/aborted' });
});

test('alerts are appended to a file, a line each', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-alert-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'alerts.jsonl');
  await Promise.all([appendAlert(alert, path), appendAlert(alert, path)]);
  const lines = readFileSync(path, 'utf8').split('\n');
  assert.equal(lines.length, 3);
  assert.deepEqual(JSON.parse(lines[1]!), alert);
  await assert.rejects(appendAlert(alert, join(folder, 'none', 'x')), { code: 'file/folder-missing' });
});

test('the key is that of the window and of what alarms, not of its last row', () => {
  const { key: _, ...facts } = alert;
  assert.equal(makeAlert({ ...facts, until: null, rows: 200 }).key, alert.key);
  assert.notEqual(makeAlert({ ...facts, from: null }).key, alert.key);
  assert.notEqual(makeAlert({ ...facts, alarms: [] }).key, alert.key);
});

test('targets are read from their texts', () => {
  assert.deepEqual(parseAlertTarget('stdout'), { kind: 'stdout' });
  assert.deepEqual(parseAlertTarget('file:a b.jsonl'), { kind: 'file', path: 'a b.jsonl' });
  assert.deepEqual(parseAlertTarget('https://x.example/y'), { kind: 'webhook', url: 'https://x.example/y' });
  for (const text of ['stderr', 'file:', 'ftp://x', '']) {
    assert.throws(() => parseAlertTarget(text), { code: 'option/invalid' });
  }
});
