import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { JobWarning } from '../../jobs/job.ts';
import { closeIdleThreads } from '../../jobs/pool.ts';
import { query } from './query.ts';
import { readJson } from './read-json.ts';

after(closeIdleThreads);

test('every type of DuckDB that a column can hold arrives as its kind', async () => {
  const frame = await query(`
    SELECT 1::TINYINT AS i8, 300::SMALLINT AS i16, -5 AS i32, 2::BIGINT AS i64, sum(x) AS i128, 7::UBIGINT AS u64, 1.5::FLOAT AS f32,
      0.1::DOUBLE AS f64, -12.345::DECIMAL(9,3) AS d4, 1.10::DECIMAL(4,2) AS d2, 123456789012.25::DECIMAL(18,2) AS d8,
      12345678901234567890.5::DECIMAL(30,1) AS d16, true AS b, 'short' AS s, 'longer than twelve bytes' AS l, '' AS e, NULL AS n,
      DATE '1969-12-31' AS day, TIMESTAMP '2020-01-02 03:04:05.5' AS ts, TIMESTAMP_S '2020-01-02 03:04:05' AS tss,
      TIMESTAMP_MS '2020-01-02 03:04:05.5' AS tsm, TIMESTAMP_NS '2020-01-02 03:04:05.5' AS tsn, 'x'::ENUM('y', 'x') AS en
    FROM range(10) t(x)`);
  assert.deepEqual(frame.toRecords(), [
    {
      ...{ i8: 1, i16: 300, i32: -5, i64: 2, i128: 45, u64: 7, f32: 1.5, f64: 0.1, d4: -12.345, d2: 1.1 },
      ...{
        d8: 123456789012.25,
        d16: Number('12345678901234567890.5'),
        b: true,
        s: 'short',
        l: 'longer than twelve bytes',
        e: '',
      },
      ...{ n: null, day: new Date('1969-12-31'), ts: new Date('2020-01-02T03:04:05.5Z') },
      ...{ tss: new Date('2020-01-02T03:04:05Z'), tsm: new Date('2020-01-02T03:04:05.5Z') },
      ...{ tsn: new Date('2020-01-02T03:04:05.5Z'), en: 'x' },
    },
  ]);
});

test('missing values of all kinds are marked over many vectors', async () => {
  const frame = await query(`
    SELECT CASE WHEN i % 3 = 0 THEN i END AS n, CASE WHEN i % 5 = 0 THEN 'text number ' || (i % 7) END AS s,
      CASE WHEN i % 2 = 0 THEN i % 4 = 0 END AS b, CASE WHEN i > 4000 THEN DATE '1970-01-01' + i::INTEGER END AS d
    FROM range(5000) t(i) ORDER BY i`);
  assert.equal(frame.rows, 5000);
  for (const i of [0, 1, 2, 5, 2047, 2048, 4000, 4001, 4995, 4999]) {
    assert.deepEqual(frame.take([i]).toRecords()[0], {
      n: i % 3 === 0 ? i : null,
      s: i % 5 === 0 ? `text number ${i % 7}` : null,
      b: i % 2 === 0 ? i % 4 === 0 : null,
      d: i > 4000 ? new Date(i * 86_400_000) : null,
    });
  }
});

test('integers beyond 2^53 turn their column into text, also the rows before, with a warning', async () => {
  const warnings: JobWarning[] = [];
  const frame = await query(
    `SELECT CASE WHEN i = 3000 THEN 9007199254740993 WHEN i <> 1 THEN -i END AS big,
       CASE WHEN i = 3000 THEN 170141183460469231731687303715884105727::HUGEINT ELSE i END AS huge FROM range(5000) t(i) ORDER BY i`,
    { onWarning: (warning) => warnings.push(warning) },
  );
  assert.deepEqual(
    [0, 1, 2, 3000, 4999].map((i) => frame.cell('big', i)),
    ['0', null, '-2', '9007199254740993', '-4999'],
  );
  assert.equal(frame.cell('huge', 3000), '170141183460469231731687303715884105727');
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['data/big-integers', 'data/big-integers'],
  );
});

test('parameters, several statements and results without rows work', async () => {
  const frame = await query(
    'CREATE TABLE t AS SELECT i FROM range(5) r(i); SELECT i, $s AS s FROM t WHERE i >= $least ORDER BY i',
    {
      parameters: { least: 3, s: "it's" },
    },
  );
  assert.deepEqual(frame.toRecords(), [
    { i: 3, s: "it's" },
    { i: 4, s: "it's" },
  ]);
  assert.equal((await query('SELECT ? AS a WHERE false', { parameters: [1] })).rows, 0);
});

test('faulty SQL, lists and structs are errors that say what to do', async () => {
  await assert.rejects(query('SELEC 1'), {
    name: 'DataError',
    code: 'data/query-failed',
    message: /syntax error.*SELEC/s,
  });
  await assert.rejects(query(''), { code: 'data/query-failed' });
  await assert.rejects(query('SELECT [1, 2] AS l'), {
    code: 'data/unsupported-column',
    message: /'l'.*CAST/,
  });
});

test('JSON is read from arrays and from lines', async () => {
  const expected = [
    { a: 1, b: 'x', when: new Date('2020-01-01'), c: null },
    { a: 2.5, b: null, when: null, c: true },
  ];
  const objects = ['{"a":1,"b":"x","when":"2020-01-01"}', '{"a":2.5,"c":true}'];
  assert.deepEqual((await readJson({ text: `[${objects.join(',')}]` })).toRecords(), expected);
  assert.deepEqual((await readJson({ text: objects.join('\n') })).toRecords(), expected);
  await assert.rejects(readJson({ text: '[{"a":[1]}]' }), {
    code: 'data/unsupported-column',
    message: /'a'/,
  });
  await assert.rejects(readJson({ text: '[{"a":' }), { code: 'data/query-failed' });
  await assert.rejects(readJson({ text: '[{"price":1}]' }, { columns: ['prise'] }), {
    message: /Did you mean 'price'/,
  });
});
