// Finds the structure of CSV text: records, fields, quotes. Positions are byte offsets from `text`; at least 64 readable
// bytes follow the text. A field of the index is 8 bytes: its start (u32), its end (30 bits), bit 30 = holds doubled
// quotes, bit 31 = was quoted. Quotes are not part of the field.
import { CR, LF } from './csv-classes';
import { plainRecords } from './csv-plain-records';

export const ESCAPED: u32 = 0x40000000;
export const QUOTED: u32 = 0x80000000;

/** Outcomes of a scan, in word 1 of its state. Known to the host as `SCAN`. */
const AT_LIMIT: i32 = 0;
const INDEX_FULL: i32 = 1;
const NEEDS_MORE: i32 = 2;
const RAGGED: i32 = 3;
const STRAY_TEXT: i32 = 4;

/** Records between two attempts to go on without looking at quotes. */
const PATIENCE: i32 = 16;

/** The number of line ends (LF, or CR without LF) in [from, end); the byte at `end` is readable. */
export function csvLines(thread: i32, threads: i32, text: usize, from: i32, end: i32): i32 {
  let lines = 0;
  for (let at = from; at < end; at++) {
    const c = load<u8>(text + at);
    if (c == LF || (c == CR && load<u8>(text + at + 1) != LF)) lines++;
  }
  return lines;
}

/** The position behind the first line end in [from − 1, end − 1), `end` if there is none. The bytes from − 1 and `end` are readable. */
export function csvNextLine(thread: i32, threads: i32, text: usize, from: i32, end: i32): i32 {
  for (let at = from - 1; at + 1 < end; at++) {
    const c = load<u8>(text + at);
    if (c == LF || (c == CR && load<u8>(text + at + 1) != LF)) return at + 1;
  }
  return end;
}

/**
 * Indexes the fields of whole records that start in [from, limit), at most `capacity` fields; `columns` fields make a
 * record, 0 accepts any number and stops after one record. Blank lines are left out. Bytes up to `end` are present.
 * Writes to `state` (i32): next position, outcome, position of the offending record or open quote, fields it has.
 * Returns the number of records.
 *
 * Blocks of 64 bytes become bit masks of the special characters (the idea of G. Langdale and D. Lemire, "Parsing gigabytes of
 * JSON per second", 2019), so plain bytes cost a fraction of a cycle.
 */
export function csvScan(thread: i32, threads: i32, text: usize, from: i32, end: i32, limit: i32, index: usize, capacity: i32, columns: i32, delimiter: i32, quote: i32, comment: i32, state: usize): i32 {
  const most = columns == 0 ? 1 : capacity / columns;
  const fence = index + (<usize>capacity << 3);
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>(quote < 0 ? delimiter : quote));
  const comments = i8x16.splat(<i8>(comment < 0 ? delimiter : comment));
  const lf = i8x16.splat(LF);
  const cr = i8x16.splat(CR);
  let rows = 0;
  let fields = 0;
  let out = index;
  let record = from;
  let start = from;
  /** End of the quoted content of the current field, −1 when it is not quoted. */
  let closed = -1;
  let flags: u32 = 0;
  let base = from;
  let outcome = AT_LIMIT;
  let errorAt = 0;
  if (from >= limit) {
    report(state, from, AT_LIMIT, 0, 0);
    return 0;
  }
  let running = true;
  /** Records to go before the loop for plain records is tried. */
  let wait = 0;
  while (running) {
    if (wait == 0) {
      wait = PATIENCE;
      const found = columns < 2 ? 0 : plainRecords(text, record, end, limit, out, fence, columns, most - rows, delimiters, quotes, comments, state);
      if (found > 0) {
        rows += found;
        out += <usize>(found * columns) << 3;
        record = start = base = load<i32>(state);
        if (record >= limit || rows == most) {
          outcome = record < limit ? INDEX_FULL : AT_LIMIT;
          break;
        }
      }
    }
    if (base >= end) {
      outcome = NEEDS_MORE;
      errorAt = -1;
      break;
    }
    let mask = specials(text + base, delimiters, quotes, comments, lf, cr);
    if (base + 64 > end) mask &= (<u64>1 << <u64>(end - base)) - 1;
    let following = base + 64;
    while (mask != 0) {
      const at = base + <i32>ctz(mask);
      mask &= mask - 1;
      const c = <i32>load<u8>(text + at);
      if (c == delimiter) {
        if (closed < 0) store<u64>(out, <u64>start | (<u64>at << 32));
        else if (blank(text, closed + 1, at)) {
          store<u64>(out, <u64>(start + 1) | (<u64>(<u32>closed | flags) << 32));
          closed = -1;
        } else {
          running = false;
          outcome = STRAY_TEXT;
          errorAt = closed;
          break;
        }
        fields++;
        start = at + 1;
        if (out + 8 < fence) out += 8;
        else if (columns == 0) {
          running = false;
          outcome = INDEX_FULL;
          break;
        }
        // Else the row is ragged, and only the count of its fields still matters.
        continue;
      }
      if (c == quote) {
        if (closed < 0 && at != start) continue;
        running = false;
        errorAt = closed;
        outcome = STRAY_TEXT;
        if (closed >= 0) break;
        errorAt = at;
        outcome = NEEDS_MORE;
        flags = QUOTED;
        let q = at + 1;
        while (true) {
          q = find(text, q, end, quotes);
          if (q + 1 >= end) break;
          if (<i32>load<u8>(text + q + 1) != quote) {
            running = true;
            outcome = AT_LIMIT;
            closed = q;
            break;
          }
          flags |= ESCAPED;
          q += 2;
        }
        following = q + 1;
        break;
      }
      // A line ends here: at its terminator, or at a comment.
      let next = at + 1;
      if (c == comment) {
        while (next <= end && load<u8>(text + next - 1) != LF && load<u8>(text + next - 1) != CR) next++;
      }
      if (next > end || (next == end && load<u8>(text + next - 1) == CR)) {
        running = false;
        outcome = NEEDS_MORE;
        errorAt = -1;
        break;
      }
      if (load<u8>(text + next - 1) == CR && load<u8>(text + next) == LF) next++;
      if (closed < 0 && fields == 0 && blank(text, start, at)) {
        // A blank or comment line is no record.
      } else {
        if (closed < 0) store<u64>(out, <u64>start | (<u64>at << 32));
        else if (blank(text, closed + 1, at)) {
          store<u64>(out, <u64>(start + 1) | (<u64>(<u32>closed | flags) << 32));
          closed = -1;
        } else {
          running = false;
          outcome = STRAY_TEXT;
          errorAt = closed;
          break;
        }
        fields++;
        if (fields != columns && columns != 0) {
          running = false;
          outcome = RAGGED;
          errorAt = record;
          break;
        }
        out += 8;
        rows++;
      }
      record = start = next;
      running = next < limit && rows < most;
      if (!running) {
        outcome = next < limit ? INDEX_FULL : AT_LIMIT;
        break;
      }
      fields = 0;
      if (--wait == 0 || next - base >= 64) {
        following = next;
        break;
      }
      mask = (mask >> <u64>(next - base)) << <u64>(next - base);
    }
    base = following;
  }
  report(state, record, outcome, errorAt, fields);
  return rows;
}

