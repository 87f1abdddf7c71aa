import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { HeddleError } from '../../../core/errors.ts';
import type { Frame } from '../../../core/frame.ts';
import { RandomState } from '../../../core/random.ts';
import { inlineJob, runInlineAsync } from '../../../jobs/inline.ts';
import type { JobWarning } from '../../../jobs/job.ts';
import { closeIdleThreads } from '../../../jobs/pool.ts';
import { query } from '../query.ts';
import { readParquet, readRelation } from '../read-parquet.ts';
import { parseParquet } from './parse-parquet.ts';

/** Files as base64, written by pyarrow: parity/parquet_files.py. */
const fixtures = new Map<string, Buffer>(
  Object.entries(
    JSON.parse(
      readFileSync(new URL('../../../../parity/fixtures/parquet-files.json', import.meta.url), 'utf8'),
    ) as Record<string, string>,
  ).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
);
/** Columns of types that only DuckDB reads, or as text only, in files of all types. */
const OTHERS = ['i64 beyond', 'u64 beyond', 'ts ns utc', 'd9', 'd18', 'd30', 't', 'nothing'];

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-parquet-'));
});
after(async () => {
  await rm(folder, { recursive: true });
  await closeIdleThreads();
});

/** Everything a frame holds, in a form that tells NaN, −0 and missing apart. */
function contents(frame: Frame) {
  const bits = (values: ArrayBufferView) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
  return frame.entries().map(([name, column]) =>
    column.kind === 'string'
      ? { name, kind: column.kind, codes: [...column.codes], levels: column.levels }
      : {
          name,
          kind: column.kind,
          values: bits(column.values),
          missing: column.missing && [...column.missing],
        },
  );
}

interface Reading {
  readonly columns?: readonly string[] | undefined;
  readonly maxRows?: number | undefined;
}

/** The same file by both readers, and the names of the columns that ours left. */
async function both(path: string, { columns, maxRows }: Reading = {}) {
  const warnings: JobWarning[][] = [[], []];
  const watch = (i: number) => ({ onWarning: (warning: JobWarning) => void warnings[i]!.push(warning) });
  const own = await readParquet(path, { columns, maxRows, ...watch(0) });
  const sources = [{ name: path, path }];
  const oracle = await readRelation(
    sources,
    { columns, maxRows },
    watch(1),
    '.parquet',
    (paths) => `read_parquet(${paths})`,
  );
  assert.ok(isDeepStrictEqual(contents(own), contents(oracle)), `${path} differs`);
  assert.deepEqual(warnings[0], warnings[1]);
  const request = { inputs: sources, columns, maxRows, mostBytes: Number.POSITIVE_INFINITY };
  const part = await runInlineAsync((job) => parseParquet(request, job));
  return part === 'large' ? undefined : part?.rest;
}

