import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRequest } from './parse-request.ts';
import { parseRowsInSlices } from './parse-rows-in-slices.ts';

const MANY = 1_000_000;

test('rows parsed in slices are the rows parsed at once, whatever is in them', async () => {
  const filler = 'ä"\\{[,]}'.repeat(4000);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 12 }), fc.boolean(), async (values, isSpaced) => {
      // Some rows are long, so that several slices are needed.
      const rows = values.map((value, i) => ({ i, value, ...(i % 2 === 0 && { filler }) }));
      const body = Buffer.from(JSON.stringify({ rows }, null, isSpaced ? 1 : 0));
      const sliced = await parseRowsInSlices(body, MANY);
      assert.deepEqual(sliced, { rows: JSON.parse(body.toString()).rows, isSingle: false });
    }),
    { numRuns: 30 },
  );
});

test('a large body that is no list of rows is refused as a small one is', async () => {
  const row = `{"a":"${'x'.repeat(1000)}"}`;
  const rows = `${row},`.repeat(400);
  for (const text of [
    `{"rows":[${rows}]}`,
    `{"rows":[${rows}${row}`,
    `{"rows":[${rows}${row}]`,
    `{"rows":[${rows}${row}]}}`,
    `{"rows":[${rows}${row}],"more":1}`,
    `{"rows":[${rows}{"__proto__":1}]}`,
    `{"rows":[${rows}${row}}]}`,
    `{"rows":[${rows}"${row}]}`,
    `[${rows}${row}]`,
  ]) {
    await assert.rejects(
      async () => parseRequest(Buffer.from(text), MANY),
      { name: 'DataError' },
      text.slice(-50),
    );
  }
  await assert.rejects(async () => parseRequest(Buffer.from(`{"rows":[${rows}${row}]}`), 300), {
    code: 'request/too-many-rows',
  });
});

test('a large single row is parsed at once', async () => {
  const body = Buffer.from(JSON.stringify({ row: { a: 'x'.repeat(400_000) } }));
  const { rows, isSingle } = await parseRequest(body, MANY);
  assert.equal(isSingle, true);
  assert.equal((rows[0] as { a: string }).a.length, 400_000);
});
