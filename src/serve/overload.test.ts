import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { saveModel } from '../store/model-file.ts';
import { hold, patient } from './patient.fixture.ts';
import { ask, modelFiles, pathOf, post, rawConnection, row, startServer } from './serve.fixture.ts';

async function patientServer(t: Parameters<typeof startServer>[0], options = {}) {
  await saveModel(await patient().fit(Frame.fromColumns({ a: [1, 2] }), [1, 2]), pathOf('patient.heddle'));
  return startServer(t, pathOf('patient.heddle'), { models: [patient], ...options });
}

/** Resolves once a metric has a value. */
async function until(server: { readonly url: string }, line: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if ((await ask(server, '/metrics')).text.includes(`\n${line}\n`)) return;
  }
  assert.fail(`${line} never came`);
}

test('beyond the requests that may be in work there is 503 with Retry-After, and afterwards 200 again', async (t) => {
  const server = await patientServer(t, { maxRequestsInFlight: 3 });
  const release = hold();
  const taken = [1, 2, 3].map((a) => post(server, { row: { a } }));
  await until(server, 'heddle_requests_in_flight 3');
  const refused = await post(server, { row: { a: 4 } });
  assert.deepEqual([refused.status, refused.json.error.code], [503, 'request/overloaded']);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal((await ask(server, '/readyz')).status, 200);
  release();
  for (const answer of await Promise.all(taken))
    assert.deepEqual([answer.status, answer.json.prediction], [200, 7]);
  assert.equal((await post(server, { row: { a: 4 } })).status, 200);
  await until(server, 'heddle_refused_total 1');
});

test('beyond the rows that may be in work there is 503, but the first request always gets in', async (t) => {
  const server = await patientServer(t, { maxRowsInFlight: 5 });
  const release = hold();
  const first = post(server, { rows: Array.from({ length: 8 }, (_, a) => ({ a })) });
  await until(server, 'heddle_rows_in_flight 8');
  assert.equal((await post(server, { rows: [{ a: 1 }] })).status, 503);
  release();
  assert.equal((await first).status, 200);
  await until(server, 'heddle_rows_in_flight 0');
  assert.equal((await post(server, { rows: [{ a: 1 }] })).status, 200);
});

test('beyond the bytes that may be held there is 503', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, { maxBytesInFlight: 2000 });
  const slow = rawConnection(server);
  slow.write(
    'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n',
  );
  slow.write(' '.repeat(1950));
  await until(server, 'heddle_body_bytes_in_flight 1950');
  assert.equal((await post(server, { row })).status, 503);
  slow.destroy();
  await until(server, 'heddle_body_bytes_in_flight 0');
  assert.equal((await post(server, { row })).status, 200);
});

test('an answer that takes too long is a 503, whether the model stops or not', async (t) => {
  const server = await patientServer(t, { requestTimeoutMs: 500 });
  const release = hold();
  for (const body of [{ row: { a: 1 } }, { rows: [{ a: 1 }] }]) {
    const answer = await post(server, body);
    assert.deepEqual([answer.status, answer.json.error.code], [503, 'job/aborted']);
  }
  release();
  let status = 0;
  // What the model had begun comes first.
  for (let tries = 0; tries < 100 && status !== 200; tries++)
    status = (await post(server, { row: { a: 1 } })).status;
  assert.equal(status, 200);
});

test('many more requests than the server can take give only 200 and 503, and then 200', async (t) => {
  const server = await startServer(t, (await modelFiles()).price, { maxRequestsInFlight: 20 });
  const counts = new Map<number, number>();
  const rows = Array.from({ length: 100 }, () => row);
  await Promise.all(
    Array.from({ length: 120 }, async () => {
      const { status } = await post(server, { rows });
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }),
  );
  assert.deepEqual(
    [...counts.keys()].filter((status) => status !== 200 && status !== 503),
    [],
  );
  assert.ok(counts.get(200)! > 0);
  assert.equal((await post(server, { row })).status, 200);
});