function report(state: usize, next: i32, outcome: i32, at: i32, fields: i32): void {
  store<i32>(state, next);
  store<i32>(state, outcome, 4);
  store<i32>(state, at, 8);
  store<i32>(state, fields, 12);
}

// @ts-ignore: decorator
@inline
function specials(pointer: usize, delimiters: v128, quotes: v128, comments: v128, lf: v128, cr: v128): u64 {
  return (
    <u64>specials16(pointer, delimiters, quotes, comments, lf, cr) |
    (<u64>specials16(pointer + 16, delimiters, quotes, comments, lf, cr) << 16) |
    (<u64>specials16(pointer + 32, delimiters, quotes, comments, lf, cr) << 32) |
    (<u64>specials16(pointer + 48, delimiters, quotes, comments, lf, cr) << 48)
  );
}

// @ts-ignore: decorator
@inline
function specials16(pointer: usize, delimiters: v128, quotes: v128, comments: v128, lf: v128, cr: v128): u32 {
  const block = v128.load(pointer);
  return <u32>i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(block, delimiters), i8x16.eq(block, quotes)),
      v128.or(v128.or(i8x16.eq(block, lf), i8x16.eq(block, cr)), i8x16.eq(block, comments)),
    ),
  );
}

/** The first byte equal to the wanted one at or after `from`; a position ≥ `end` when there is none before `end`. */
function find(text: usize, from: i32, end: i32, wanted: v128): i32 {
  for (let at = from; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(text + at), wanted));
    if (mask != 0) return at + ctz(mask);
  }
  return end;
}

// @ts-ignore: decorator
@inline
function blank(text: usize, from: i32, to: i32): bool {
  for (let at = from; at < to; at++) {
    const c = load<u8>(text + at);
    if (c != 32 && c != 9) return false;
  }
  return true;
}

/** The first byte in [from, to) that no well-formed UTF-8 sequence covers (Unicode table 3-7), −1 if all is well. */
export function utf8Error(thread: i32, threads: i32, text: usize, from: i32, to: i32): i32 {
  let at = from;
  while (at < to) {
    while (at + 64 <= to && allAscii(text + at)) at += 64;
    if (at >= to) break;
    const a = <i32>load<u8>(text + at);
    if (a < 0x80) {
      at++;
      continue;
    }
    const b = <i32>load<u8>(text + at + 1);
    if (a < 0xc2 || a > 0xf4) return at;
    if (a < 0xe0) {
      if ((b & 0xc0) != 0x80) return at;
      at += 2;
      continue;
    }
    const low = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
    const top = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
    if (b < low || b > top || (load<u8>(text + at + 2) & 0xc0) != 0x80) return at;
    if (a < 0xf0) {
      at += 3;
      continue;
    }
    if ((load<u8>(text + at + 3) & 0xc0) != 0x80) return at;
    at += 4;
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function allAscii(pointer: usize): bool {
  const a = v128.or(v128.load(pointer), v128.load(pointer + 16));
  const b = v128.or(v128.load(pointer + 32), v128.load(pointer + 48));
  return i8x16.bitmask(v128.or(a, b)) == 0;
}
