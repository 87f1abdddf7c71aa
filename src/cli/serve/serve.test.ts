import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Frame } from '../../core/frame.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { readLog } from '../../monitor/log/read-log.ts';
import { saveModel } from '../../store/model-file.ts';
import { folderOf, heddle } from '../run.fixture.ts';

const command = fileURLToPath(new URL('../../../bin/heddle.js', import.meta.url));

async function modelIn(t: TestContext) {
  const folder = folderOf(t);
  const x = Frame.fromColumns({ a: [1, 2, 3, 4], b: [1, 0, 2, 5] });
  await saveModel(await ridge().fit(x, [1, 2, 3, 4]), folder.path('line.heddle'));
  return { ...folder, model: folder.path('line.heddle') };
}

/** The command as a process of its own, once it answers. */
async function served(t: TestContext, ...flags: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [command, 'serve', ...flags, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr!.on('data', (chunk) => {
    errors += chunk;
  });
  let text = '';
  for await (const chunk of child.stdout!) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  assert.notEqual(text, '', errors);
  return { child, url: JSON.parse(text).url };
}

const post = (url: string, body: string, type = 'application/json') =>
  fetch(`${url}/predict`, { method: 'POST', body, headers: { 'content-type': type } });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} is told at once, what comes meanwhile is answered, the log is whole, and the exit code is 0`, async (t) => {
    const { model, path } = await modelIn(t);
    const log = path('log.db');
    const { child, url } = await served(t, model, '--log', log, '--drain-grace', '2');
    assert.equal((await post(url, '{"row":{"a":1,"b":2}}')).status, 200);
    // A stream in the middle of its rows when the signal comes.
    let send: (text: string) => void = () => {};
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (text) => controller.enqueue(Buffer.from(text));
        end = () => controller.close();
      },
    });
    send('{"a":1,"b":1}\n');
    const streamed = await fetch(`${url}/predict`, {
      ...{ method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/x-ndjson' } },
    } as RequestInit);
    const exit = once(child, 'exit');
    child.kill(signal);
    let status = 200;
    while (status === 200) status = (await fetch(`${url}/readyz`)).status;
    assert.equal(status, 503);
    const late = await post(url, '{"rows":[{"a":1,"b":2},{"a":3,"b":2}]}');
    assert.equal(late.status, 200);
    assert.equal(late.headers.get('connection'), 'close');
    await late.text();
    send('{"a":2,"b":1}\n');
    end();
    assert.equal((await streamed.text()).trimEnd().split('\n').length, 2);
    assert.deepEqual(await exit, [0, null]);
    assert.equal((await readLog(log)).ids.length, 5);
  });
}

test('work that does not end is cut off at the deadline, and the exit code is 0 all the same', async (t) => {
  const { model } = await modelIn(t);
  const { child, url } = await served(t, model, '--drain-grace', '0', '--drain-deadline', '0.3');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from('{"a":1,"b":1}\n'));
    },
  });
  const endless = await fetch(`${url}/predict`, {
    ...{ method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/x-ndjson' } },
  } as RequestInit);
  const cut = assert.rejects(endless.text());
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  await cut;
});

test('keys are made, listed and removed, and a key is shown once', async (t) => {
  const { path } = folderOf(t);
  const keys = path('keys.json');
  const made = await heddle('serve', 'keys', 'add', 'shop', '--keys', keys);
  assert.equal(made.code, 0);
  assert.match(made.stdout, /^hdl_[0-9a-f]{8}_[\w-]{43}\n$/);
  const listed = await heddle('serve', 'keys', 'list', '--keys', keys);
  assert.match(listed.stdout, /^name +id +made\nshop +/);
  assert.ok(!listed.stdout.includes(made.stdout.trim()));
  assert.equal((await heddle('serve', 'keys', 'add', 'shop', '--keys', keys)).code, 1);
  assert.equal((await heddle('serve', 'keys', 'remove', 'shop', '--keys', keys)).code, 0);
  assert.deepEqual((await heddle('serve', 'keys', 'list', '--keys', keys, '--json')).json, { keys: [] });
  assert.match((await heddle('serve', 'keys', 'add', 'shop')).stderr, /--keys FILE/);
});

test('an open door is refused with the flags that help, and so are wrong models and flags', async (t) => {
  const { model } = await modelIn(t);
  const open = await heddle('serve', model, '--host', '0.0.0.0', '--port', '0');
  assert.equal(open.code, 1);
  assert.match(open.stderr, /--keys FILE and --no-auth/);
  assert.match((await heddle('serve', 'nothing.heddle')).stderr, /no such file/);
  assert.match((await heddle('serve', model, '--prot', '1')).stderr, /--port/);
  assert.match((await heddle('serve', '--help')).stdout, /heddle serve house@champion/);
  assert.match((await heddle('serve')).stderr, /needs MODEL/);
});
