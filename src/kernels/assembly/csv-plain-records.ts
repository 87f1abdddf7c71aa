// The common case of `csvScan`: records without quotes and comments.
import { CR, LF } from './csv-classes';

/**
 * Indexes records of `columns` ≥ 2 fields without quotes and comments, from the record start `from` on, at most `most` of them and none
 * that starts at or after `limit`. Writes the position behind the last one to `state` and returns their number; what comes then may be
 * anything. Fields are written a block at a time: field k ends where field k + 1 starts but for the delimiter, so that one store
 * serves both and nothing depends on the store before it.
 */
export function plainRecords(text: usize, from: i32, end: i32, limit: i32, index: usize, fence: usize, columns: i32, most: i32, delimiters: v128, quotes: v128, comments: v128, state: usize): i32 {
  const lf = i8x16.splat(LF);
  const cr = i8x16.splat(CR);
  let rows = 0;
  let next = from;
  let out = index;
  /** Fields that the present record lacks, the present one included. */
  let lacking = columns;
  store<u32>(out, from);
  for (let base = from; base + 64 <= end && out + 65 * 8 <= fence; base += 64) {
    const a = v128.load(text + base);
    const b = v128.load(text + base, 16);
    const c = v128.load(text + base, 32);
    const d = v128.load(text + base, 48);
    const lfs = v128.or(v128.or(i8x16.eq(a, lf), i8x16.eq(b, lf)), v128.or(i8x16.eq(c, lf), i8x16.eq(d, lf)));
    const ends =
      <u64>i8x16.bitmask(v128.or(i8x16.eq(a, delimiters), i8x16.eq(a, lf))) |
      (<u64>i8x16.bitmask(v128.or(i8x16.eq(b, delimiters), i8x16.eq(b, lf))) << 16) |
      (<u64>i8x16.bitmask(v128.or(i8x16.eq(c, delimiters), i8x16.eq(c, lf))) << 32) |
      (<u64>i8x16.bitmask(v128.or(i8x16.eq(d, delimiters), i8x16.eq(d, lf))) << 48);
    const others = v128.or(
      v128.or(other(a, quotes, comments, delimiters, cr), other(b, quotes, comments, delimiters, cr)),
      v128.or(other(c, quotes, comments, delimiters, cr), other(d, quotes, comments, delimiters, cr)),
    );
    if (v128.any_true(others) && !onlyLineEnds(text + base, base + 64 < end, quotes, comments, delimiters)) break;
    let rest = ends;
    let to = out;
    do {
      for (let i = 0; i < 8; i++, to += 8) {
        const at = base + <i32>ctz(rest);
        store<u64>(to, <u64>at | (<u64>(at + 1) << 32), 4);
        rest &= rest - 1;
      }
    } while (rest != 0);
    let count = <i32>popcnt(ends);
    out += <usize>count << 3;
    if (v128.any_true(lfs)) {
      const block = out - (<usize>count << 3);
      let lines = matches(text + base, lf);
      let counted = 0;
      while (lines != 0) {
        const bit = ctz(lines);
        const field = <i32>popcnt(ends & ((<u64>1 << bit) - 1));
        if (field + 1 - counted != lacking) break;
        const at = base + <i32>bit;
        if (load<u8>(text + at - 1) == CR) store<u32>(block + (<usize>field << 3), at - 1, 4);
        counted = field + 1;
        lacking = columns;
        rows++;
        next = at + 1;
        if (next >= limit || rows == most) break;
        lines &= lines - 1;
      }
      if (lines != 0) break;
      count -= counted;
    }
    lacking -= count;
    if (lacking <= 0) break;
  }
  store<i32>(state, next);
  return rows;
}

/** Lanes that hold a quote, a comment's start or CR. Without quotes or comments their vectors hold the delimiter. */
// @ts-ignore: decorator
@inline
function other(block: v128, quotes: v128, comments: v128, delimiters: v128, cr: v128): v128 {
  const marks = v128.or(i8x16.eq(block, quotes), i8x16.eq(block, comments));
  return v128.or(v128.andnot(marks, i8x16.eq(block, delimiters)), i8x16.eq(block, cr));
}

/** Whether the other characters of a block are CRs before LFs only. */
function onlyLineEnds(block: usize, more: bool, quotes: v128, comments: v128, delimiters: v128): bool {
  const lf = i8x16.splat(LF);
  const cr = i8x16.splat(CR);
  for (let at: usize = 0; at < 64; at += 16) {
    const lanes = v128.load(block + at);
    const marks = v128.or(i8x16.eq(lanes, quotes), i8x16.eq(lanes, comments));
    if (v128.any_true(v128.andnot(marks, i8x16.eq(lanes, delimiters)))) return false;
  }
  const returns = matches(block, cr);
  if (((returns << 1) & ~matches(block, lf)) != 0) return false;
  return returns >> 63 == 0 || (more && load<u8>(block, 64) == LF);
}

/** The bytes of a block equal to `mark`, as bits. */
// @ts-ignore: decorator
@inline
function matches(block: usize, mark: v128): u64 {
  return (
    <u64>i8x16.bitmask(i8x16.eq(v128.load(block), mark)) |
    (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 16), mark)) << 16) |
    (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 32), mark)) << 32) |
    (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 48), mark)) << 48)
  );
}
