import type { Arena } from '../../../kernels/host/arena.ts';
import type { Dialect } from './dialect.ts';
import type { IndexedText } from './dictionary.ts';
import { TOKEN } from './layout.ts';

/** Readable bytes behind a text. */
const PADDING = 16;

/**
 * The table of `tokenKind`: the number of tokens, a mask of their lengths, a mask of the lengths of those that may be numbers
 * (such as -999 for missing), then rows of (length, kind, address).
 */
export function placeTokens(arena: Arena, { missingValues, trueValues, falseValues }: Dialect): number {
  const tokens = [
    ...missingValues.map((text) => [text, TOKEN.missing] as const),
    ...trueValues.map((text) => [text, TOKEN.true] as const),
    ...falseValues.map((text) => [text, TOKEN.false] as const),
  ].filter(([text]) => text !== '');
  let lengths = 0;
  let numeric = 0;
  const table = [tokens.length, 0, 0];
  for (const [text, kind] of tokens) {
    const bytes = Buffer.from(text);
    const bit = 1 << Math.min(bytes.length, 31);
    lengths |= bit;
    if (/^[\d.,+\-eE]*\d[^#]*$/.test(text)) numeric |= bit;
    table.push(bytes.length, kind, arena.place(bytes));
  }
  table[1] = lengths;
  table[2] = numeric;
  return arena.place(Int32Array.from(table));
}

/** The texts that stand for missing, as a dictionary takes them in. */
export function placeMissing(arena: Arena, { missingValues }: Dialect): IndexedText {
  const tokens = missingValues.map((text) => Buffer.from(text));
  const text = arena.place(Buffer.concat([...tokens, Buffer.alloc(PADDING)]));
  const index = new Int32Array(tokens.length * 2);
  let at = 0;
  tokens.forEach(({ length }, i) => {
    index.set([at, at + length], 2 * i);
    at += length;
  });
  return { text, index: arena.place(index), rows: tokens.length, stride: 8, quote: -1, scratch: 0 };
}
