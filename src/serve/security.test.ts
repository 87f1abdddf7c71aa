import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { test } from 'node:test';
import { FileError, OptionError } from '../core/errors.ts';
import { addKey, removeKey } from './keys/key-file.ts';
import { ask, modelFiles, pathOf, post, rawConnection, row, startServer } from './serve.fixture.ts';
import { serve } from './serve.ts';

/** That the server still answers. */
async function isAlive(server: { readonly url: string }): Promise<void> {
  assert.equal((await post(server, { row })).status, 200);
}

test('without a key, with a wrong one and with the right one', async (t) => {
  const keys = pathOf('keys.json');
  const key = await addKey(keys, 'shop');
  const server = await startServer(t, (await modelFiles()).price, { keys });
  const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  const none = await post(server, { row });
  assert.deepEqual([none.status, none.json.error.code], [401, 'request/no-key']);
  assert.equal(none.headers.get('www-authenticate'), 'Bearer');
  for (const shown of [wrong, 'hdl_00000000_x', '', 'x'.repeat(5000), key.toUpperCase()]) {
    const answer = await post(server, { row }, { 'x-api-key': shown });
    assert.equal(answer.status, 401, shown.slice(0, 20));
  }
  assert.equal((await post(server, { row }, { authorization: `Bearer ${key}` })).status, 200);
  assert.equal((await post(server, { row }, { 'x-api-key': key })).status, 200);
  for (const path of ['/model', '/metrics', '/openapi.json', '/docs/', '/docs/json']) {
    assert.equal((await ask(server, path)).status, 401, path);
  }
  for (const path of ['/healthz', '/readyz']) assert.equal((await ask(server, path)).status, 200, path);
});

test('a file of keys holds no key, and names only one key each', async () => {
  const keys = pathOf('more-keys.json');
  const key = await addKey(keys, 'first');
  await addKey(keys, 'second');
  const text = await readFile(keys, 'utf8');
  assert.ok(!text.includes(key.slice(13)), 'the secret part is not in the file');
  assert.equal((await stat(keys)).mode & 0o077, 0, 'only the owner reads it');
  await assert.rejects(addKey(keys, 'first'), OptionError);
  for (const name of ['../x', '', '=1+1', 'a'.repeat(65)])
    await assert.rejects(addKey(keys, name), OptionError);
  await removeKey(keys, 'first');
  await assert.rejects(removeKey(keys, 'first'), OptionError);
  writeFileSync(keys, '{"format":1,"keys":[{"name":"x"}]}');
  await assert.rejects(addKey(keys, 'third'), FileError);
});

test('keys that are added and removed count while the server runs', async (t) => {
  const keys = pathOf('changing-keys.json');
  const first = await addKey(keys, 'first');
  const server = await startServer(t, (await modelFiles()).price, { keys, pollMs: 10 });
  const second = await addKey(keys, 'second');
  await removeKey(keys, 'first');
  for (let tries = 0; (await post(server, { row }, { 'x-api-key': second })).status !== 200; tries++) {
    assert.ok(tries < 500, 'the new key is taken in the end');
  }
  assert.equal((await post(server, { row }, { 'x-api-key': first })).status, 401);
});

test('public documents need no key, and say so', async (t) => {
  const keys = pathOf('public-keys.json');
  await addKey(keys, 'shop');
  const server = await startServer(t, (await modelFiles()).price, { keys, docs: 'public' });
  const { status, json } = await ask(server, '/openapi.json');
  assert.equal(status, 200);
  assert.equal(json.components.securitySchemes.bearer.scheme, 'bearer');
  assert.equal((await ask(server, '/docs/')).status, 200);
  assert.equal((await ask(server, '/model')).status, 401);
});

test('requests beyond the rate of a client are refused until the minute is over', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, { rateLimit: 3 });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await post(server, { row })).status);
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  const refused = await post(server, { row });
  assert.equal(refused.json.error.code, 'request/rate');
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.equal((await ask(server, '/readyz')).status, 200);
});

