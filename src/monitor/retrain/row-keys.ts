import { type Column, columnLength, type Frame } from '../../core/frame.ts';
import { inSlices } from '../../core/slices.ts';

const CELLS_AT_ONCE = 50_000;
const LEVELS_AT_ONCE = 2000;

/**
 * A number for each row that is the same for rows with the same cells in `names`, in that order, and otherwise differs but for one
 * pair in 2^52: 52 bits of two Murmur-like hashes (Appleby, MurmurHash3). Equal texts, numbers (0 and −0, too) and gaps count as
 * the same in any table whose columns have the same kinds.
 */
export async function rowKeys(table: Frame, names: readonly string[]): Promise<Float64Array> {
  const high = new Int32Array(table.rows).fill(0x2f0b4c47);
  const low = new Int32Array(table.rows).fill(0x6a09e667);
  for (const name of names) {
    const words = await wordsOf(table.column(name));
    await inSlices(table.rows, CELLS_AT_ONCE, (from, to) => mixColumn(high, low, words, from, to));
  }
  const keys = new Float64Array(table.rows);
  await inSlices(table.rows, CELLS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) keys[i] = toKey(high[i]!, low[i]!);
  });
  return keys;
}

function mixColumn(high: Int32Array, low: Int32Array, words: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const a = words[2 * i]!;
    const b = words[2 * i + 1]!;
    high[i] = mix(mix(high[i]!, a, 0xcc9e2d51), b, 0x1b873593);
    low[i] = mix(mix(low[i]!, b, 0x85ebca6b), a, 0xc2b2ae35);
  }
}

/** A key from another one and a seed, to put keys in a random order. */
export function shuffledKey(key: number, seed: number): number {
  const [a, b] = [Math.floor(key / 2 ** 26) | 0, (key % 2 ** 26) | 0];
  return toKey(
    mix(mix(seed | 0, a, 0xcc9e2d51), b, 0x1b873593),
    mix(mix(~seed, b, 0x85ebca6b), a, 0xc2b2ae35),
  );
}

/** Two words of 32 bits for every cell. */
async function wordsOf(column: Column): Promise<Int32Array> {
  const rows = columnLength(column);
  if (column.kind === 'string') {
    const { codes, levels } = column;
    const hashes = new Int32Array(2 * levels.length);
    await inSlices(levels.length, LEVELS_AT_ONCE, (from, to) => {
      for (let j = from; j < to; j++) {
        hashes[2 * j] = hashText(levels[j]!, 0x9e3779b1);
        hashes[2 * j + 1] = hashText(levels[j]!, 0x7feb352d);
      }
    });
    const words = new Int32Array(2 * rows);
    await inSlices(rows, CELLS_AT_ONCE, (from, to) => {
      for (let i = from; i < to; i++) {
        const code = codes[i]!;
        words[2 * i] = code < 0 ? MISSING : hashes[2 * code]!;
        words[2 * i + 1] = code < 0 ? MISSING : hashes[2 * code + 1]!;
      }
    });
    return words;
  }
  const { values, missing } = column;
  const numbers = new Float64Array(rows);
  const words = new Int32Array(numbers.buffer);
  await inSlices(rows, CELLS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) {
      // Adding 0 makes one zero of both.
      numbers[i] = values[i]! + 0;
      if (missing?.[i] !== 1 && !Number.isNaN(numbers[i]!)) continue;
      words[2 * i] = MISSING;
      words[2 * i + 1] = MISSING;
    }
  });
  return words;
}

const MISSING = 0x5bd1e995;

function mix(hash: number, word: number, factor: number): number {
  const scrambled = Math.imul(word, factor);
  const joined = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x27d4eb2f);
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0;
}

/** Every bit of the result depends on every bit of the hash. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function toKey(high: number, low: number): number {
  return finish(high) * 2 ** 20 + (finish(low) >>> 12);
}

function hashText(text: string, seed: number): number {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i), 0xcc9e2d51);
  return finish(hash ^ text.length) | 0;
}
