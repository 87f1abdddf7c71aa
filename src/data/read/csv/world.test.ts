import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { closeTeams, dialect, parse, plainTable, tableOf, teams } from './parse-text.fixture.ts';

after(closeTeams);

const CHUNKS = [97, 1 << 12, 1 << 20];

test('long plain stretches between quotes, comments, blank lines and odd line ends are read as the plain parser reads them', async () => {
  const cell = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('1', '-2.5', '', '0.1234567890123456', 'x'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('a word of more than sixteen bytes', '上海', ' '),
    },
  );
  const plain = fc.tuple(cell, cell, cell).map((cells) => cells.join(','));
  const odd = fc.constantFrom('"a, ""b""\n",1,2', '1,"2"  ,3', '', '  ', '# "note"', '1,2,3 # note', ',,');
  const line = fc.oneof({ weight: 20, arbitrary: plain }, { weight: 1, arbitrary: odd });
  const text = fc
    .tuple(
      fc.array(fc.tuple(line, fc.nat(60)), { minLength: 60, maxLength: 120 }),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([lines, usual, rare]) => lines.map(([text, n]) => text + (n === 0 ? rare : usual)).join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(null, '#'), async (body, comment) => {
      const table = `a,b,c\n1,2,3\n${comment === null ? body.replaceAll('#', ',,') : body}`;
      let expected: ReturnType<typeof plainTable> | undefined;
      try {
        expected = plainTable(table, { ...dialect, comment });
      } catch {
        // Ragged: the kernels must refuse it, too.
      }
      for (const chunkBytes of CHUNKS) {
        const read = parse(table, teams[1]!, chunkBytes, { comment });
        if (expected === undefined) await assert.rejects(read, { code: 'data/ragged-row' });
        else assert.deepEqual(tableOf(await read), expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('a ragged row, a stray carriage return and a blank line are found at any distance from a block of 64 bytes', async () => {
  for (let width = 0; width < 70; width++) {
    const before = `a,b\n${`${'x'.repeat(width)},1\n`.repeat(3)}`;
    const behind = 'y,2\n'.repeat(40);
    const chunkBytes = width % 2 === 0 ? 1 << 20 : 150;
    await assert.rejects(parse(`${before}1\n${behind}`, teams[0]!, chunkBytes), /line 5: 1 field where/);
    await assert.rejects(parse(`${before}1,2,3\n${behind}`, teams[0]!, chunkBytes), /line 5: 3 fields/);
    for (const odd of ['\n', '1,2\r3,4\n', '1,2\r\n', '1,2\r\r\n']) {
      const text = before + odd + behind;
      assert.deepEqual(tableOf(await parse(text, teams[0]!, chunkBytes)), plainTable(text));
    }
  }
});

test('numbers of any length with the decimal mark anywhere are the nearest doubles', async () => {
  const texts: string[] = [];
  for (let length = 1; length <= 24; length++) {
    for (let round = 0; round < 4; round++) {
      // Leading zeros, ties and all digits.
      const digits =
        ['0000', '9007199254740993', '', '5'][round]! + '84937205168437029156308472'.slice(round);
      for (let point = 0; point <= length; point++) {
        const text = `${digits.slice(0, point)}.${digits.slice(point, length)}`;
        texts.push(text, `-${text}`, `+${text}`);
      }
      texts.push(`${digits.slice(0, Math.min(length, 15))}`);
    }
  }
  const numbers = texts.filter((text) => /\d/.test(text));
  const frame = await parse(`x,y\n${numbers.map((text) => `${text},0\n`).join('')}`, teams[0]!, 1 << 20, {
    types: { x: 'number' },
  });
  const column = frame.column('x');
  assert.ok(column.kind === 'number');
  assert.deepEqual([...column.values], numbers.map(Number));
});

test('signs and marks without digits are text', async () => {
  for (const text of [
    '.',
    '-.',
    '-',
    '+',
    '+.',
    '1..2',
    '1.2.3',
    '--1',
    '1-',
    '1234567890123456..',
    '.-1',
    '1:',
    '1/',
  ]) {
    const frame = await parse(`x,y\n${text},0\n`, teams[0]!, 1 << 20);
    assert.equal(frame.cell('x', 0), text);
  }
});
