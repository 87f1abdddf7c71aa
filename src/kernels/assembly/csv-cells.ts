// Cells of one CSV column, given the index of `csvScan`, become numbers, booleans or dates. Row r's field lies at
// `index + r × stride`. What does not parse leaves the missing value in place and its class in the mask (see `CELL` in the host).
import { ESCAPED } from './csv-scan';

/** Classes of cells, as bits. */
const INTEGER: i32 = 1;
const DECIMAL: i32 = 2;
const BIG: i32 = 4;
const BOOLEAN: i32 = 8;
const DATE: i32 = 16;
const TEXT: i32 = 32;

/** Kinds of tokens. */
const MISSING_TOKEN: i32 = 1;
const TRUE_TOKEN: i32 = 2;

const END_MASK: u32 = 0x3fffffff;
const LARGEST_EXACT: u64 = 9007199254740992;

// The tables of `number-tables.ts`, as byte offsets: powers of ten (f64), a NaN, powers of ten (u64), vectors, powers of five.
const NAN: usize = 184;
const POWERS: usize = 192;
const ZEROS: usize = 352;
const NINES: usize = 368;
const TENS: usize = 384;
const HUNDREDS: usize = 400;
const TEN_THOUSANDS: usize = 416;
/** 16 zero bytes, then 16 bytes of ones: the vector at + n keeps the last n lanes. */
const WINDOW: usize = 432;
const FIVES: usize = 464;

// Outcomes of `parseNumber`, in word 0 of its scratch; mantissa (u64) at 8, exponent of ten (i32) at 4.
const NOT_A_NUMBER: i32 = 0;
const PARSED: i32 = 1;
const INFINITE: i32 = 2;
const TOO_LONG: i32 = 3;

/**
 * Numbers of a column: float64 to `values`, 1 to `missing` where a cell is missing, NaN there and where a cell is no number.
 * `tables`: see `number-tables.ts`. `tokens`: see `tokenKind`. Rows whose digits need exact arithmetic go to `slow` (i32 each) for
 * the host. `summary` (i32): mask of classes, missing cells, slow cells, first row of the class `watched` (−1: none).
 *
 * A sweep takes the common cells, so that its loop stays small; what it leaves goes through every rule.
 */
export function csvNumbers(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, slow: usize, summary: usize, tables: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let left = 0;
  let missed = 0;
  let mask = 0;
  const mark = i8x16.splat(<i8>decimal);
  let place = index;
  for (let r = 0; r < rows; r++, place += stride) {
    const entry = load<u64>(place);
    const to = text + (<u32>(entry >> 32) & END_MASK);
    let from = text + <u32>entry;
    if (from == to) {
      store<f64>(values + (<usize>r << 3), load<f64>(tables + NAN));
      store<u8>(missing + r, 1);
      missed++;
      continue;
    }
    store<u8>(missing + r, 0);
    const sign: u64 = load<u8>(from) == 45 ? 1 : 0;
    from += <usize>sign;
    const length = <i32>(to - from);
    // Digits before the point in a word, at most 16 behind it (or all of a whole number) in a vector, those between in a word.
    const point = <i32>ctz(i8x16.bitmask(i8x16.eq(v128.load(from), mark)) | 0x10000);
    const pointed = point < length;
    const before = pointed ? point : 0;
    const behind = pointed ? length - point - 1 : length;
    let plain = before <= 8 && behind <= 18 && <u32>(before + behind - 1) <= 18;
    const last = v128.and(
      i8x16.sub(v128.load(to - 16), v128.load(tables + ZEROS)),
      v128.load(tables + WINDOW + <usize>min(<u32>behind, 16)),
    );
    if (v128.any_true(i8x16.sub_sat_u(last, v128.load(tables + NINES)))) plain = false;
    let m = valueOf16(last, tables);
    if (plain && before != 0) {
      const word = rightAligned(from, before);
      plain = eightDigits(word);
      m += valueOfEight(word) * load<u64>(tables + POWERS + (<usize>behind << 3));
    }
    if (plain && behind > 16) {
      const word = rightAligned(to - behind, behind - 16);
      plain = eightDigits(word);
      m += valueOfEight(word) * 10000000000000000;
    }
    let value: f64;
    if (m <= LARGEST_EXACT) {
      // W. Clinger: both operands are exact, so one rounding gives the nearest double.
      value = <f64>m;
      if (pointed) value /= load<f64>(tables + (<usize>(behind & 31) << 3));
    } else {
      if (!pointed) plain = false;
      value = nearestDouble(m, -(behind & 31), tables + FIVES);
    }
    if (!plain) {
      store<i32>(slow + (left++ << 2), r);
      continue;
    }
    mask |= INTEGER << <i32>pointed;
    store<u64>(values + (<usize>r << 3), reinterpret<u64>(value) | (sign << 63));
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, -1, 12);
  if (left > 0) numbersLeft(text, index, left, stride, values, missing, slow, summary, tables, tokens, decimal, thousands, watched);
}

