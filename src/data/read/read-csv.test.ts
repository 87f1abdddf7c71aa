import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { Frame } from '../../core/frame.ts';
import type { JobWarning } from '../../jobs/job.ts';
import { closeIdleThreads } from '../../jobs/pool.ts';
import { readCsv } from './read-csv.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-csv-'));
});
after(async () => {
  await rm(folder, { recursive: true });
  await closeIdleThreads();
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const HOUSES = '面积,卧室数量,售价\n100,2,300\n150,3,450\n';
const HOUSE_RECORDS = [
  { 面积: 100, 卧室数量: 2, 售价: 300 },
  { 面积: 150, 卧室数量: 3, 售价: 450 },
];
/** "城市,n\n北京,1\n上海,2\n" in GB18030. */
const GB18030 = Uint8Array.from([
  ...[0xb3, 0xc7, 0xca, 0xd0, 0x2c, 0x6e, 0x0a, 0xb1, 0xb1, 0xbe, 0xa9, 0x2c, 0x31, 0x0a],
  ...[0xc9, 0xcf, 0xba, 0xa3, 0x2c, 0x32, 0x0a],
]);

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

test('a path, a file URL, text, bytes, a Node stream and a web stream give the same frame', async () => {
  const path = await file('houses.csv', HOUSES);
  const bytes = Buffer.from(HOUSES);
  const sources = [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    { text: HOUSES },
    bytes,
    Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
    new Blob([bytes]).stream(),
    (async function* () {
      yield HOUSES.slice(0, 5);
      yield HOUSES.slice(5);
    })(),
  ];
  for (const source of sources) assert.deepEqual((await readCsv(source)).toRecords(), HOUSE_RECORDS);
});

test('a web address is downloaded, and a refusal names address and status', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/houses.csv' ? 200 : 404;
    response.end(HOUSES);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    const frame = await readCsv(`http://127.0.0.1:${port}/houses.csv`);
    assert.deepEqual(frame.toRecords(), HOUSE_RECORDS);
    await assert.rejects(readCsv(`http://127.0.0.1:${port}/other.csv`), {
      code: 'file/download-failed',
      message: /other\.csv.*404/,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a pattern reads files in alphabetical order; other columns in one of them are an error', async () => {
  await file('part-b.csv', 'x,y\n3,c\n');
  await file('part-a.csv', 'x,y\n1,a\n2,b');
  const frame = await readCsv(join(folder, 'part-*.csv'));
  assert.deepEqual(frame.toRecords(), [
    { x: 1, y: 'a' },
    { x: 2, y: 'b' },
    { x: 3, y: 'c' },
  ]);
  await file('part-c.csv', 'x,z\n3,c\n');
  await assert.rejects(readCsv(join(folder, 'part-*.csv')), {
    code: 'data/different-columns',
    message: /part-c\.csv: column 2 is 'z' where the first file has 'y'/,
  });
  await assert.rejects(readCsv(join(folder, 'nothing-*.csv')), { code: 'file/not-found' });
});

test('compressed files are read by their ending', async () => {
  for (const path of [
    await file('h.csv.gz', gzipSync(HOUSES)),
    await file('h.csv.zst', zstdCompressSync(HOUSES)),
  ]) {
    assert.deepEqual((await readCsv(path)).toRecords(), HOUSE_RECORDS);
  }
});

test('byte order marks decide the encoding by themselves', async () => {
  for (const bytes of [
    Buffer.from(`\ufeff${HOUSES}`),
    utf16(`\ufeff${HOUSES}`, false),
    utf16(`\ufeff${HOUSES}`, true),
  ]) {
    assert.deepEqual((await readCsv(bytes)).toRecords(), HOUSE_RECORDS);
  }
});

test('other encodings are read when told', async () => {
  const records = [
    { 城市: '北京', n: 1 },
    { 城市: '上海', n: 2 },
  ];
  assert.deepEqual((await readCsv(GB18030, { encoding: 'gb18030' })).toRecords(), records);
  assert.deepEqual((await readCsv(utf16(HOUSES, true), { encoding: 'utf-16be' })).toRecords(), HOUSE_RECORDS);
  const latin = Buffer.from('a\ncafé\n', 'latin1');
  assert.deepEqual((await readCsv(latin, { encoding: 'latin1' })).toRecords(), [{ a: 'café' }]);
  await assert.rejects(readCsv({ text: 'a\n1\n' }, { encoding: 'utf-88' }), { code: 'option/invalid' });
  await assert.rejects(readCsv(Buffer.from('a\n\xff\n', 'latin1'), { encoding: 'gb18030' }), {
    code: 'file/encoding',
  });
});

test('text in an untold encoding is an error that names line, byte and the likely encoding', async () => {
  for (const [bytes, encoding, line] of [
    [GB18030, 'gb18030', 1],
    [Buffer.from('a,b\n1,2\n3,café x\n', 'latin1'), 'windows-1252', 3],
    [utf16(HOUSES, false), 'utf-16le', 1],
    [utf16('a,b\n1,2\n', true), 'utf-16be', 1],
  ] as const) {
    await assert.rejects(readCsv(bytes), {
      name: 'FileError',
      code: 'file/encoding',
      message: new RegExp(`line ${line}.*encoding: '${encoding}'`),
    });
  }
});

test('the delimiter is found, also when quotes hold others', async () => {
  for (const delimiter of [',', ';', '\t', '|']) {
    const text = `a${delimiter}b${delimiter}c\n1${delimiter}"x,;|\t,,;;"${delimiter}3\n`;
    assert.deepEqual((await readCsv({ text })).toRecords(), [{ a: 1, b: 'x,;|\t,,;;', c: 3 }]);
  }
  assert.deepEqual((await readCsv({ text: 'a\nx\n' })).toRecords(), [{ a: 'x' }]);
});

test('unnamed and repeated columns get names, with a warning each', async () => {
  const warnings: JobWarning[] = [];
  const frame = await readCsv(
    { text: ',x,x,x.1\n1,2,3,4\n' },
    { onWarning: (warning) => warnings.push(warning) },
  );
  assert.deepEqual(frame.names, ['column1', 'x', 'x.2', 'x.1']);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['csv/unnamed-column', 'csv/duplicate-header'],
  );
});

test('integers beyond 2^53 stay text with a warning, or become rounded numbers when told', async () => {
  const warnings: JobWarning[] = [];
  const onWarning = (warning: JobWarning) => warnings.push(warning);
  const text = 'id,n\n9007199254740993,9007199254740992\n1,-9007199254740992\n';
  const frame = await readCsv({ text }, { onWarning });
  assert.deepEqual(frame.toRecords()[0], { id: '9007199254740993', n: 2 ** 53 });
  assert.match(warnings[0]!.message, /'id'.*2\^53/);
  assert.equal(warnings.length, 1);
  const rounded = await readCsv({ text }, { onWarning, types: { id: 'number' } });
  assert.equal(rounded.cell('id', 0), 2 ** 53);
  assert.match(warnings[1]!.message, /rounded/);
});

test('header, columns, types, rows and values can be chosen', async () => {
  const text = 'comment line\na,b,c\n1,yes,x\n2,no,-\n3,yes,z\n';
  const frame = await readCsv(
    { text },
    {
      skipRows: 1,
      maxRows: 2,
      columns: ['c', 'b', 'a'],
      types: { a: 'string' },
      missingValues: ['-'],
      trueValues: ['yes'],
      falseValues: ['no'],
    },
  );
  assert.deepEqual(frame.toRecords(), [
    { c: 'x', b: true, a: '1' },
    { c: null, b: false, a: '2' },
  ]);
  assert.deepEqual((await readCsv({ text: '1,2\n' }, { header: false })).toRecords(), [
    { column1: 1, column2: 2 },
  ]);
  assert.deepEqual((await readCsv({ text: '1,2\n' }, { header: ['p', 'q'] })).toRecords(), [{ p: 1, q: 2 }]);
  assert.deepEqual((await readCsv({ text: `a\n"1\n` }, { quote: null })).toRecords(), [{ a: '"1' }]);
});

test('rows beyond maxRows are not looked at', async () => {
  const frame = await readCsv({ text: 'a\n1\n2\nx\n"\n' }, { maxRows: 2 });
  assert.deepEqual(frame.toRecords(), [{ a: 1 }, { a: 2 }]);
});

for (const [what, text, code, pattern] of [
  ['an empty text', '', 'data/empty-file', /is empty/],
  ['blank lines alone', '\n\n', 'data/empty-file', /is empty/],
  ['a header alone', 'a,b', 'data/no-rows', /header but no rows/],
  ['a header and blank lines', 'a,b\n\n\r\n', 'data/no-rows', /header but no rows/],
] as const) {
  test(`${what} is an error`, async () => {
    await assert.rejects(readCsv({ text }), { name: 'DataError', code, message: pattern });
  });
}

test('a missing file, a folder, a missing column and a misspelt option are errors that name them', async () => {
  await assert.rejects(readCsv(join(folder, 'none.csv')), { code: 'file/not-found', message: /none\.csv/ });
  await assert.rejects(readCsv(folder), { code: 'file/is-a-folder' });
  await assert.rejects(readCsv({ text: HOUSES }, { columns: ['面级'] }), {
    code: 'data/missing-column',
    message: /面级/,
  });
  await assert.rejects(readCsv({ text: HOUSES }, { delimeter: ',' } as never), { message: /'delimiter'/ });
  await assert.rejects(readCsv({ text: HOUSES }, { delimiter: '||' }), { message: /duckdb/ });
});

test('a column without values is a number column, all missing', async () => {
  const frame = await readCsv({ text: 'a,b\n1,\n2,NA\n' });
  assert.deepEqual(frame.toRecords(), [
    { a: 1, b: null },
    { a: 2, b: null },
  ]);
  assert.equal(frame.column('b').kind, 'number');
});

test('a large file is read on worker threads with progress, the same for any number of them, and can be stopped', async () => {
  const lines = Array.from(
    { length: 120_000 },
    (_, i) => `${i / 7},w${i % 1000},${i % 5 === 0 ? '' : i},"q, ${i % 3}"`,
  );
  const path = await file('large.csv', `a,b,c,d\n${lines.join('\n')}\n`);
  const fractions: number[] = [];
  const frames: Frame[] = [];
  for (const threads of [1, 2, 3]) {
    frames.push(await readCsv(path, { threads, onProgress: ({ fraction }) => fractions.push(fraction) }));
  }
  assert.equal(frames[0]!.rows, 120_000);
  assert.equal(frames[0]!.cell('a', 119_999), 119_999 / 7);
  assert.equal(frames[0]!.cell('d', 4), 'q, 1');
  assert.ok(frames[0]!.column('a').kind === 'number' && frames[0]!.column('c').kind === 'number');
  for (const frame of frames.slice(1)) assert.deepEqual(frame.entries(), frames[0]!.entries());
  assert.ok(fractions.length > 0);
  await assert.rejects(readCsv(path, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test("DuckDB reads random tables as heddle's own reader does", async () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'b', ',', '"', '\n', 'é', '京', ' '),
    minLength: 1,
    maxLength: 8,
  });
  const row = fc.tuple(
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.option(word),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 3, maxLength: 20 }), async (rows) => {
      // A first row that shows every kind: DuckDB takes other kinds for columns without values.
      const cells = [[0.5, 'w', true], ...rows].map(([number, text, flag]) =>
        [number ?? '', text === null ? '' : `"${String(text).replaceAll('"', '""')}"`, flag].join(','),
      );
      const source = { text: `n,s,f\n${cells.join('\n')}\n` };
      const types = { n: 'number', s: 'string', f: 'boolean' } as const;
      const options = { types, delimiter: ',' };
      const own = await readCsv(source, options);
      const theirs = await readCsv(source, { ...options, engine: 'duckdb' });
      assert.deepEqual(own.toRecords(), theirs.toRecords());
    }),
    { numRuns: 25 },
  );
});

test('DuckDB takes delimiters of several characters', async () => {
  const frame = await readCsv({ text: 'a||b\n1||x\n2||y\n' }, { engine: 'duckdb', delimiter: '||' });
  assert.deepEqual(frame.toRecords(), [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]);
});