async function place(name: string, bytes = fixtures.get(name)!): Promise<string> {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.parquet`);
  await writeFile(path, bytes);
  return path;
}

test('all types in all pages, codecs and encodings are what DuckDB reads, bit for bit', async () => {
  const rest: Record<string, readonly string[]> = {
    'all, plain': OTHERS,
    'all, snappy': OTHERS,
    'all, pages of version 2, small': OTHERS,
    'all, small': OTHERS,
    // INT96 for all timestamps; integers of 32 bits without a sign are of 64.
    'all, old': [...OTHERS, 'ts s', 'ts ms', 'ts us', 'ts ns'],
    required: [],
    'required, version 2': [],
    'dictionary that overflows': [],
    'brotli for one column': ['i32'],
    'rare encodings': ['f64', 'i32', 's'],
    checksums: [],
    'decimals as integers': [],
  };
  for (const [name, expected] of Object.entries(rest)) {
    const left = await both(await place(name));
    assert.deepEqual([...(left ?? [])].sort(), [...expected].sort(), name);
  }
  assert.equal(await both(await place('lz4')), undefined);
});

test('columns beside lists, structs and bytes are read; those are refused by name', async () => {
  const path = await place('nested');
  assert.deepEqual(await both(path, { columns: ['behind', 'before'] }), []);
  await assert.rejects(readParquet(path), { code: 'data/unsupported-column', message: /'list'/ });
  await assert.rejects(readParquet(path, { columns: ['before', 'bytes'] }), {
    code: 'data/unsupported-column',
    message: /'bytes'/,
  });
});

test('the first rows are read across pages and row groups', async () => {
  const path = await place('all, small');
  const columns = ['f64', 's', 'b', 's distinct', 'f64 few'];
  for (const maxRows of [1, 22, 23, 24, 47, 59, 60, 61]) {
    assert.deepEqual(await both(path, { columns, maxRows }), []);
  }
});

test('files that DuckDB writes are read in every codec and version', async () => {
  const columns = `i::INTEGER AS a, CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3 END AS b, 'level ' || (i * 7919 % 613) AS c,
    CASE WHEN i % 5 = 0 THEN NULL ELSE i % 3 = 0 END AS d, DATE '2026-01-01' + (i % 900)::INTEGER AS e,
    CASE WHEN i > 1000 AND i % 11 = 0 THEN NULL ELSE repeat('é', (i % 40)::INTEGER) END AS f, i / 8 AS g, 3 AS h, i::UTINYINT AS u`;
  for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd']) {
    const path = join(folder, `${codec}.parquet`);
    await query(
      `COPY (SELECT ${columns.replace('i::UTINYINT', '(i % 256)::UTINYINT')} FROM range(5000) t(i)) TO '${path}' (CODEC ${codec}, ROW_GROUP_SIZE 2048)`,
    );
    assert.deepEqual(await both(path), [], codec);
  }
  const path = join(folder, 'v2.parquet');
  await query(
    `COPY (SELECT i % 9 AS few, i % 2 = 0 AS b, 'x' || i % 4 AS s FROM range(5000) t(i)) TO '${path}' (PARQUET_VERSION V2)`,
  );
  await both(path);
});

test('the result does not depend on the threads; an abort ends them', async () => {
  const path = join(folder, 'threads.parquet');
  await query(
    `COPY (SELECT sqrt(i) AS a, CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3 END AS b, 'level ' || (i * 7919 % 6130) AS c, 'row ' || i AS d
      FROM range(40000) t(i)) TO '${path}' (ROW_GROUP_SIZE 6144)`,
  );
  const [one, two, three] = await Promise.all([1, 2, 3].map((threads) => readParquet(path, { threads })));
  assert.ok(one!.column('d').kind === 'string' && one!.rows === 40000);
  const expected = contents(one!);
  for (const other of [two!, three!]) assert.ok(isDeepStrictEqual(contents(other), expected));
  const controller = new AbortController();
  const aborted = readParquet(path, {
    threads: 2,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal((await readParquet(path, { threads: 2 })).rows, 40000);
});

test('pages of more rows than are taken at a time are read', async () => {
  const path = join(folder, 'long.parquet');
  await query(
    `COPY (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE sqrt(i) END AS a, CASE WHEN i % 5 = 0 THEN NULL ELSE i % 90 END AS b, sqrt(i) AS c,
      CASE WHEN i % 3 = 0 THEN NULL ELSE i % 4 = 0 END AS d, CASE WHEN i % 11 = 0 THEN NULL ELSE 'x' || i % 99 END AS e, i AS f
      FROM range(40000) t(i)) TO '${path}'`,
  );
  assert.deepEqual(await both(path), []);
});

test('several files are one table; with other columns DuckDB decides', async () => {
  const paths = [await place('required'), await place('required, version 2')];
  await writeFile(join(folder, 'many-1.parquet'), fixtures.get('required')!);
  await writeFile(join(folder, 'many-2.parquet'), fixtures.get('required, version 2')!);
  const frame = await readParquet(join(folder, 'many-*.parquet'));
  const [one, two] = [await readParquet(paths[0]!), await readParquet(paths[1]!)];
  assert.equal(frame.rows, one.rows + two.rows);
  assert.deepEqual(frame.toRecords(), [...one.toRecords(), ...two.toRecords()]);
  const levels = (of: Frame) => {
    const column = of.column('s distinct');
    return column.kind === 'string' && column.levels;
  };
  assert.deepEqual(levels(frame), levels(one));
  await writeFile(join(folder, 'other-1.parquet'), fixtures.get('checksums')!);
  await writeFile(join(folder, 'other-2.parquet'), fixtures.get('required')!);
  await assert.rejects(readParquet(join(folder, 'other-*.parquet')), { code: 'data/query-failed' });
});

test('a damaged file is an error that names it and the column', async () => {
  const whole = fixtures.get('required')!;
  const cut = Buffer.concat([whole.subarray(0, 3000), whole.subarray(4000)]);
  await assert.rejects(readParquet(await place('cut', cut)), {
    name: 'FileError',
    code: 'file/damaged',
    message: /cut\.parquet/,
  });
  const zeroed = Buffer.from(whole);
  zeroed.fill(0, 4, 400);
  await assert.rejects(readParquet(await place('zeroed', zeroed)), {
    name: 'FileError',
    code: 'file/damaged',
    message: /zeroed\.parquet, column 'f64 full' is damaged: .+/,
  });
  const long = Buffer.from(whole);
  long.writeUInt32LE(0x7fffffff, whole.length - 8);
  await assert.rejects(readParquet(await place('long', long)), { code: 'file/damaged', message: /footer/ });
});

test('no damage crashes the reader, keeps it busy or takes much memory', async () => {
  const random = new RandomState(7);
  const job = inlineJob();
  for (const name of ['all, snappy', 'all, pages of version 2, small', 'required', 'nested', 'checksums']) {
    const whole = fixtures.get(name)!;
    const footer = whole.readUInt32LE(whole.length - 8);
    for (let run = 0; run < 60; run++) {
      const bytes = Buffer.from(whole);
      // Half of the damage is done to the footer, which says most.
      const [from, to] =
        run % 2 === 0 ? [4, bytes.length - 4] : [bytes.length - 8 - footer, bytes.length - 4];
      for (let flips = 1 + (run % 4); flips > 0; flips--) {
        bytes[from! + (random.randint(0, to! - from!) as number)] = random.randint(0, 256) as number;
      }
      const inputs = [{ name: 'the file', bytes }];
      try {
        await parseParquet({ inputs, columns: undefined, maxRows: undefined, mostBytes: 2 ** 26 }, job);
      } catch (error) {
        assert.ok(error instanceof HeddleError, `${name}, run ${run}: ${(error as Error).stack}`);
        assert.equal(error.code, 'file/damaged');
      }
    }
  }
  assert.ok(job.team.memoryBytes < 2 ** 27);
});