/** The cells in the rows `slow`, by all rules; adds to the summary of {@link csvNumbers}. */
function numbersLeft(text: usize, index: usize, left: i32, stride: i32, values: usize, missing: usize, slow: usize, summary: usize, tables: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let mask = load<i32>(summary);
  let missed = load<i32>(summary, 4);
  let slowCount = 0;
  let first = -1;
  const scratch = summary + 16;
  const nan = load<f64>(tables + NAN);
  for (let i = 0; i < left; i++) {
    const r = load<i32>(slow + (i << 2));
    const entry = load<u64>(index + <usize>r * stride);
    let from = text + <u32>entry;
    let to = text + (<u32>(entry >> 32) & END_MASK);
    while (from < to && load<u8>(from) <= 32) from++;
    while (from < to && load<u8>(to - 1) <= 32) to--;
    let value = nan;
    let seen = 0;
    if (from < to) {
      parseNumber(from, to, decimal, thousands, scratch);
      const outcome = load<i32>(scratch);
      const negative = load<u8>(from) == 45;
      const token = tokenKind(tokens, from, <i32>(to - from));
      if (outcome == PARSED) {
        const m = load<u64>(scratch, 8);
        const exponent = load<i32>(scratch, 4);
        seen = load<i32>(scratch, 16);
        if (seen == INTEGER && m > LARGEST_EXACT) seen |= BIG;
        if (m <= LARGEST_EXACT && exponent >= -22 && exponent <= 22) {
          value = exponent < 0 ? <f64>m / load<f64>(tables - (exponent << 3)) : <f64>m * load<f64>(tables + (exponent << 3));
        } else value = nearestDouble(m, exponent, tables + FIVES);
        // NaN means that the digits need exact arithmetic.
        if (value != value) store<i32>(slow + (slowCount++ << 2), r);
        else if (negative) value = -value;
      } else if (outcome == INFINITE) {
        value = negative ? -Infinity : Infinity;
        seen = DECIMAL;
      } else if (token == MISSING_TOKEN) {
        // Nothing is seen.
      } else if (outcome == TOO_LONG) {
        store<i32>(slow + (slowCount++ << 2), r);
        seen = load<i32>(scratch, 16);
        if (seen == INTEGER) seen |= BIG;
      } else seen = token != 0 ? BOOLEAN : isDate(from, to, scratch) ? DATE : TEXT;
    }
    if (seen == 0) {
      missed++;
      store<u8>(missing + r, 1);
    }
    mask |= seen;
    if (first < 0 && (seen & watched) != 0) first = r;
    store<f64>(values + (<usize>r << 3), value);
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, slowCount, 8);
  store<i32>(summary, first, 12);
}

/** Booleans of a column: 0 or 1 (u8) to `values`; otherwise as {@link csvNumbers}. */
export function csvBooleans(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, summary: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let mask = 0;
  let missed = 0;
  let first = -1;
  for (let r = 0; r < rows; r++, index += stride) {
    const entry = load<u64>(index);
    const from = text + <u32>entry;
    const to = text + (<u32>(entry >> 32) & END_MASK);
    const token = from == to ? MISSING_TOKEN : tokenKind(tokens, from, <i32>(to - from));
    if (token == MISSING_TOKEN) missed++;
    else {
      const seen = token != 0 ? BOOLEAN : classOf(from, to, decimal, thousands, tokens, summary + 16);
      mask |= seen;
      if (seen == 0) missed++;
      if (first < 0 && (seen & watched) != 0) first = r;
      store<u8>(missing + r, seen == 0 ? 1 : 0);
      store<u8>(values + r, token == TRUE_TOKEN ? 1 : 0);
      continue;
    }
    store<u8>(missing + r, 1);
    store<u8>(values + r, 0);
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, first, 12);
}

