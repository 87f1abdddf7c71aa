import type { Team } from '../../kernels/host/team.ts';
import {
  SVM_NEWER,
  SVM_NEWEST,
  SVM_OLDER,
  SVM_OLDEST,
  SVM_ROW_BYTES,
  SVM_ROW_OF,
  SVM_SIZE,
  SVM_SLOT_OF,
} from '../../kernels/layout.ts';

/**
 * Where the cache of kernel rows and its books lie. Rows are in slots; the slots form a list by the time of their last
 * use.
 */
export interface RowCache {
  /** Address of the solver's record. */
  readonly record: number;
  readonly cache: number;
  readonly bytes: number;
  /**
   * Addresses of 32-bit integers: slot of each variable (−1: none), variable of each slot, newer and older neighbour of
   * each slot.
   */
  readonly slotOf: number;
  readonly rowOf: number;
  readonly newer: number;
  readonly older: number;
}

/** Books for up to `rows` variables. `bytes` holds two rows at least. */
export function allocateRows(team: Team, record: number, rows: number, bytes: number): RowCache {
  const { arena } = team;
  const size = Math.max(2 * 4 * paddedTo16(rows), Math.min(bytes, 4 * rows * paddedTo16(rows)));
  const [slotOf, rowOf, newer, older] = [0, 0, 0, 0].map(() => arena.i32(rows + 16)) as [
    number,
    number,
    number,
    number,
  ];
  return { record, cache: arena.allocate(size), bytes: size, slotOf, rowOf, newer, older };
}

export function paddedTo16(count: number): number {
  return Math.ceil(count / 16) * 16;
}

/** Slots of rows of `active` variables. */
function slotCount({ bytes }: RowCache, active: number): number {
  return Math.max(2, Math.min(active, Math.floor(bytes / (4 * paddedTo16(active)))));
}

/** Whether all rows of `size` variables fit. */
export function holdsAll(cache: RowCache, size: number): boolean {
  return slotCount(cache, size) >= size;
}

/**
 * Sets up the slots for rows of `active` variables, the first `held` of which hold the variables of `rows`, oldest
 * first.
 */
export function resetRows(
  team: Team,
  cache: RowCache,
  active: number,
  rows: Int32Array = new Int32Array(0),
): void {
  const { arena } = team;
  const slots = slotCount(cache, active);
  const record = arena.viewF64(cache.record, SVM_SIZE);
  arena.viewI32(cache.slotOf, paddedTo16(active)).fill(-1);
  const slotOf = arena.viewI32(cache.slotOf, active);
  const rowOf = arena.viewI32(cache.rowOf, slots).fill(-1);
  const newer = arena.viewI32(cache.newer, slots);
  const older = arena.viewI32(cache.older, slots);
  rows.forEach((row, slot) => {
    rowOf[slot] = row;
    slotOf[row] = slot;
  });
  // From the oldest to the newest: empty slots, then those that hold rows.
  let before = -1;
  for (let k = 0; k < slots; k++) {
    const slot = (rows.length + k) % slots;
    older[slot] = before;
    newer[slot] = -1;
    if (before >= 0) newer[before] = slot;
    else record[SVM_OLDEST] = slot;
    before = slot;
  }
  record[SVM_NEWEST] = before;
  record[SVM_ROW_BYTES] = 4 * paddedTo16(active);
  record[SVM_SLOT_OF] = cache.slotOf;
  record[SVM_ROW_OF] = cache.rowOf;
  record[SVM_NEWER] = cache.newer;
  record[SVM_OLDER] = cache.older;
}

/**
 * Keeps of each cached row the values at the positions `kept` (ascending), and the rows of those variables only; the
 * slots become smaller and more.
 */
export function narrowRows(team: Team, cache: RowCache, active: number, kept: Int32Array): void {
  const { arena } = team;
  const rowOf = arena.viewI32(cache.rowOf, slotCount(cache, active));
  const place = new Int32Array(active).fill(-1);
  kept.forEach((position, i) => {
    place[position] = i;
  });
  const slots: number[] = [];
  rowOf.forEach((row, slot) => {
    if (row >= 0 && place[row]! >= 0) slots.push(slot);
  });
  const [oldBytes, newBytes] = [4 * paddedTo16(active), 4 * paddedTo16(kept.length)];
  const held = slots.slice(0, slotCount(cache, kept.length));
  arena.scope(() => {
    const [list, keptAt] = [arena.place(Int32Array.from(held)), arena.place(kept)];
    team.callIfLarge(
      held.length * kept.length,
      'svmNarrowRows',
      ...([cache.cache, oldBytes, list, held.length, keptAt, kept.length] as const),
    );
  });
  const bytes = arena.viewU8(cache.cache, cache.bytes);
  held.forEach((slot, i) => {
    bytes.copyWithin(i * newBytes, slot * oldBytes, slot * oldBytes + newBytes);
  });
  resetRows(
    team,
    cache,
    kept.length,
    Int32Array.from(held, (slot) => place[rowOf[slot]!]!),
  );
}
