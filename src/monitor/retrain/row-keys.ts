import { type Column, columnLength, type Frame, isMissing } from '../../core/frame.ts';
import { inSlices } from '../../core/slices.ts';

const CELLS_AT_ONCE = 50_000;

/**
 * A number for each row that is the same for rows with the same cells in `names`, in that order, and otherwise differs but for one
 * pair in 2^52: 52 bits of two Murmur-like hashes (Appleby, MurmurHash3). Equal texts, numbers (0 and −0, too) and gaps count as
 * the same in any table whose columns have the same kinds.
 */
export async function rowKeys(table: Frame, names: readonly string[]): Promise<Float64Array> {
  const high = new Int32Array(table.rows).fill(0x2f0b4c47);
  const low = new Int32Array(table.rows).fill(0x6a09e667);
  for (const name of names) {
    const words = wordsOf(table.column(name));
    await inSlices(table.rows, CELLS_AT_ONCE, (from, to) => {
      for (let i = from; i < to; i++) {
        const [a, b] = [words.first(i), words.second(i)];
        high[i] = mix(mix(high[i]!, a, 0xcc9e2d51), b, 0x1b873593);
        low[i] = mix(mix(low[i]!, b, 0x85ebca6b), a, 0xc2b2ae35);
      }
    });
  }
  const keys = new Float64Array(table.rows);
  await inSlices(table.rows, CELLS_AT_ONCE, (from, to) => {
    for (let i = from; i < to; i++) keys[i] = toKey(high[i]!, low[i]!);
  });
  return keys;
}

/** A key from another one and a seed, to put keys in a random order. */
export function shuffledKey(key: number, seed: number): number {
  const [a, b] = [Math.floor(key / 2 ** 26) | 0, (key % 2 ** 26) | 0];
  return toKey(
    mix(mix(seed | 0, a, 0xcc9e2d51), b, 0x1b873593),
    mix(mix(~seed, b, 0x85ebca6b), a, 0xc2b2ae35),
  );
}

interface Words {
  first(row: number): number;
  second(row: number): number;
}

/** Two words of 32 bits for every cell. */
function wordsOf(column: Column): Words {
  if (column.kind === 'string') {
    const first = Int32Array.from(column.levels, (level) => hashText(level, 0x9e3779b1));
    const second = Int32Array.from(column.levels, (level) => hashText(level, 0x7feb352d));
    const { codes } = column;
    return {
      first: (i) => (codes[i]! < 0 ? MISSING : first[codes[i]!]!),
      second: (i) => (codes[i]! < 0 ? MISSING : second[codes[i]!]!),
    };
  }
  // Adding 0 makes one zero of both.
  const values = Float64Array.from({ length: columnLength(column) }, (_, i) =>
    isMissing(column, i) ? Number.NaN : column.values[i]! + 0,
  );
  const words = new Int32Array(values.buffer);
  return {
    first: (i) => (Number.isNaN(values[i]) ? MISSING : words[2 * i]!),
    second: (i) => (Number.isNaN(values[i]) ? MISSING : words[2 * i + 1]!),
  };
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