/** ISO 8601 dates and times of a column: milliseconds since 1970 in UTC (f64) to `values`; otherwise as {@link csvNumbers}. */
export function csvDates(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, summary: usize, tables: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let mask = 0;
  let missed = 0;
  let first = -1;
  const scratch = summary + 16;
  const nan = load<f64>(tables + NAN);
  for (let r = 0; r < rows; r++, index += stride) {
    const entry = load<u64>(index);
    let from = text + <u32>entry;
    let to = text + (<u32>(entry >> 32) & END_MASK);
    while (from < to && load<u8>(from) <= 32) from++;
    while (from < to && load<u8>(to - 1) <= 32) to--;
    let value = nan;
    let isMissing: u8 = 0;
    if (from == to) isMissing = 1;
    else if (isDate(from, to, scratch)) {
      value = load<f64>(scratch);
      mask |= DATE;
      if (first < 0 && (DATE & watched) != 0) first = r;
    } else {
      const seen = classOf(from, to, decimal, thousands, tokens, scratch);
      if (seen == 0) isMissing = 1;
      mask |= seen;
      if (first < 0 && (seen & watched) != 0) first = r;
    }
    missed += isMissing;
    store<f64>(values + (<usize>r << 3), value);
    store<u8>(missing + r, isMissing);
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, first, 12);
}

/** The class of a cell; 0 when it is missing. */
function classOf(from: usize, to: usize, decimal: i32, thousands: i32, tokens: usize, scratch: usize): i32 {
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
 * min(length, 31)), then per token length, kind, address (i32 each).
 */
function tokenKind(tokens: usize, from: usize, length: i32): i32 {
  if (((load<i32>(tokens, 4) >> min(length, 31)) & 1) == 0) return 0;
  let row = tokens + 8;
  for (let n = load<i32>(tokens); n > 0; n--, row += 12) {
    if (load<i32>(row) == length && memory.compare(from, load<u32>(row, 8), length) == 0) return load<i32>(row, 4);
  }
  return 0;
}

/** Any decimal number, thousands separators and exponent included; leading zeros do not count as digits. */
function parseNumber(from: usize, to: usize, decimal: i32, thousands: i32, scratch: usize): void {
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

/**
 * The double nearest to m × 10^exponent by one 64 × 128 bit product: D. Lemire, "Number parsing at a gigabyte per second",
 * 2021, with N. Mushtak and D. Lemire, "Fast number parsing without fallback", 2023. NaN for subnormal results.
 */
function nearestDouble(m: u64, exponent: i32, fives: usize): f64 {
  if (m == 0 || exponent < -342) return 0;
  if (exponent > 308) return Infinity;
  const shift = clz(m);
  const w = m << shift;
  const row = fives + (<usize>(exponent + 342) << 4);
  const upperFive = load<u64>(row);
  let low = w * upperFive;
  let high = upperProduct(w, upperFive);
  if ((high & 0x1ff) == 0x1ff) {
    const more = upperProduct(w, load<u64>(row, 8));
    low += more;
    if (more > low) high++;
  }
  const top = <i32>(high >> 63);
  let mantissa = high >> <u64>(top + 9);
  // floor(log2(10^q)) = 217706 q >> 16 in this range; 1023 is the exponent bias.
  let binary = ((217706 * exponent) >> 16) + 63 + top - <i32>shift + 1023;
  if (binary <= 0) return NaN;
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << <u64>(top + 9) == high) {
    // Exactly halfway: round to even.
    mantissa &= ~(<u64>1);
  }
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 1 << 53) {
    mantissa = 1 << 52;
    binary++;
  }
  if (binary >= 2047) return Infinity;
  return reinterpret<f64>((mantissa & 0xfffffffffffff) | (<u64>binary << 52));
}

/** The upper half of a 64 × 64 bit product. */
// @ts-ignore: decorator
@inline
function upperProduct(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  return a1 * b1 + (middle >> 32) + ((a0 * b1 + (middle & 0xffffffff)) >> 32);
}

