/**
 * Sets of categories that go left, as bits. Categories are codes 0, 1, …; a split by them sends those of its set left and all
 * others right. A code that training did not see is NaN, as a missing value is, and goes its way.
 */
export interface CategorySets {
  /** Of each node the place of its set in `words`; −1 for leaves and for splits by a threshold. */
  readonly starts: Int32Array;
  /** Of each set its length, then as many words of 32 bits: code c is bit c mod 32 of word ⌊c / 32⌋. */
  readonly words: Int32Array;
}

/** Whether code `value` is in the set at `start`; a NaN never is. */
export function isInSet(words: Int32Array, start: number, value: number): boolean {
  if (!(value >= 0 && value < 32 * words[start]!)) return false;
  return ((words[start + 1 + (value >>> 5)]! >>> (value & 31)) & 1) === 1;
}

/** Whether there is a set at `start`, of categories that a column may have. */
export function isSound({ words }: CategorySets, start: number): boolean {
  if (!(start >= 0 && start < words.length)) return false;
  return words[start]! > 0 && start + words[start]! < words.length;
}

/** The codes of a set in rising order. */
export function codesOfSet({ words }: CategorySets, start: number): number[] {
  const codes: number[] = [];
  for (let code = 0; code < 32 * words[start]!; code++) if (isInSet(words, start, code)) codes.push(code);
  return codes;
}

/** The words of a set, without its length in front. */
export function wordsOfCodes(codes: Iterable<number>): Int32Array {
  const list = [...codes];
  const words = new Int32Array(1 + (list.reduce((most, code) => Math.max(most, code), 0) >>> 5));
  for (const code of list) words[code >>> 5]! |= 1 << (code & 31);
  return words;
}

/** The sets of some nodes of a tree in order, from `first` to before `end`. */
export function sliceSets({ starts, words }: CategorySets, first: number, end: number): CategorySets {
  return { starts: starts.subarray(first, end), words };
}

/** The sets of several groups of trees, one after another. `nodes` counts those of each group. */
export function joinSets(
  parts: readonly (CategorySets | undefined)[],
  nodes: readonly number[],
): CategorySets | undefined {
  if (parts.every((part) => part === undefined)) return undefined;
  const starts = new Int32Array(nodes.reduce((sum, count) => sum + count, 0)).fill(-1);
  const words = new Int32Array(parts.reduce((sum, part) => sum + (part?.words.length ?? 0), 0));
  let [node, word] = [0, 0];
  for (const [i, part] of parts.entries()) {
    if (part !== undefined) {
      starts.set(
        part.starts.map((start) => (start < 0 ? -1 : start + word)),
        node,
      );
      words.set(part.words, word);
      word += part.words.length;
    }
    node += nodes[i]!;
  }
  return { starts, words };
}
