// Rows of a node by the rank of their value in one column. An entry is 64 bits: a place among the node's rows below, the rank above it, all ones
// when missing.

export const MISSING_RANK: u32 = 0xffffffff;

/** Entries up to which each is placed by counting the lesser ones. */
const FEW: i32 = 64;
const FEW_BITS: u32 = 6;
/** Room that the sort takes: for the keys of a few entries (padded to full vectors), or the counts of a digit. */
export const SORT_BYTES: usize = 2048 << 2;

/**
 * Sorts entries of ranks `least` … `greatest`, all different, by rank and place; returns where they are then: at `from` or at `to`, both of which are
 * overwritten.
 */
export function sortByRank(from: usize, to: usize, count: i32, least: u32, greatest: u32, room: usize): usize {
  const range = greatest - least;
  if (count <= FEW && range < 1 << (31 - FEW_BITS)) {
    placeFew(from, to, count, least, room);
    return to;
  }
  // Least significant digits first, stable: entries come by rising place.
  const width: u32 = count < 4096 ? 8 : 11;
  const mask = (<u32>1 << width) - 1;
  for (let shift: u32 = 0; shift < 32 && range >> shift > 0; shift += width) {
    memory.fill(room, 0, <usize>(mask + 1) << 2);
    const end = from + (<usize>count << 3);
    for (let at = from; at < end; at += 8) {
      const bucket = room + (<usize>(((load<u32>(at, 4) - least) >> shift) & mask) << 2);
      store<u32>(bucket, load<u32>(bucket) + 1);
    }
    let sum: u32 = 0;
    const last = room + (<usize>min(mask, range >> shift) << 2);
    for (let bucket = room; bucket <= last; bucket += 4) {
      const own = load<u32>(bucket);
      store<u32>(bucket, sum);
      sum += own;
    }
    for (let at = from; at < end; at += 8) {
      const entry = load<u64>(at);
      const bucket = room + (<usize>(((<u32>(entry >> 32) - least) >> shift) & mask) << 2);
      const place = load<u32>(bucket);
      store<u32>(bucket, place + 1);
      store<u64>(to + (<usize>place << 3), entry);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** The place of an entry is the number of lesser keys; a key is the rank, then the entry's number. Four at a time. */
// @ts-ignore: decorator
@inline
function placeFew(from: usize, to: usize, count: i32, least: u32, keys: usize): void {
  for (let i = 0; i < count; i++) {
    const rank = load<u32>(from + (<usize>i << 3), 4) - least;
    store<u32>(keys + (<usize>i << 2), (rank << FEW_BITS) | <u32>i);
  }
  const padded = (count + 3) & ~3;
  for (let i = count; i < padded; i++) store<u32>(keys + (<usize>i << 2), i32.MAX_VALUE);
  const end = keys + (<usize>count << 2);
  for (let i = 0; i < padded; i += 4) {
    const own = v128.load(keys + (<usize>i << 2));
    let lesser = i32x4.splat(0);
    for (let key = keys; key < end; key += 4) lesser = i32x4.sub(lesser, i32x4.lt_s(v128.load32_splat(key), own));
    const source = from + (<usize>i << 3);
    store<u64>(to + (<usize>i32x4.extract_lane(lesser, 0) << 3), load<u64>(source));
    if (i + 1 < count) store<u64>(to + (<usize>i32x4.extract_lane(lesser, 1) << 3), load<u64>(source, 8));
    if (i + 2 < count) store<u64>(to + (<usize>i32x4.extract_lane(lesser, 2) << 3), load<u64>(source, 16));
    if (i + 3 < count) store<u64>(to + (<usize>i32x4.extract_lane(lesser, 3) << 3), load<u64>(source, 24));
  }
}
