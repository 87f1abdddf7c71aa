import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from '../../../core/frame.ts';
import type { JobOptions, JobWarning } from '../../../jobs/job.ts';
import { closeIdleThreads } from '../../../jobs/pool.ts';
import { query } from '../query.ts';
import { readRelation } from '../read-parquet.ts';

const ROWS = 130_000;
let folder = '';
let path = '';
let faulty = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-shares-'));
  path = join(folder, 'wide.parquet');
  faulty = join(folder, 'faulty.parquet');
  const columns = `i::INTEGER AS a, CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3 END AS b, 'level ' || (i * 7919 % 613) AS c,
    CASE WHEN i % 5 = 0 THEN NULL ELSE i % 3 = 0 END AS d, DATE '2026-01-01' + (i % 900)::INTEGER AS e,
    CASE WHEN i % 11 = 0 THEN NULL ELSE repeat('é', (i % 40)::INTEGER) END AS f,
    CASE WHEN i = 100000 THEN 9007199254740993 ELSE i END AS g, TIME '01:02:03' AS h`;
  await query(
    `COPY (SELECT ${columns} FROM range(${ROWS}) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 50000)`,
  );
  await query(
    `COPY (SELECT ${columns}, [i] AS list, {'i': i} AS struct FROM range(${ROWS}) t(i)) TO '${faulty}'`,
  );
});
after(async () => {
  await rm(folder, { recursive: true });
  await closeIdleThreads();
});

/** A Parquet file as DuckDB reads it; there are shares of that only. */
function read(
  path: string,
  { columns, ...job }: JobOptions & { columns?: readonly string[] | undefined } = {},
) {
  const relation = (paths: string) => `read_parquet(${paths})`;
  return readRelation([{ name: path, path }], { columns, maxRows: undefined }, job, '.parquet', relation);
}

/** Columns with their bytes as hashes: a difference in large arrays takes minutes to print. */
function columnsOf(frame: Frame) {
  const hash = (array: ArrayBufferView | undefined) =>
    array &&
    createHash('sha256')
      .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      .digest('hex');
  return frame.entries().map(([name, column]) =>
    column.kind === 'string'
      ? {
          name,
          kind: column.kind,
          values: hash(column.codes),
          levels: hash(Buffer.from(column.levels.join('\n'))),
        }
      : { name, kind: column.kind, values: hash(column.values), missing: hash(column.missing) },
  );
}

test('columns shared among threads are those that one thread reads, with the same warnings', async () => {
  const readWith = async (threads: number) => {
    const warnings: JobWarning[] = [];
    const frame = await read(path, { threads, onWarning: (warning) => warnings.push(warning) });
    return { columns: columnsOf(frame), warnings, rows: frame.rows };
  };
  const expected = await readWith(1);
  assert.equal(expected.rows, ROWS);
  assert.deepEqual(
    expected.warnings.map(({ code }) => code),
    ['data/big-integers'],
  );
  for (const threads of [2, 3]) assert.deepEqual(await readWith(threads), expected);
});

test('the order and the repetition of chosen columns do not depend on the threads', async () => {
  const columns = ['h', 'f', 'a', 'f', 'c', 'b', 'd', 'e', 'g'];
  const one = await read(path, { columns, threads: 1 });
  assert.deepEqual(one.names, ['h', 'f', 'a', 'f.1', 'c', 'b', 'd', 'e', 'g']);
  assert.deepEqual(columnsOf(await read(path, { columns, threads: 2 })), columnsOf(one));
});

test('the first column that cannot be held is named, whichever thread has it; the threads stay usable', async () => {
  for (const threads of [1, 2, 3]) {
    for (const columns of [undefined, ['struct', 'a', 'b', 'c', 'd', 'e', 'list', 'f', 'g']]) {
      await assert.rejects(read(faulty, { columns, threads }), {
        code: 'data/unsupported-column',
        message: columns === undefined ? /'list'/ : /'struct'/,
      });
    }
  }
  assert.equal((await read(path, { threads: 2 })).rows, ROWS);
});

test('an abort while threads share the columns stops them', async () => {
  const controller = new AbortController();
  await assert.rejects(
    read(path, { threads: 2, signal: controller.signal, onProgress: () => controller.abort() }),
    { name: 'AbortError' },
  );
  assert.equal((await read(path, { threads: 2 })).rows, ROWS);
});
