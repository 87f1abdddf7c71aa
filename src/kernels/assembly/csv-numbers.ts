// Cells of one CSV column, given the index of `csvScan`, become numbers. Row r's field lies at `index + r × stride`. What does not
// parse leaves NaN in place and its class in the mask (see `CELL` in the host).
import { BIG, BOOLEAN, BY_POINT, DATE, DECIMAL, END_MASK, FIRST_OF_TWO, FIVES, HUNDREDS, INFINITE, INTEGER, LARGEST_EXACT, MISSING_TOKEN, NAN, NINES, PARSED, parseNumber, POWERS, SECOND_OF_TWO, SHUFFLES, SIGNED_POWERS, TEN_THOUSANDS, TENS, TEXT, tokenKind, TOO_LONG, ZEROS } from './csv-classes';
import { isDate } from './iso-date';

/**
 * Numbers of a column: float64 to `values`, 1 to `missing` where a cell is missing (0 elsewhere), NaN there and where a cell is no
 * number. `tables`: see `number-tables.ts`. `tokens`: see `tokenKind`. Rows whose digits need exact arithmetic go to `slow` (i32 each)
 * for the host. `summary` (i32): mask of classes, missing cells, slow cells, first row of the class `watched` (−1: none).
 *
 * A sweep takes the common cells, at most 15 characters behind the sign: their digits close up over the decimal mark in one shuffle, and
 * two neighbours of at most 8 characters share it.
 * What it leaves goes to a sweep for 16 to 20 characters, and what that leaves through every rule.
 */