/** Sixteen digits, the most significant in lane 0, as a number: pairs, fours, eights. */
// @ts-ignore: decorator
@inline
function valueOf16(digits: v128, tables: usize): u64 {
  const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(digits, v128.load(tables + TENS));
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(tables + HUNDREDS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(tables + TEN_THOUSANDS));
  const both = i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (<u64>both >> 32);
}

/** The first 1 to 8 characters at `p` as the last ones of eight, zeros before them. */
// @ts-ignore: decorator
@inline
function rightAligned(p: usize, count: i32): u64 {
  const unused = <u64>(64 - (count << 3));
  return (load<u64>(p) << unused) | (0x3030303030303030 & ((<u64>1 << unused) - 1));
}

// @ts-ignore: decorator
@inline
function eightDigits(word: u64): bool {
  return ((word & 0xf0f0f0f0f0f0f0f0) | (((word + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

/** Eight ASCII digits, first one lowest, by pairwise multiply and add. */
// @ts-ignore: decorator
@inline
function valueOfEight(word: u64): u64 {
  const pairs = ((word & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  const fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/**
 * Whether the bytes are YYYY-MM-DD, alone or with [T or blank]HH:MM[:SS[.fraction]] and [Z | ±HH[[:]MM]]; the time, UTC
 * unless an offset says otherwise, goes to `result` (f64, milliseconds since 1970; up to nine digits of a second's fraction).
 */
function isDate(from: usize, to: usize, result: usize): bool {
  const length = <i32>(to - from);
  if (length < 10 || length > 40) return false;
  const year = number(from, 4);
  const month = number(from + 5, 2);
  const day = number(from + 8, 2);
  if (load<u8>(from + 4) != 45 || load<u8>(from + 7) != 45 || (year | month | day) < 0) return false;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(month, year)) return false;
  let ms = <f64>daysSince1970(year, month, day) * 86400000;
  let p = from + 10;
  if (p < to) {
    const separator = load<u8>(p);
    if ((separator != 84 && separator != 116 && separator != 32) || to - p < 6) return false;
    const hour = number(p + 1, 2);
    const minute = number(p + 4, 2);
    if (load<u8>(p + 3) != 58 || (hour | minute) < 0 || hour > 23 || minute > 59) return false;
    ms += <f64>(hour * 60 + minute) * 60000;
    p += 6;
    if (p < to && load<u8>(p) == 58) {
      const second = to - p < 3 ? -1 : number(p + 1, 2);
      if (second < 0 || second > 59) return false;
      ms += <f64>second * 1000;
      p += 3;
      if (p < to && (load<u8>(p) == 46 || load<u8>(p) == 44)) {
        const start = ++p;
        let fraction: f64 = 0;
        let scale: f64 = 1;
        while (p < to) {
          const d = <u32>load<u8>(p) - 48;
          if (d > 9) break;
          if (p - start < 9) {
            fraction = fraction * 10 + <f64>d;
            scale *= 10;
          }
          p++;
        }
        if (p == start) return false;
        ms += (fraction * 1000) / scale;
      }
    }
    if (p < to) {
      const zone = load<u8>(p);
      if (zone == 90 || zone == 122) p++;
      else if (zone == 43 || zone == 45) {
        if (to - p < 3) return false;
        const hours = number(p + 1, 2);
        let minutes = 0;
        p += 3;
        if (p < to) {
          if (load<u8>(p) == 58) p++;
          if (to - p != 2) return false;
          minutes = number(p, 2);
          p += 2;
        }
        if ((hours | minutes) < 0 || hours > 15 || minutes > 59) return false;
        const offset = <f64>(hours * 60 + minutes) * 60000;
        ms += zone == 43 ? -offset : offset;
      }
      if (p != to) return false;
    }
  }
  store<f64>(result, ms);
  return true;
}

/** `count` digits as a number, −1 if one is no digit. */
function number(p: usize, count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const d = <u32>load<u8>(p + i) - 48;
    if (d > 9) return -1;
    value = value * 10 + d;
  }
  return value;
}

function daysOf(month: i32, year: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March and eras of 400 years (H. Hinnant). */
function daysSince1970(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}
