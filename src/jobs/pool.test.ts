import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { JobOptions, UserFunctions } from './job.ts';
import { runJob } from './pool.ts';
import { defaultThreads } from './threads.ts';

const module = new URL('./tasks.fixture.ts', import.meta.url).href;

function run<R>(
  name: string,
  payload: unknown = null,
  options: JobOptions & { functions?: UserFunctions } = {},
) {
  return runJob<unknown, R>({ module, name, payload, ...options });
}

test('payload and result cross threads, shared memory stays shared', async () => {
  const shared = new Float64Array(new SharedArrayBuffer(16));
  const result = await run<{ shared: Float64Array; own: Float64Array }>('echo', {
    shared,
    own: Float64Array.of(1, 2),
  });
  result.shared[1] = 7;
  assert.deepEqual([...shared], [0, 7]);
  assert.deepEqual([...result.own], [1, 2]);
});

test('jobs beyond the number of processors wait their turn', async () => {
  const counters = new Int32Array(new SharedArrayBuffer(4));
  const most = Math.max(2, defaultThreads());
  const seen = await Promise.all(Array.from({ length: 3 * most }, () => run<number>('overlap', counters)));
  assert.ok(Math.max(...seen) <= most);
});

test('a job that starts while another runs gets the threads that are left, at least one', async () => {
  const counters = new Int32Array(new SharedArrayBuffer(4));
  const first = run('overlap', counters, { threads: defaultThreads() });
  assert.equal(await run<number>('threadsGranted'), 1);
  await first;
  assert.equal(await run<number>('threadsGranted', null, { threads: 3 }), 3);
});

test('the number of threads may change from job to job', async () => {
  for (const threads of [2, 1, 3, 2]) assert.equal(await run<number>('meet', null, { threads }), 5 * threads);
});

test('a thread that holds much kernel memory is not kept', async () => {
  await run('grow', null, { threads: 1 });
  assert.ok((await run<number>('heldBytes', null, { threads: 1 })) < 300 * 2 ** 20);
});

test('results that are dropped are freed, though no collection counts shared memory', async () => {
  for (let i = 0; i < 30; i++) await run('large', 100);
  // Three gigabytes went by; two threads keep up to 256 MiB each between collections.
  assert.ok(process.memoryUsage.rss() < 1.5 * 2 ** 30);
});

test("a user's function answers or throws into the job", async () => {
  const double = (value: number) => {
    if (value === 5) throw new RangeError('no fives');
    return 2 * value;
  };
  assert.deepEqual(await run('askTwice', null, { functions: { double } }), [8, 'no fives']);
});

test('an aborted signal starts nothing; one that fires while waiting leaves the queue', async () => {
  await assert.rejects(run('echo', null, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
  const counters = new Int32Array(new SharedArrayBuffer(4));
  const busy = Array.from({ length: Math.max(2, defaultThreads()) }, () => run('overlap', counters));
  const abort = new AbortController();
  const waiting = run('echo', null, { signal: abort.signal });
  setTimeout(() => abort.abort(), 5);
  await assert.rejects(waiting, { code: 'job/aborted' });
  await Promise.all(busy);
});

test('bad requests are named', async () => {
  await assert.rejects(run('nothing'), { code: 'job/no-task', message: /'nothing'/ });
  await assert.rejects(run('echo', null, { threads: 0 }), { code: 'option/invalid', message: /threads/ });
});

test('the process ends by itself after jobs, and from code given on the command line', () => {
  const pool = new URL('./pool.ts', import.meta.url).href;
  const code = `
    const { runJob } = await import('${pool}');
    const sums = await Promise.all([1, 2].map((threads) => runJob({ module: '${module}', name: 'meet', payload: null, threads })));
    console.log(sums.join());`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 20_000,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^5,(5|10)\n$/);
});
