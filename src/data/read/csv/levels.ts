import { sharedArray } from '../../../core/shared.ts';
import type { Team } from '../../../kernels/host/team.ts';
import { type Dictionary, ENTRY_ROW, ENTRY_WORDS } from './dictionary.ts';
import { currentWorld, type LevelTable, threadsModule } from './threads.ts';

/** The texts of one column in order of their codes, packed: text i is bytes [offsets[i], offsets[i + 1]), UTF-8. */
export interface PackedLevels {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly ascii: boolean;
}

const READABLE_BEHIND = 16;

/** One numbering of a column's texts, by first appearance. */
export interface Numbering {
  /** Per thread the code of its level − 1, which is missing, and of its levels. */
  readonly codeOf: readonly Int32Array[];
  readonly levels: PackedLevels;
}

/** Gives each text column one numbering in place of the threads' own, for `recodeChunks`; a single thread's is that already. */
export async function numberLevels(team: Team, columns: readonly number[]): Promise<Numbering[]> {
  const world = currentWorld();
  if (team.threads === 1) {
    return columns.map((column) => ({ codeOf: [], levels: packDictionary(world.dictionary(column)) }));
  }
  const firstRows = columns.map((column) => rowsOf(world.dictionary(column).entries()));
  const merged = await mergeLevels(team, columns, firstRows);
  return columns.map((column, c) => {
    const { order, codeOf } = byAppearance(merged[c]!, world.dictionary(column).levels);
    return { codeOf, levels: packLevelsInOrder(world.dictionary(column), order) };
  });
}

/** Levels of one thread: what they are among all levels, and the rows where they appeared first, which ascend. */
interface MergedLevels {
  readonly levels: Int32Array;
  readonly rows: Uint32Array;
}

/** The order in which levels appear, whichever thread met them: the threads' rows are merged. */
function byAppearance(
  threads: readonly MergedLevels[],
  count: number,
): { order: Int32Array; codeOf: Int32Array[] } {
  const order = new Int32Array(count);
  const codes = new Int32Array(count).fill(-1);
  const next = threads.map(() => 0);
  for (let used = 0; used < count; ) {
    let first = -1;
    for (let t = 0; t < threads.length; t++) {
      const at = next[t]!;
      const { rows } = threads[t]!;
      if (at < rows.length && (first < 0 || rows[at]! < threads[first]!.rows[next[first]!]!)) first = t;
    }
    const level = threads[first]!.levels[next[first]!++]!;
    if (codes[level]! >= 0) continue;
    codes[level] = used;
    order[used++] = level;
  }
  const codeOf = threads.map(({ levels }) => {
    const table = sharedArray(Int32Array, levels.length + 1);
    table[0] = -1;
    for (let i = 0; i < levels.length; i++) table[i + 1] = codes[levels[i]!]!;
    return table;
  });
  return { order, codeOf };
}

function rowsOf(entries: Uint32Array): Uint32Array {
  return Uint32Array.from(
    { length: entries.length / ENTRY_WORDS },
    (_, i) => entries[i * ENTRY_WORDS + ENTRY_ROW]!,
  );
}

/** Merges the threads' dictionaries of the text columns into the owner's, whose levels appear in `firstRows`. */
async function mergeLevels(
  team: Team,
  columns: readonly number[],
  firstRows: readonly Uint32Array[],
): Promise<MergedLevels[][]> {
  const { threads } = team;
  const sizes = sharedArray(Int32Array, threads * columns.length * 2);
  await team.gang(threadsModule, 'measureLevels', { columns, sizes });
  const world = currentWorld();
  const tables = Array.from({ length: threads }, (_, thread) =>
    columns.map((_, c): LevelTable => {
      const at = (thread * columns.length + c) * 2;
      const own = thread === 0;
      return {
        entries: sharedArray(Uint32Array, own ? 0 : sizes[at]! * ENTRY_WORDS),
        heap: sharedArray(Uint8Array, own ? 0 : sizes[at + 1]!),
      };
    }),
  );
  await team.gang(threadsModule, 'exportLevels', { columns, tables });
  return columns.map((column, c) => {
    const dictionary = world.dictionary(column);
    return tables.map((ofThread, thread) => {
      if (thread === 0) return { levels: Int32Array.from(firstRows[c]!, (_, i) => i), rows: firstRows[c]! };
      const { entries, heap } = ofThread[c]!;
      const rows = entries.length / ENTRY_WORDS;
      const levels = new Int32Array(rows);
      const appeared = rowsOf(entries);
      if (rows === 0) return { levels, rows: appeared };
      // In place of the lengths come the ends that an index has.
      for (let e = 0; e < entries.length; e += ENTRY_WORDS) entries[e + 1]! += entries[e]!;
      const text = world.arena.allocate(heap.length + READABLE_BEHIND);
      world.arena.viewU8(text, heap.length).set(heap);
      const index = world.arena.allocate(entries.byteLength);
      world.arena.viewI32(index, entries.length).set(entries);
      const codes = world.arena.i32(rows);
      dictionary.encode({ text, index, rows, stride: ENTRY_WORDS * 4, quote: -1, scratch: 0 }, codes);
      levels.set(world.arena.viewI32(codes, rows));
      return { levels, rows: appeared };
    });
  });
}

/** All levels of a dictionary, in its own order. */
export function packDictionary(dictionary: Dictionary): PackedLevels {
  return packLevelsInOrder(
    dictionary,
    Int32Array.from({ length: dictionary.levels }, (_, level) => level),
  );
}

/** The levels `order[0]`, `order[1]`, … of a dictionary. */
export function packLevelsInOrder(dictionary: Dictionary, order: Int32Array): PackedLevels {
  const entries = dictionary.entries();
  const heap = dictionary.heap();
  const offsets = new Uint32Array(order.length + 1);
  for (let code = 0; code < order.length; code++) {
    offsets[code + 1] = offsets[code]! + entries[order[code]! * ENTRY_WORDS + 1]!;
  }
  const bytes = new Uint8Array(offsets[order.length]!);
  let high = 0;
  for (let code = 0; code < order.length; code++) {
    const from = entries[order[code]! * ENTRY_WORDS]!;
    const length = offsets[code + 1]! - offsets[code]!;
    const to = offsets[code]!;
    for (let i = 0; i < length; i++) {
      const byte = heap[from + i]!;
      high |= byte;
      bytes[to + i] = byte;
    }
  }
  return { bytes, offsets, ascii: high < 128 };
}
