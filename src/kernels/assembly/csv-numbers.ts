// Cells of one CSV column, given the index of `csvScan`, become numbers. Row r's field lies at `index + r × stride`. What does not
// parse leaves NaN in place and its class in the mask (see `CELL` in the host).
import { BIG, BOOLEAN, DATE, DECIMAL, END_MASK, FIVES, HUNDREDS, INFINITE, INTEGER, LARGEST_EXACT, MISSING_TOKEN, NAN, NINES, PARSED, POWERS, parseNumber, TEN_THOUSANDS, TENS, TEXT, TOO_LONG, tokenKind, WINDOW, ZEROS } from './csv-classes';
import { isDate } from './iso-date';

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
  const tokenLengths = load<i32>(tokens, 8);
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
    const isToken = (tokenLengths >> <i32>min(to - from, 31)) & 1;
    const sign: u64 = load<u8>(from) == 45 ? 1 : 0;
    from += <usize>sign;
    const length = <i32>(to - from);
    // Digits before the point in a word, at most 16 behind it (or all of a whole number) in a vector, those between in a word.
    const point = <i32>ctz(i8x16.bitmask(i8x16.eq(v128.load(from), mark)) | 0x10000);
    const pointed = point < length;
    const before = pointed ? point : 0;
    const behind = pointed ? length - point - 1 : length;
    let plain = isToken == 0 && before <= 8 && behind <= 18 && <u32>(before + behind - 1) <= 18;
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
      if (token == MISSING_TOKEN) {
        // Nothing is seen.
      } else if (outcome == PARSED) {
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
