import { sharedArray } from '../../../core/shared.ts';
import type { Team } from '../../../kernels/host/team.ts';
import { type Dictionary, ENTRY_WORDS } from './dictionary.ts';
import { currentWorld, type LevelTable, type RenumberedColumn, threadsModule } from './threads.ts';

/** The texts of one column in order of their codes, packed: text i is bytes [offsets[i], offsets[i + 1]), UTF-8. */
export interface PackedLevels {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly ascii: boolean;
}

const READABLE_BEHIND = 16;

/**
 * Merges the threads' dictionaries of the text columns into the owner's. Per column and thread: the merged level of each of
 * the thread's levels.
 */
export async function mergeLevels(team: Team, columns: readonly number[]): Promise<Int32Array[][]> {
  const { threads } = team;
  const sizes = sharedArray(Int32Array, threads * columns.length * 2);
  await team.gang(threadsModule, 'measureLevels', { columns, sizes });
  const world = currentWorld();
  const identity = columns.map((_, c) => sharedArray(Int32Array, sizes[c * 2]!).map((_, i) => i));
  if (threads === 1) return identity.map((own) => [own]);
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
      if (thread === 0) return identity[c]!;
      const { entries, heap } = ofThread[c]!;
      const rows = entries.length / ENTRY_WORDS;
      const levels = sharedArray(Int32Array, rows);
      if (rows === 0) return levels;
      // In place of the lengths come the ends that an index has.
      for (let e = 0; e < entries.length; e += ENTRY_WORDS) entries[e + 1]! += entries[e]!;
      const text = world.arena.allocate(heap.length + READABLE_BEHIND);
      world.arena.viewU8(text, heap.length).set(heap);
      const index = world.arena.allocate(entries.byteLength);
      world.arena.viewI32(index, entries.length).set(entries);
      const codes = world.arena.i32(rows);
      dictionary.encode({ text, index, rows, stride: ENTRY_WORDS * 4, quote: -1, scratch: 0 }, codes);
      levels.set(world.arena.viewI32(codes, rows));
      return levels;
    });
  });
}

/** The levels of a column whose codes are final. */
export function packLevels(column: number, { order }: RenumberedColumn): PackedLevels {
  return packLevelsInOrder(currentWorld().dictionary(column), order.subarray(0, order[order.length - 1]!));
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
