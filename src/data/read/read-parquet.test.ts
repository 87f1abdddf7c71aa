import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closeIdleThreads } from '../../jobs/pool.ts';
import { query } from './query.ts';
import { readParquet } from './read-parquet.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-parquet-'));
  for (const part of [1, 2]) {
    await query(`COPY (SELECT i + ${part} * 10 AS i, 'part ${part}' AS part, TIME '01:02:03' AS t, [i] AS list, NULL::DOUBLE AS n
      FROM range(3) t(i)) TO '${join(folder, `part-${part}.parquet`)}' (FORMAT parquet)`);
  }
});
after(async () => {
  await rm(folder, { recursive: true });
  await closeIdleThreads();
});

test('chosen columns of several files are read in order; times become text', async () => {
  const frame = await readParquet(join(folder, 'part-*.parquet'), { columns: ['part', 'i', 't', 'n'] });
  assert.deepEqual(frame.names, ['part', 'i', 't', 'n']);
  assert.deepEqual(frame.take([0, 5]).toRecords(), [
    { part: 'part 1', i: 10, t: '01:02:03', n: null },
    { part: 'part 2', i: 22, t: '01:02:03', n: null },
  ]);
});

test('bytes are read, and rows can be limited', async () => {
  const bytes = await readFile(join(folder, 'part-1.parquet'));
  assert.deepEqual((await readParquet(bytes, { columns: ['i'], maxRows: 2 })).toRecords(), [
    { i: 10 },
    { i: 11 },
  ]);
});

test('lists, missing columns, missing files and other files are errors that name them', async () => {
  const path = join(folder, 'part-1.parquet');
  await assert.rejects(readParquet(path), { code: 'data/unsupported-column', message: /'list'/ });
  await assert.rejects(readParquet(path, { columns: ['prat'] }), {
    code: 'data/missing-column',
    message: /Did you mean 'part'/,
  });
  await assert.rejects(readParquet(join(folder, 'none.parquet')), { code: 'file/not-found' });
  await assert.rejects(readParquet({ text: 'no parquet at all' }), {
    code: 'data/query-failed',
    message: /the text/,
  });
  await assert.rejects(readParquet(path, { colums: ['i'] } as never), { message: /'columns'/ });
});