export function csvNumbers(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, slow: usize, summary: usize, tables: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let left = 0;
  let missed = 0;
  let points: u32 = 0;
  const mark = i8x16.splat(<i8>decimal);
  const zeros = v128.load(tables + ZEROS);
  const nines = v128.load(tables + NINES);
  const tens = v128.load(tables + TENS);
  const hundreds = v128.load(tables + HUNDREDS);
  const tenThousands = v128.load(tables + TEN_THOUSANDS);
  const tokenLengths = load<i32>(tokens, 8);
  memory.fill(missing, 0, rows);
  let row = 0;
  if (areLong(index, rows, stride)) for (; row < rows; row++) store<i32>(slow + (left++ << 2), row);
  while (row < rows) {
    let place = index + <usize>row * stride;
    if (tokenLengths == 0) {
      for (; row + 2 <= rows; row += 2, place += stride << 1) {
        const a = load<u64>(place);
        const b = load<u64>(place + stride);
        const toA = text + (<u32>(a >> 32) & END_MASK);
        const toB = text + (<u32>(b >> 32) & END_MASK);
        const fromA = text + <u32>a;
        const fromB = text + <u32>b;
        const signA: u32 = load<u8>(fromA) == 45 ? 1 : 0;
        const signB: u32 = load<u8>(fromB) == 45 ? 1 : 0;
        const lengthA = <u32>(toA - fromA) - signA;
        const lengthB = <u32>(toB - fromB) - signB;
        if (lengthA - 1 >= 8 || lengthB - 1 >= 8) break;
        const characters = v128.load64_lane(toB - 8, v128.load64_zero(toA - 8), 1);
        const marks = <u32>i8x16.bitmask(i8x16.eq(characters, mark));
        const pointA = ctz((marks & (0xff00 >> lengthA)) | 0x100);
        const pointB = ctz(((marks >> 8) & (0xff00 >> lengthB)) | 0x100);
        const order = v128.load64_lane(
          tables + SECOND_OF_TWO + (<usize>((lengthB << 4) | pointB) << 3),
          v128.load64_zero(tables + FIRST_OF_TWO + (<usize>((lengthA << 4) | pointA) << 3)),
          1,
        );
        const digits = i8x16.relaxed_swizzle(i8x16.sub(characters, zeros), order);
        if (v128.any_true(i8x16.sub_sat_u(digits, nines))) break;
        points |= ((1 << pointA) | (1 << pointB)) << 8;
        const fours = foursOf16(digits, tens, hundreds);
        const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), tenThousands);
        const powers = v128.load64_lane(
          tables + SIGNED_POWERS + (<usize>((signB << 4) | pointB) << 3),
          v128.load64_zero(tables + SIGNED_POWERS + (<usize>((signA << 4) | pointA) << 3)),
          1,
        );
        // W. Clinger: both operands are exact, so one rounding gives the nearest double.
        v128.store(values + (<usize>row << 3), f64x2.div(f64x2.convert_low_i32x4_s(eights), powers));
      }
    }
    // Two rows, or the last one, one by one.
    for (const stop = min(row + 2, rows); row < stop; row++, place += stride) {
      const entry = load<u64>(place);
      const to = text + (<u32>(entry >> 32) & END_MASK);
      const from = text + <u32>entry;
      const sign: u64 = load<u8>(from) == 45 ? 1 : 0;
      const length = <u32>(to - from) - <u32>sign;
      if (length - 1 < 15) {
        const characters = v128.load(to - 16);
        const point = ctz((i8x16.bitmask(i8x16.eq(characters, mark)) & (0xffff0000 >> length)) | 0x10000);
        const digits = i8x16.relaxed_swizzle(
          i8x16.sub(characters, zeros),
          v128.load(tables + SHUFFLES + ((<usize>(length << 5) | point) << 4)),
        );
        if (!v128.any_true(i8x16.sub_sat_u(digits, nines))) {
          if (tokenLengths == 0 || ((tokenLengths >> min(to - from, 31)) & 1) == 0) {
            points |= 1 << point;
            const value = <f64><i64>valueOf16(digits, tens, hundreds, tenThousands) / load<f64>(tables + BY_POINT + (<usize>point << 3));
            store<u64>(values + (<usize>row << 3), reinterpret<u64>(value) | (sign << 63));
            continue;
          }
        }
      } else if (to == from) {
        store<f64>(values + (<usize>row << 3), load<f64>(tables + NAN));
        store<u8>(missing + row, 1);
        missed++;
        continue;
      }
      store<i32>(slow + (left++ << 2), row);
    }
  }
  // Bit 16 stands for no point.
  store<i32>(summary, ((points >> 16) & 1 ? INTEGER : 0) | ((points & 0xffff) != 0 ? DECIMAL : 0));
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, -1, 12);
  if (left > 0) left = longNumbers(text, index, left, stride, values, slow, summary, tables, tokens, decimal);
  if (left > 0) numbersLeft(text, index, left, stride, values, missing, slow, summary, tables, tokens, decimal, thousands, watched);
}

/** Whether a look at some cells finds most of them longer than the first sweep takes, which is left out then. */
function areLong(index: usize, rows: i32, stride: i32): bool {
  if (rows < 64) return false;
  let long = 0;
  for (let i = 0; i < 8; i++) {
    const entry = load<u64>(index + <usize>(i * (rows >> 3)) * stride);
    if ((<u32>(entry >> 32) & END_MASK) - <u32>entry > 16) long++;
  }
  return long > 6;
}

/**
 * The cells in the rows `slow` that have 16 to 20 characters with a decimal mark, and no more than 19 digits; the number of rows left,
 * which close up at the beginning of `slow`.
 */
