import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { closeIdleThreads } from '../../jobs/pool.ts';
import { readCsv } from '../read/read-csv.ts';
import { readParquet } from '../read/read-parquet.ts';
import { writeCsv } from './write-csv.ts';
import { writeParquet } from './write-parquet.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-write-'));
});
after(async () => {
  await rm(folder, { recursive: true });
  await closeIdleThreads();
});

const day = fc.integer({ min: -200_000, max: 200_000 }).map((days) => new Date(days * 86_400_000));
const instant = fc.integer({ min: -1e12, max: 4e12 }).map((ms) => new Date(ms));
const text = fc
  .string({
    unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '=', 'é', '京', '😀', '1'),
    minLength: 1,
    maxLength: 8,
  })
  .map((word) => `w${word}`);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });

/** Frames whose columns each have a value to tell their kind by. */
const frames = fc
  .array(
    fc.record({
      n: fc.option(number),
      s: fc.option(text),
      d: fc.option(day),
      t: fc.option(instant),
      b: fc.option(fc.boolean()),
    }),
    {
      maxLength: 20,
    },
  )
  .map((rows) => Frame.fromRecords([{ n: 1.5, s: 'ü', d: new Date(0), t: new Date(5), b: true }, ...rows]));

test('random frames come back from CSV and from Parquet as they were', async () => {
  const csv = join(folder, 'round.csv');
  const parquet = join(folder, 'round.parquet');
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      await writeCsv(frame, csv);
      assert.deepEqual((await readCsv(csv, { types: { s: 'string' } })).toRecords(), frame.toRecords());
      await writeParquet(frame, parquet);
      assert.deepEqual((await readParquet(parquet)).toRecords(), frame.toRecords());
    }),
    { numRuns: 15 },
  );
});

test('the sign of zero survives CSV and Parquet', async () => {
  const frame = Frame.fromColumns({ n: [-0, 0, 1.5] });
  const path = join(folder, 'zero');
  await writeCsv(frame, path);
  assert.deepEqual((await readCsv(path)).toRecords(), frame.toRecords());
  await writeParquet(frame, path);
  assert.deepEqual((await readParquet(path)).toRecords(), frame.toRecords());
});

test('CSV quotes what needs it, leaves missing values empty and writes ISO dates', async () => {
  const frame = Frame.fromColumns({
    'a,b': [1, null, 0.1],
    s: ['x"y', null, 'plain'],
    d: [new Date('2020-01-02'), null, new Date('1969-12-31')],
    t: [new Date('2020-01-02T03:04:05Z'), new Date(1), null],
  });
  const path = join(folder, 'quoted.csv');
  await writeCsv(frame, path);
  assert.equal(
    await readFile(path, 'utf8'),
    '"a,b",s,d,t\n1,"x""y",2020-01-02,2020-01-02T03:04:05.000Z\n,,,1970-01-01T00:00:00.001Z\n0.1,plain,1969-12-31,\n',
  );
  await writeCsv(frame.select(['a,b']), path, {
    ...{ delimiter: ';', decimal: ',', lineEnd: '\r\n', missing: 'NA', header: false, byteOrderMark: true },
  });
  assert.equal(await readFile(path, 'utf8'), '\ufeff1\r\nNA\r\n0,1\r\n');
});

test('a missing value in a single column does not become a blank line', async () => {
  const path = join(folder, 'single.csv');
  await writeCsv(Frame.fromColumns({ a: [1, null, 2] }), path);
  assert.equal(await readFile(path, 'utf8'), 'a\n1\n""\n2\n');
  assert.equal((await readCsv(path)).rows, 3);
});

test('microseconds survive CSV and Parquet', async () => {
  const values = Float64Array.of(1577934245123.456, -0.001);
  const frame = new Frame([['t', { kind: 'date', values }]]);
  await writeCsv(frame, join(folder, 'micro.csv'));
  await writeParquet(frame, join(folder, 'micro.parquet'));
  for (const back of [
    await readCsv(join(folder, 'micro.csv')),
    await readParquet(join(folder, 'micro.parquet')),
  ]) {
    const column = back.column('t');
    assert.ok(column.kind === 'date');
    // A double near 1.6e12 resolves a quarter of a microsecond.
    for (const [i, value] of column.values.entries()) {
      assert.ok(Math.abs(value - values[i]!) < 0.0005, `${value} ${values[i]}`);
    }
  }
});

test('formulas are disarmed when asked', async () => {
  const path = join(folder, 'formulas.csv');
  const frame = Frame.fromColumns({ s: ['=1+1', '@x', '+1', '-1', 'a=1'], n: [-1, -2, -3, -4, -5] });
  await writeCsv(frame, path, { escapeFormulas: true });
  assert.equal(await readFile(path, 'utf8'), "s,n\n'=1+1,-1\n'@x,-2\n'+1,-3\n'-1,-4\na=1,-5\n");
});

test('a large frame is written on a worker thread', async () => {
  const path = join(folder, 'large.csv');
  const values = Float64Array.from({ length: 50_000 }, (_, i) => i / 3);
  await writeCsv(Frame.fromColumns({ a: values, b: values }), path);
  const back = (await readCsv(path)).column('b');
  assert.ok(back.kind === 'number');
  assert.deepEqual(
    back.values,
    new Float64Array(back.values.length).map((_, i) => values[i]!),
  );
});

test('columns of many levels and of more rows than a vector survive Parquet', async () => {
  const path = join(folder, 'levels.parquet');
  const many = Array.from({ length: 70_000 }, (_, i) => (i % 11 === 0 ? null : `level ${i}`));
  const some = Array.from({ length: 70_000 }, (_, i) => `${i % 300}`);
  const frame = Frame.fromColumns({ many, some });
  await writeParquet(frame, path, { compression: 'zstd' });
  const back = await readParquet(path);
  for (const i of [0, 1, 2048, 4999, 69_999])
    assert.deepEqual(back.take([i]).toRecords(), frame.take([i]).toRecords());
});

test('an unwritable path is an error that names it, and leaves nothing behind', async () => {
  const frame = Frame.fromColumns({ a: [1] });
  for (const write of [writeCsv, writeParquet]) {
    await assert.rejects(write(frame, join(folder, 'none', 'x')), {
      code: 'file/folder-missing',
      message: /none/,
    });
    await assert.rejects(write(frame, folder), { code: 'file/is-a-folder' });
  }
  assert.ok((await readdir(folder)).every((name) => !name.endsWith('.tmp')));
});
