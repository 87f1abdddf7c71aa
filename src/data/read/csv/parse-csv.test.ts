import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { plainNumber } from '../../../kernels/plain/csv.ts';
import { closeTeams, dialect, parse, plainTable, tableOf, teams } from './parse-text.fixture.ts';

after(closeTeams);

const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.integer().map(String),
  fc.integer({ min: -999, max: 999 }).map((n) => ` ${n / 100} `),
);
const date = fc
  .date({
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31'),
    noInvalidDate: true,
  })
  .chain((d) => fc.constantFrom(d.toISOString(), d.toISOString().slice(0, 10), d.toISOString().slice(0, 16)));
const word = fc.oneof(
  fc.constantFrom(
    'x',
    'NA ',
    'über',
    '上海',
    'true',
    '2020-02-30',
    'a b',
    '"',
    'long text beyond eight bytes',
    '1,5',
    '-',
  ),
  fc.string({
    unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é', '😀', ' ', '\t', ';'),
    maxLength: 12,
  }),
);
const missing = fc.constantFrom('', 'NA', 'NaN', 'null');
const columnOf = (value: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: missing });
const columns = fc.array(
  fc.constantFrom(
    columnOf(number),
    columnOf(date),
    columnOf(word),
    columnOf(fc.constantFrom('true', 'False')),
    columnOf(fc.oneof(number, word)),
  ),
  { minLength: 2, maxLength: 4 },
);

/** CSV of random tables: quoted where it must be and elsewhere at random, any line end, the last one perhaps missing. */
const csv = columns
  .chain((cells) =>
    fc.record({
      rows: fc.array(fc.tuple(...cells.map((cell) => fc.tuple(cell, fc.boolean()))), {
        minLength: 1,
        maxLength: 30,
      }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      last: fc.boolean(),
      blank: fc.boolean(),
      width: fc.constant(cells.length),
    }),
  )
  .map(({ rows, end, last, blank, width }) => {
    const header = Array.from({ length: width }, (_, j) => `列${j}`).join(',');
    const lines = rows.map((row) =>
      row
        .map(([cell, quoted]) => (quoted || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(','),
    );
    return [header, ...lines].join(blank ? end + end : end) + (last ? end : '');
  });

test('random tables are read as the plain parser reads them, in chunks of any size, by 1, 2 and 3 threads', async () => {
  await fc.assert(
    fc.asyncProperty(csv, fc.integer({ min: 3, max: 200 }), async (text, chunkBytes) => {
      const expected = plainTable(text);
      for (const team of teams) {
        assert.deepEqual(tableOf(await parse(text, team, chunkBytes)), expected);
      }
    }),
    { numRuns: 120 },
  );
});

test('levels and codes do not depend on the number of threads or the size of chunks', async () => {
  const words = Array.from(
    { length: 4000 },
    (_, i) => `${i},w${(i * 7919) % 613},${i % 3 === 0 ? `w${i}` : ''}`,
  );
  const text = `a,b,c\n${words.join('\n')}\n`;
  const expected = (await parse(text, teams[0]!, 1 << 20)).entries();
  for (const team of teams) {
    for (const chunkBytes of [64, 1000, 4096]) {
      assert.deepEqual((await parse(text, team, chunkBytes)).entries(), expected);
    }
  }
});

test('numbers are the nearest doubles, as Number gives them', async () => {
  const digits = fc.string({
    unit: fc.constantFrom(...'0123456789'),
    minLength: 1,
    maxLength: 24,
  });
  const literal = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.option(digits),
      fc.option(fc.integer({ min: -345, max: 330 })),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        sign + whole + (fraction === null ? '.' : `.${fraction}`) + (exponent === null ? '' : `e${exponent}`),
    );
  const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
    const value = new Float64Array(BigUint64Array.of(bits).buffer)[0]!;
    return Number.isFinite(value) ? String(value) : '0.1';
  });
  // Halfway between two doubles, exactly and almost.
  const halfway = fc
    .tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 54n }), fc.constantFrom('', '.0', '.1', 'e2', 'e-5'))
    .map(([value, tail]) => `${value}${tail === '' ? '.' : tail}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(literal, anyBits, halfway), {
        minLength: 1,
        maxLength: 60,
      }),
      async (texts) => {
        const frame = await parse(`x\n${texts.join('\n')}\n`, teams[0]!, 1 << 20, { types: { x: 'number' } });
        const column = frame.column('x');
        assert.ok(column.kind === 'number');
        assert.deepEqual(
          [...column.values],
          texts.map((text) => plainNumber(text, dialect)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a decimal comma and thousands separators are read as the plain parser reads them', async () => {
  const text = 'a;b;c\n1.234,5;-1.000;x\n,5;12;1.5.2\n7,;1.2e3;\n';
  const style = { delimiter: ';', decimal: ',', thousands: '.' };
  const expected = plainTable(text, { ...dialect, ...style });
  assert.deepEqual(
    expected.map(({ kind }) => kind),
    ['number', 'number', 'string'],
  );
  for (const team of teams) assert.deepEqual(tableOf(await parse(text, team, 7, style)), expected);
});

test('numbers that stand for missing are missing, in columns of any kind', async () => {
  const text = 'a,b,c\n1,-999,x\n-999,true,-999\n 999,0,NA\n1e3,-9999,-999 \n';
  const missingValues = ['-999', '0', '1e3'];
  const expected = plainTable(text, { ...dialect, missingValues });
  assert.deepEqual(expected[0]!.cells, [1, null, 999, null]);
  for (const team of teams)
    assert.deepEqual(tableOf(await parse(text, team, 9, { missingValues })), expected);
});

test('comments end lines, and whole comment lines are left out', async () => {
  const text = '# about\na,b\n1,x # note, with comma\n# "\n2,"y#z"\n';
  const expected = plainTable(text, { ...dialect, comment: '#' });
  assert.deepEqual(expected[1]!.cells, ['x ', 'y#z']);
  for (const team of teams) assert.deepEqual(tableOf(await parse(text, team, 9, { comment: '#' })), expected);
});

test('a kind that changes after the sample is corrected over all rows', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${i},${i},`);
  lines[59_000] = '59000,x,,true';
  lines[59_001] = '59001,,90071992547409931,2020-01-01';
  const text = `a,b,c,d\n${lines.join('\n')}\n`;
  for (const team of teams) {
    const frame = await parse(text, team, 1 << 16);
    assert.deepEqual(
      frame.entries().map(([, { kind }]) => kind),
      ['number', 'string', 'string', 'string'],
    );
    assert.equal(frame.cell('b', 7), '7');
    assert.equal(frame.cell('b', 59_001), null);
    assert.equal(frame.cell('c', 59_001), '90071992547409931');
    assert.equal(frame.cell('d', 59_000), 'true');
    assert.equal(frame.cell('d', 0), null);
  }
});

