// Text cells of one CSV column become dictionary codes. A dictionary (u32 words): 0 slots, 1 slot mask, 2 entries held, 3 entries
// at most, 4 entry table, 5 heap, 6 heap used, 7 heap capacity, 8 entries that stand for missing; at byte 64, 16 bytes of ones, then
// 16 zeros. A slot is an entry number + 1 (u32, 0 is free). An entry is 32 bytes: heap offset, length, hash, row where it appeared (u32 each), then the
// first 16 bytes, zero-padded, so that most texts need no further look. Heap texts start on 8-byte borders and are zero-padded.
import { ESCAPED } from './csv-scan';

const END_MASK: u32 = 0x3fffffff;

/**
 * Codes (i32) of the rows from `from` on to `codes`, new texts entering the dictionary; −1 for empty and missing texts.
 * An empty text marked as escaped is a text.
 * Returns the row at which the dictionary is full, `rows` if none: the host enlarges it and calls again. `scratch` holds
 * the longest text; 16 bytes after every text are readable.
 */
export function csvCodes(thread: i32, threads: i32, text: usize, index: usize, from: i32, rows: i32, stride: i32, codes: usize, dictionary: usize, scratch: usize, quote: i32): i32 {
  const slots = <usize>load<u32>(dictionary);
  const mask = load<u32>(dictionary, 4);
  let held = load<u32>(dictionary, 8);
  const most = load<u32>(dictionary, 12);
  const entries = <usize>load<u32>(dictionary, 16);
  const heap = <usize>load<u32>(dictionary, 20);
  let used = load<u32>(dictionary, 24);
  const capacity = load<u32>(dictionary, 28);
  const reserved = <i32>load<u32>(dictionary, 32);
  index += <usize>from * stride;
  let r = from;
  for (; r < rows; r++, index += stride) {
    const entry = load<u64>(index);
    const upper = <u32>(entry >> 32);
    let pointer = text + <u32>entry;
    let length = (upper & END_MASK) - <u32>entry;
    if (length == 0 && (upper & ESCAPED) == 0) {
      store<i32>(codes + (<usize>r << 2), -1);
      continue;
    }
    if ((upper & ESCAPED) != 0) {
      length = unescape(pointer, length, scratch, quote);
      pointer = scratch;
    }
    const head = headOf(pointer, length, dictionary);
    const hash = hashOf(head, pointer, length);
    let slot = hash & mask;
    let code = -1;
    while (true) {
      const number = load<u32>(slots + (<usize>slot << 2));
      if (number == 0) break;
      const place = entries + (<usize>(number - 1) << 5);
      if (load<u32>(place, 4) == length && i8x16.all_true(i8x16.eq(v128.load(place, 16), head))) {
        if (length <= 16 || (load<u32>(place, 8) == hash && equal(pointer, heap + load<u32>(place), length))) {
          code = <i32>number - 1;
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
    if (code < 0) {
      const room = (length + 7) & ~7;
      if (held == most || used + room > capacity) break;
      memory.copy(heap + used, pointer, length);
      for (let i = length; i < room; i++) store<u8>(heap + used + i, 0);
      const place = entries + (<usize>held << 5);
      store<u32>(place, used);
      store<u32>(place, length, 4);
      store<u32>(place, hash, 8);
      store<u32>(place, r, 12);
      v128.store(place, head, 16);
      used += room;
      code = <i32>held;
      held++;
      store<u32>(slots + (<usize>slot << 2), held);
    }
    store<i32>(codes + (<usize>r << 2), code < reserved ? -1 : code - reserved);
  }
  store<u32>(dictionary, held, 8);
  store<u32>(dictionary, used, 24);
  return r;
}

/** Fills the zeroed slots of an enlarged dictionary from its entries. */
export function csvRehash(thread: i32, threads: i32, dictionary: usize): void {
  const slots = <usize>load<u32>(dictionary);
  const mask = load<u32>(dictionary, 4);
  const held = load<u32>(dictionary, 8);
  const entries = <usize>load<u32>(dictionary, 16);
  for (let e: u32 = 0; e < held; e++) {
    let slot = load<u32>(entries + (<usize>e << 5), 8) & mask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), e + 1);
  }
}

/** Copies a text with every doubled quote made single; returns its length. */
function unescape(pointer: usize, length: u32, to: usize, quote: i32): u32 {
  let out: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const c = load<u8>(pointer + i);
    if (<i32>c == quote) i++;
    store<u8>(to + out++, c);
  }
  return out;
}

/** The last 1 to 8 bytes of a text as a word, bytes behind them zero. */
// @ts-ignore: decorator
@inline
function tail(pointer: usize, length: u32): u64 {
  return load<u64>(pointer) & (<u64>-1 >> <u64>((8 - length) << 3));
}

/** The first 16 bytes of a text, bytes behind it zero. */
// @ts-ignore: decorator
@inline
function headOf(pointer: usize, length: u32, dictionary: usize): v128 {
  return v128.and(v128.load(pointer), v128.load(dictionary + 80 - <usize>min(length, 16)));
}

// @ts-ignore: decorator
@inline
function hashOf(head: v128, pointer: usize, length: u32): u32 {
  let hash = <u64>i64x2.extract_lane(head, 0) + <u64>i64x2.extract_lane(head, 1) * 0xff51afd7ed558ccd;
  if (length > 16) hash = hashOfRest(hash, pointer + 16, length - 16);
  // Folded first: high bits of a factor do not reach the low bits of a product.
  return <u32>(((hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15) >> 32);
}

function hashOfRest(hash: u64, pointer: usize, length: u32): u64 {
  while (length > 8) {
    hash = (hash ^ (hash >> 32) ^ load<u64>(pointer)) * 0xff51afd7ed558ccd;
    pointer += 8;
    length -= 8;
  }
  return (hash ^ (hash >> 32) ^ tail(pointer, length)) * 0xff51afd7ed558ccd;
}

function equal(pointer: usize, held: usize, length: u32): bool {
  while (length > 8) {
    if (load<u64>(pointer) != load<u64>(held)) return false;
    pointer += 8;
    held += 8;
    length -= 8;
  }
  return tail(pointer, length) == load<u64>(held);
}
