// What the kernels of CSV columns share: classes of cells, tokens, decimal numbers by every rule.
import { isDate } from './iso-date';

export const LF: u8 = 10;
export const CR: u8 = 13;

/** Classes of cells, as bits. */
export const INTEGER: i32 = 1;
export const DECIMAL: i32 = 2;
export const BIG: i32 = 4;
export const BOOLEAN: i32 = 8;
export const DATE: i32 = 16;
export const TEXT: i32 = 32;

/** Kinds of tokens. */
export const MISSING_TOKEN: i32 = 1;
export const TRUE_TOKEN: i32 = 2;

export const END_MASK: u32 = 0x3fffffff;
export const LARGEST_EXACT: u64 = 9007199254740992;

// The tables of `number-tables.ts`, as byte offsets: powers of ten (f64), a NaN, powers of ten (u64), vectors, powers of five, shuffles,
// then what two short numbers at a time need: shuffles of the first and of the second, signed powers of ten.
export const NAN: usize = 184;
export const POWERS: usize = 192;
export const ZEROS: usize = 352;
export const NINES: usize = 368;
export const TENS: usize = 384;
export const HUNDREDS: usize = 400;
export const TEN_THOUSANDS: usize = 416;
export const FIVES: usize = 432;
export const SHUFFLES: usize = 10848;
export const BY_POINT: usize = 19552;
export const FIRST_OF_TWO: usize = 19696;
export const SECOND_OF_TWO: usize = 20848;
export const SIGNED_POWERS: usize = 22000;

// Outcomes of `parseNumber`, in word 0 of its scratch; mantissa (u64) at 8, exponent of ten (i32) at 4.
export const NOT_A_NUMBER: i32 = 0;
export const PARSED: i32 = 1;
export const INFINITE: i32 = 2;
export const TOO_LONG: i32 = 3;

/** The class of a cell; 0 when it is missing. */
export function classOf(from: usize, to: usize, decimal: i32, thousands: i32, tokens: usize, scratch: usize): i32 {
  while (from < to && load<u8>(from) <= 32) from++;
  while (from < to && load<u8>(to - 1) <= 32) to--;
  if (from == to) return 0;
  const token = tokenKind(tokens, from, <i32>(to - from));
  if (token == MISSING_TOKEN) return 0;
  parseNumber(from, to, decimal, thousands, scratch);
  const outcome = load<i32>(scratch);
  if (outcome == INFINITE) return DECIMAL;
  if (outcome != NOT_A_NUMBER) {
    const kind = load<i32>(scratch, 16);
    const big = kind == INTEGER && (outcome == TOO_LONG || load<u64>(scratch, 8) > LARGEST_EXACT);
    return big ? INTEGER | BIG : kind;
  }
  if (token != 0) return BOOLEAN;
  return isDate(from, to, scratch) ? DATE : TEXT;
}

/**
 * The kind of the token equal to the bytes, 0 for none. The table: number of tokens (i32), a mask of their lengths (bit
 * min(length, 31)), the same of tokens that may be numbers, then per token length, kind, address (i32 each).
 */
export function tokenKind(tokens: usize, from: usize, length: i32): i32 {
  if (((load<i32>(tokens, 4) >> min(length, 31)) & 1) == 0) return 0;
  let row = tokens + 12;
  for (let n = load<i32>(tokens); n > 0; n--, row += 12) {
    if (load<i32>(row) == length && memory.compare(from, load<u32>(row, 8), length) == 0) return load<i32>(row, 4);
  }
  return 0;
}

/** Any decimal number, thousands separators and exponent included; leading zeros do not count as digits. */
export function parseNumber(from: usize, to: usize, decimal: i32, thousands: i32, scratch: usize): void {
  store<i32>(scratch, NOT_A_NUMBER);
  let p = from;
  const sign = load<u8>(p);
  if (sign == 45 || sign == 43) p++;
  let m: u64 = 0;
  let digits = 0;
  let significant = 0;
  let exponent = 0;
  let kind = INTEGER;
  let pointSeen = false;
  while (p < to) {
    const c = <i32>load<u8>(p);
    const d = <u32>c - 48;
    if (d <= 9) {
      digits++;
      if (significant > 0 || d != 0) significant++;
      if (significant <= 19) m = m * 10 + d;
      if (pointSeen) exponent--;
    } else if (c == decimal && !pointSeen) {
      pointSeen = true;
      kind = DECIMAL;
    } else if (c == thousands && digits > 0 && !pointSeen && p + 1 < to && <u32>load<u8>(p + 1) - 48 <= 9) {
      // Skipped.
    } else break;
    p++;
  }
  if (digits == 0) {
    // inf, infinity in any case.
    const length = <i32>(to - p);
    if ((length == 3 || length == 8) && !pointSeen && infinite(p, length)) store<i32>(scratch, INFINITE);
    return;
  }
  if (p < to && (load<u8>(p) | 32) == 101) {
    p++;
    kind = DECIMAL;
    let negative = false;
    if (p < to && (load<u8>(p) == 45 || load<u8>(p) == 43)) negative = load<u8>(p++) == 45;
    let power = 0;
    const start = p;
    while (p < to) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) break;
      if (power < 100000) power = power * 10 + d;
      p++;
    }
    if (p == start) return;
    exponent += negative ? -power : power;
  }
  if (p != to) return;
  store<i32>(scratch, significant > 19 ? TOO_LONG : PARSED);
  store<i32>(scratch, exponent, 4);
  store<u64>(scratch, m, 8);
  store<i32>(scratch, kind, 16);
}

function infinite(p: usize, length: i32): bool {
  // "inf" and "inity" as little-endian words, compared in lower case.
  if (((<u32>load<u16>(p) | (<u32>load<u8>(p + 2) << 16)) | 0x202020) != 0x666e69) return false;
  return length == 3 || ((load<u32>(p + 3) | 0x20202020) == 0x74696e69 && (load<u8>(p + 7) | 32) == 121);
}