test('many short records after long ones find room', async () => {
  const long = Array.from({ length: 300 }, (_, i) => `${i},${'y'.repeat(1000)}`);
  const short = Array.from({ length: 30_000 }, (_, i) => `${i % 10},`);
  const frame = await parse(`a,b\n${long.join('\n')}\n${short.join('\n')}`, teams[1]!, 1 << 15);
  assert.equal(frame.rows, 30_300);
  assert.equal(frame.cell('a', 30_299), 9);
});

test('a record longer than many chunks is read whole', async () => {
  const text = `a,b\n1,"${'line\n'.repeat(40_000)}"\n2,x\n`;
  for (const team of teams) {
    const frame = await parse(text, team, 1000);
    assert.equal(frame.cell('b', 0), 'line\n'.repeat(40_000));
    assert.equal(frame.cell('a', 1), 2);
  }
});

for (const [what, text, code, pattern] of [
  [
    'a short row',
    'a,b,c\n1,2,3\n\n"x\ny",2\n',
    'data/ragged-row',
    /line 4: 2 fields where the header has 3.*'c'/,
  ],
  ['a long row', 'a,b\n1,2\r\n1,2,3\r\n', 'data/ragged-row', /line 3: 3 fields where the header has 2/],
  ['an open quote', 'a,b\n1,2\n3,"x\n4,5\n', 'data/unterminated-quote', /line 3/],
  ['text behind a quote', 'a,b\n1,"x"y\n', 'data/stray-quote', /line 2/],
  ['a second quoted text in a field', 'a,b\n1,"x" "y"\n', 'data/stray-quote', /line 2/],
] as const) {
  test(`${what} is an error that names the line`, async () => {
    for (const team of teams) {
      for (const chunkBytes of [4, 1 << 20]) {
        await assert.rejects(parse(text, team, chunkBytes), {
          code,
          message: pattern,
        });
      }
    }
  });
}

test('a cell that a given type refuses is an error that names line, column and text; the first one counts', async () => {
  const text = `a,b\n${'1,2\n'.repeat(50)}1,"x, y"\n1,2\nz,2\n`;
  for (const team of teams) {
    await assert.rejects(parse(text, team, 40, { types: { a: 'number', b: 'number' } }), {
      code: 'data/unparsable-cell',
      message: /line 52, column 'b'.*is not a number/,
    });
  }
});

test('bytes of another encoding count before a short row, up to 64 chunks behind it, for any number of threads', async () => {
  const rows = ['a,b\n', '1,2\n'.repeat(9), '1\n', '1,2\n'.repeat(200)].join('');
  const bytes = Buffer.from(rows);
  // Chunks of 8 bytes begin behind the header: the short row is in chunk 4, chunk 40 is compared with it, chunk 70 is not.
  for (const [chunk, code] of [
    [40, 'file/encoding'],
    [70, 'data/ragged-row'],
  ] as const) {
    const wrong = Uint8Array.from(bytes);
    wrong[4 + 8 * chunk] = 0xff;
    for (const team of teams) await assert.rejects(parse(wrong, team, 8), { code });
  }
});