test('a body of 100 MB is refused, whether it says its size or not, and is not held', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const megabyte = Buffer.alloc(1_000_000, 0x20);
  for (const headers of [{ 'content-length': '100000000' }, { 'transfer-encoding': 'chunked' }]) {
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(`${server.url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode!));
      });
      sent.on('error', reject);
      let left = 100;
      const more = () => {
        while (left-- > 0) {
          if (!sent.write(megabyte)) {
            sent.once('drain', more);
            return;
          }
        }
        sent.end();
      };
      more();
    });
    assert.equal(status, 413);
    assert.match((await ask(server, '/metrics')).text, /\nheddle_body_bytes_in_flight 0\n/);
    await isAlive(server);
  }
});

test('what is no request of rows is a clean 400', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const deep = 100_000;
  const bodies: Readonly<Record<string, string | Uint8Array>> = {
    'nested lists': '['.repeat(deep),
    'nested lists, closed': `{"rows":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    'nested objects in a cell': `{"row":{"size":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}}`,
    'nested in a large list of rows': `{"rows":[${'['.repeat(400_000)}${']'.repeat(400_000)}]}`,
    'one endless row': `{"rows":[{"size":"${'x'.repeat(3_000_000)}"}]}`,
    '__proto__ as a row': '{"row":{"__proto__":{"size":1}}}',
    '__proto__ beside the row': `{"row":${JSON.stringify(row)},"__proto__":{"x":1}}`,
    '__proto__ in escapes': '{"rows":[{"\\u005f_proto__":{"size":1}}]}',
    'a constructor instead of rows': '{"constructor":{"prototype":{"size":1}}}',
    NaN: '{"row":{"size":NaN}}',
    'an infinity by its exponent': JSON.stringify({ row: { ...row, size: 0 } }).replace(
      '"size":0',
      '"size":1e999',
    ),
    'malformed UTF-8': Buffer.concat([
      Buffer.from('{"row":{"place":"'),
      Buffer.of(0xff, 0xc0),
      Buffer.from('"}}'),
    ]),
    'UTF-16': Buffer.from('{"row":{}}', 'utf16le'),
    nothing: '',
    text: 'hello',
    number: '1',
    'both forms': '{"row":{},"rows":[]}',
    'rows that are none': '{"rows":[1,null,[],"x"]}',
    'wrong columns': '{"rows":[{"a":1}]}',
  };
  for (const [what, body] of Object.entries(bodies)) {
    const answer = await post(server, body);
    assert.ok([400, 413].includes(answer.status), `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
    assert.ok(answer.text.length < 2000, `${what} is answered shortly`);
    assert.equal(typeof answer.json.error.code, 'string', what);
  }
  assert.equal(({} as { size?: number }).size, undefined);
  await isAlive(server);
});

test('a column that is called like a property of every object is a column like others', async (t) => {
  const { Frame } = await import('../core/frame.ts');
  const { ridge } = await import('../models/ridge/ridge.ts');
  const { saveModel } = await import('../store/model-file.ts');
  const x = Frame.fromColumns({ constructor: [1, 2, 3, 5], toString: [2, 1, 1, 0] } as never);
  await saveModel(await ridge().fit(x, [1, 2, 3, 4]), pathOf('odd.heddle'));
  const server = await startServer(t, pathOf('odd.heddle'));
  assert.equal((await post(server, '{"row":{"constructor":1,"toString":2}}')).status, 200);
  const without = await post(server, '{"row":{"toString":2}}');
  assert.equal(without.json.error.code, 'data/missing-column');
});

test('too many rows, other media types and other encodings are refused', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, { maxRows: 3 });
  const many = await post(server, { rows: [row, row, row, row] });
  assert.deepEqual([many.status, many.json.error.code], [413, 'request/too-many-rows']);
  const csv = await post(server, `size,rooms,place,garden,sold\n${'1,1,west,true,2025-01-01\n'.repeat(4)}`, {
    type: 'text/csv',
  });
  assert.deepEqual([csv.status, csv.json.error.code], [413, 'request/too-many-rows']);
  for (const type of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'nonsense',
    'a/b/c',
  ]) {
    const answer = await post(server, { row }, { type });
    assert.deepEqual([answer.status, answer.json.error.code], [415, 'request/media-type'], type);
  }
  assert.equal((await post(server, 'a,b\n1,2', { path: '/feedback', type: 'text/csv' })).status, 415);
  await isAlive(server);
});

test('CSV that is none is a clean 400', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const texts: readonly (string | Uint8Array)[] = [
    '',
    '\n\n',
    'size',
    'a,b\n1,2\n',
    '"open',
    'size,rooms,place,garden,sold\n1,2\n',
    'size,rooms,place,garden,sold\n1,,west,true,2025-01-01\n',
    'size,rooms,place,garden,sold\n1,inf,west,true,2025-01-01\n',
    Buffer.of(0xff, 0xfe, 0x41),
    '\0'.repeat(1000),
    `${'x,'.repeat(100_000)}\n`,
  ];
  for (const text of texts) {
    const answer = await post(server, text, { type: 'text/csv' });
    assert.equal(answer.status, 400, `${String(text).slice(0, 60)}: ${answer.text.slice(0, 300)}`);
  }
  await isAlive(server);
});

test('paths that climb find nothing', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const paths = [
    '/docs/static/../../../../../../etc/passwd',
    '/docs/static/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/docs/static/..%2f..%2f..%2fpackage.json',
    '/docs/static/....//....//package.json',
    '/model/../../etc/passwd',
    '/%00',
    '/docs/static/%c0%ae%c0%ae/x',
  ];
  for (const path of paths) {
    const socket = rawConnection(server);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    assert.match(await socket.closed_, /^HTTP\/1\.1 4\d\d /, path);
  }
  await isAlive(server);
});

test('names that climb are no models of a registry', async () => {
  for (const name of ['../secret', '..', 'a/b', 'house@../x', 'house@@', '\0', 'x'.repeat(500)]) {
    await assert.rejects(serve(name, { registry: pathOf('registry'), port: 0 }), (error) => {
      assert.ok(error instanceof OptionError || error instanceof FileError, String(error));
      return true;
    });
  }
});

test('a hostile model file is refused by name', async () => {
  const good = await readFile((await modelFiles()).price);
  const header = Number(good.readBigUInt64LE(0));
  const damaged: Readonly<Record<string, Buffer>> = {
    empty: Buffer.alloc(0),
    'endless header': Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), good.subarray(8)]),
    'cut off': good.subarray(0, good.length - 10),
    'changed text': Buffer.from(good.toString('latin1').replace('pipeline', 'pipeliny'), 'latin1'),
    'changed numbers': Buffer.concat([
      good.subarray(0, 8 + header),
      Buffer.from(good.subarray(8 + header).map((byte) => byte ^ 1)),
    ]),
    'no safetensors': Buffer.from('MZ\x90\0'.repeat(100)),
  };
  for (const [what, bytes] of Object.entries(damaged)) {
    const path = pathOf('hostile.heddle');
    writeFileSync(path, bytes);
    await assert.rejects(serve(path, { port: 0 }), (error) => {
      assert.ok(error instanceof FileError && error.message.includes('hostile.heddle'), `${what}: ${error}`);
      return true;
    });
  }
});

test('slow senders are cut off, by their head and by their body', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, {
    headersTimeoutMs: 400,
    requestTimeoutMs: 800,
  });
  const head = rawConnection(server);
  head.write('POST /predict HTTP/1.1\r\nhost: x\r\nx-slow');
  const body = rawConnection(server);
  body.write(
    'POST /predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"r',
  );
  const lines = rawConnection(server);
  lines.write(
    'POST /predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000\r\n\r\n{"r',
  );
  assert.match(await head.closed_, /^HTTP\/1\.1 408 /);
  assert.match(await body.closed_, /^HTTP\/1\.1 408 .*request\/timeout/s);
  assert.match(await lines.closed_, /^HTTP\/1\.1 200 .*request\/timeout/s);
  await isAlive(server);
});

test('garbage after a good request is refused without harm to it', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const body = JSON.stringify({ row });
  const good = `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const piped = rawConnection(server);
  piped.write(`${good}${good}\x16\x03\x01 garbage\r\n\r\n`);
  const text = await piped.closed_;
  assert.ok(!/HTTP\/1\.1 5/.test(text), text);
  for (const nonsense of [
    '\x16\x03\x01\0\0',
    'GET\r\n\r\n',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
  ]) {
    const socket = rawConnection(server);
    socket.write(nonsense);
    assert.match(await socket.closed_, /^HTTP\/1\.1 4\d\d /);
  }
  const both = rawConnection(server);
  both.write(
    `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /model HTTP/1.1\r\n\r\n`,
  );
  assert.match(await both.closed_, /^HTTP\/1\.1 400 /);
  await isAlive(server);
});

test('a client that leaves in the middle takes nothing with it', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  for (let i = 0; i < 20; i++) {
    const socket = rawConnection(server);
    socket.write(
      'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"row":{',
    );
    await new Promise(setImmediate);
    socket.destroy();
    await socket.closed_;
  }
  await isAlive(server);
  for (let tries = 0; ; tries++) {
    const { text } = await ask(server, '/metrics');
    if (text.includes('\nheddle_requests_in_flight 0\n')) break;
    assert.ok(tries < 200, 'every request has left');
  }
});
