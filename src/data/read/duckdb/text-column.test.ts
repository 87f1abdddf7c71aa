import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainTexts } from '../../../kernels/plain/duckdb-texts.ts';
import { TextColumn, TextMemory } from './text-column.ts';

/** The vector that DuckDB makes of texts; what lies elsewhere is behind `far`. */
function vectorOf(texts: readonly (string | null)[]) {
  const parts = texts.map((text) => (text === null ? null : Buffer.from(text)));
  const data = new Uint8Array(16 * texts.length);
  const validity = new Uint8Array(Math.ceil(texts.length / 8));
  const words = new DataView(data.buffer);
  parts.forEach((part, i) => {
    // What a missing value holds is not defined.
    words.setUint32(16 * i, part === null ? 99 : part.length, true);
    if (part === null) return;
    validity[i >> 3]! |= 1 << (i & 7);
    data.set(part.subarray(0, part.length > 12 ? 4 : 12), 16 * i + 4);
  });
  return { data, validity: texts.includes(null) ? validity : null, far: (row: number) => parts[row]! };
}

function decode(
  { codes, levels }: { codes: Int32Array; levels: ReturnType<TextColumn['levels']> },
  rows: number,
) {
  const { bytes, offsets } = levels;
  return Array.from(codes.subarray(0, rows), (code) =>
    code < 0 ? undefined : new TextDecoder().decode(bytes.slice(offsets[code]!, offsets[code + 1]!)),
  );
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ minLength: 11, maxLength: 14 }),
  fc.string({ minLength: 40, maxLength: 60 }),
  fc.constantFrom('', 'a', 'exactly 12 b', 'thirteen byte'),
);

test('vectors of texts become codes and levels: short, long, empty, missing, in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.option(text), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      (vectors) => {
        const memory = new TextMemory();
        const column = new TextColumn(memory, 1);
        const expected: (string | undefined)[] = [];
        for (const texts of vectors) {
          const { data, validity, far } = vectorOf(texts);
          const rows = memory.indexTexts(data, validity, texts.length);
          const bytes = rows.reduce((sum, row) => sum + far(row).length, 0);
          memory.appendTexts(
            bytes,
            Array.from(rows, (row) => () => far(row)),
          );
          column.append(texts.length);
          expected.push(...plainTexts(data, validity, texts.length, far));
        }
        assert.deepEqual(decode({ codes: column.codes, levels: column.levels() }, expected.length), expected);
      },
    ),
    { numRuns: 60 },
  );
});
