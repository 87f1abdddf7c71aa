/** The codes of a text column's chunks become one numbering, by first appearance. */
import { Arena } from '../../../kernels/host/arena.ts';
import { instantiate, kernelModule, teamMemory } from '../../../kernels/host/instance.ts';
import { type Queue, takeItem } from '../../../kernels/host/queue.ts';
import type { TeamThread } from '../../../kernels/host/thread.ts';
import { Dictionary } from '../csv/dictionary.ts';
import { ESCAPED } from '../csv/layout.ts';
import { packDictionary } from '../csv/levels.ts';
import type { ChunkTexts, Item } from './plan.ts';

/** URL of this module, for `Team.gang`. */
export const joinModule = import.meta.url;

export interface TextJoin {
  readonly queue: Queue;
  readonly columns: readonly JoinedColumn[];
}

export interface JoinedColumn {
  readonly codes: Int32Array;
  /** In order of their rows. */
  readonly items: readonly Pick<Item, 'base' | 'rows' | 'texts'>[];
  /** All texts of the column, written here. */
  readonly joined: ChunkTexts;
}

const PADDING = 64;
/** An index has 30 bits for a position. */
const SLICE_BYTES = 2 ** 26;

export function joinTexts(self: TeamThread, { queue, columns }: TextJoin): void {
  for (let c = takeItem(self, queue, columns.length); c >= 0; c = takeItem(self, queue, columns.length)) {
    joinColumn(columns[c]!);
  }
}

/** Chunks come in order, and each has its texts in order of appearance: so a dictionary of all numbers them by appearance. */
function joinColumn({ codes, items, joined }: JoinedColumn): void {
  const arena = new Arena(teamMemory());
  const dictionary = new Dictionary(arena, instantiate(kernelModule(), arena.memory));
  let ascii = 1;
  for (const { base, rows, texts } of items) {
    const levels = levelsOf(texts!, arena, dictionary);
    ascii &= texts!.counts[1]!;
    const isIdentity = levels.every((level, i) => level === i);
    for (let i = base; i < base + rows && !isIdentity; i++) {
      const code = codes[i]!;
      if (code >= 0) codes[i] = levels[code]!;
    }
  }
  const { bytes, offsets } = packDictionary(dictionary);
  joined.bytes.set(bytes);
  joined.offsets.set(offsets);
  joined.counts[0] = offsets.length - 1;
  joined.counts[1] = ascii;
}

/** The level of each of a chunk's texts. */
function levelsOf({ bytes, offsets, counts }: ChunkTexts, arena: Arena, dictionary: Dictionary): Int32Array {
  const count = counts[0]!;
  const levels = new Int32Array(count);
  for (let from = 0; from < count; ) {
    const start = offsets[from]!;
    let to = from + 1;
    while (to < count && offsets[to + 1]! - start < SLICE_BYTES) to++;
    const text = arena.allocate(offsets[to]! - start + PADDING);
    arena.viewU8(text, offsets[to]! - start).set(bytes.subarray(start, offsets[to]!));
    const rows = to - from;
    const index = arena.allocate(rows * 8);
    const entries = arena.viewI32(index, rows * 2);
    for (let i = 0; i < rows; i++) {
      const end = offsets[from + i + 1]! - start;
      entries[2 * i] = offsets[from + i]! - start;
      entries[2 * i + 1] = offsets[from + i] === offsets[from + i + 1] ? end | ESCAPED : end;
    }
    const codes = arena.i32(rows);
    dictionary.encode({ text, index, rows, stride: 8, quote: -1, scratch: text }, codes);
    levels.set(arena.viewI32(codes, rows), from);
    from = to;
  }
  return levels;
}