function longNumbers(text: usize, index: usize, count: i32, stride: i32, values: usize, slow: usize, summary: usize, tables: usize, tokens: usize, decimal: i32): i32 {
  let left = 0;
  let seen = 0;
  const mark = i8x16.splat(<i8>decimal);
  const zeros = v128.load(tables + ZEROS);
  const nines = v128.load(tables + NINES);
  const tens = v128.load(tables + TENS);
  const hundreds = v128.load(tables + HUNDREDS);
  const tenThousands = v128.load(tables + TEN_THOUSANDS);
  const tokenLengths = load<i32>(tokens, 8);
  for (let i = 0; i < count; i++) {
    const r = load<i32>(slow + (i << 2));
    const entry = load<u64>(index + <usize>r * stride);
    const to = text + (<u32>(entry >> 32) & END_MASK);
    const from = text + <u32>entry;
    const sign: u64 = load<u8>(from) == 45 ? 1 : 0;
    const before = <u32>(to - from) - <u32>sign - 16;
    if (before < 5) {
      const last = v128.load(to - 16);
      const first = v128.load(to - 32);
      const lastPoint = ctz(i8x16.bitmask(i8x16.eq(last, mark)) | 0x10000);
      const firstPoint = ctz((i8x16.bitmask(i8x16.eq(first, mark)) & (0xffff0000 >> before)) | 0x10000);
      const lastDigits = i8x16.relaxed_swizzle(
        i8x16.sub(last, zeros),
        v128.load(tables + SHUFFLES + (<usize>(512 | lastPoint) << 4)),
      );
      const firstDigits = i8x16.relaxed_swizzle(
        i8x16.sub(first, zeros),
        v128.load(tables + SHUFFLES + (<usize>((before << 5) | firstPoint) << 4)),
      );
      const upper = <u32>i32x4.extract_lane(foursOf16(firstDigits, tens, hundreds), 3);
      // One mark in all. So there are at most 19 digits, which fit 64 bits.
      const plain = (lastPoint == 16) != (firstPoint == 16) && !v128.any_true(i8x16.sub_sat_u(v128.or(lastDigits, firstDigits), nines));
      if (plain && (tokenLengths == 0 || ((tokenLengths >> min(to - from, 31)) & 1) == 0)) {
        const behind = firstPoint == 16 ? 15 - lastPoint : 31 - firstPoint;
        const lastCount: usize = firstPoint == 16 ? 15 : 16;
        const m = upper * load<u64>(tables + POWERS + (lastCount << 3)) + valueOf16(lastDigits, tens, hundreds, tenThousands);
        // Also where Clinger's division would do: which it is cannot be predicted.
        const value = m == 0 ? 0 : nearestQuotient(m, behind, tables + FIVES);
        store<u64>(values + (<usize>r << 3), reinterpret<u64>(value) | (sign << 63));
        seen = DECIMAL;
        continue;
      }
    }
    store<i32>(slow + (left++ << 2), r);
  }
  store<i32>(summary, load<i32>(summary) | seen);
  return left;
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
  const bits = roundedProduct(m, exponent, fives);
  if (bits < 1 << 52) return NaN;
  return bits >= 0x7ff << 52 ? Infinity : reinterpret<f64>(bits);
}

/** {@link nearestDouble} of m / 10^behind for m > 0 and 0 ≤ behind ≤ 31, which is a normal number. */
// @ts-ignore: decorator
@inline
function nearestQuotient(m: u64, behind: i32, fives: usize): f64 {
  return reinterpret<f64>(roundedProduct(m, -behind, fives));
}

/** The bits of the double; below 2^52 or above those of the largest double (as signed numbers) when it has no normal exponent. */
// @ts-ignore: decorator
@inline
function roundedProduct(m: u64, exponent: i32, fives: usize): i64 {
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
  const top = high >> 63;
  let mantissa = high >> (top + 9);
  // floor(log2(10^q)) = 217706 q >> 16 in this range; 1023 is the exponent bias.
  const binary = <i64>((217706 * exponent) >> 16) + 63 + <i64>top - <i64>shift + 1023;
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << (top + 9) == high) {
    // Exactly halfway: round to even.
    mantissa &= ~(<u64>1);
  }
  // The leading bit of the mantissa, or of its double when it is rounded up to 2^53, adds one to the exponent.
  return ((binary - 1) << 52) + <i64>((mantissa + (mantissa & 1)) >> 1);
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
function valueOf16(digits: v128, tens: v128, hundreds: v128, tenThousands: v128): u64 {
  const fours = foursOf16(digits, tens, hundreds);
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), tenThousands);
  const both = i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (<u64>both >> 32);
}

/** Sixteen digits as four numbers of four digits each. */
// @ts-ignore: decorator
@inline
function foursOf16(digits: v128, tens: v128, hundreds: v128): v128 {
  return i32x4.dot_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(digits, tens), hundreds);
}
