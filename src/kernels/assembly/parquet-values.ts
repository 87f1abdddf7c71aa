// Values of Parquet's pages become float64 numbers, codes and marks. Their bounds have been checked where nothing else is said.
import { ESCAPED } from './csv-scan';

// How plain numbers are stored; known to the host as `STORED`.
const DOUBLE: i32 = 0;
const FLOAT: i32 = 1;
const INT32: i32 = 2;
const UINT32: i32 = 3;
const INT64: i32 = 4;
const UINT64: i32 = 5;

/** Doubles hold all whole numbers below. */
const BOUND: u64 = 1 << 53;

/** `count` numbers at `from`, stored as `stored` says, to float64 at `out`. Returns 1 when whole numbers reach 2^53, else 0. */
export function plainNumbers(thread: i32, threads: i32, from: usize, count: i32, stored: i32, out: usize): i32 {
  let beyond = 0;
  const stop = out + (<usize>count << 3);
  switch (stored) {
    case DOUBLE:
      memory.copy(out, from, <usize>count << 3);
      break;
    case FLOAT:
      for (; out < stop; out += 8, from += 4) store<f64>(out, <f64>load<f32>(from));
      break;
    case INT32:
      for (; out < stop; out += 8, from += 4) store<f64>(out, <f64>load<i32>(from));
      break;
    case UINT32:
      for (; out < stop; out += 8, from += 4) store<f64>(out, <f64>load<u32>(from));
      break;
    case INT64:
      for (; out < stop; out += 8, from += 8) {
        const value = load<i64>(from);
        if (<u64>(value + <i64>BOUND - 1) > 2 * BOUND - 2) beyond = 1;
        store<f64>(out, <f64>value);
      }
      break;
    default:
      for (; out < stop; out += 8, from += 8) {
        const value = load<u64>(from);
        if (value >= BOUND) beyond = 1;
        store<f64>(out, <f64>value);
      }
  }
  return beyond;
}

/** value × times / over for `count` float64 at `values`. */
export function scaleNumbers(thread: i32, threads: i32, values: usize, count: i32, times: f64, over: f64): void {
  for (const stop = values + (<usize>count << 3); values < stop; values += 8) store<f64>(values, (load<f64>(values) * times) / over);
}

/** The float64 of a dictionary that `count` indices (i32) name. */
export function gatherNumbers(thread: i32, threads: i32, dictionary: usize, indices: usize, count: i32, out: usize): void {
  const stop = indices + (<usize>count << 2);
  for (; indices + 16 <= stop; indices += 16, out += 32) {
    const a = load<u64>(indices);
    const b = load<u64>(indices, 8);
    store<f64>(out, load<f64>(dictionary + (<usize>(<u32>a) << 3)));
    store<f64>(out, load<f64>(dictionary + (<usize>(a >> 32) << 3)), 8);
    store<f64>(out, load<f64>(dictionary + (<usize>(<u32>b) << 3)), 16);
    store<f64>(out, load<f64>(dictionary + (<usize>(b >> 32) << 3)), 24);
  }
  for (; indices < stop; indices += 4, out += 8) store<f64>(out, load<f64>(dictionary + (<usize>load<u32>(indices) << 3)));
}

/**
 * {@link gatherNumbers} for `rows` rows whose `marks` (u8) say whether they have an index; NaN elsewhere. Returns how many have. One index
 * behind the last is readable.
 */
export function gatherMarked(thread: i32, threads: i32, dictionary: usize, indices: usize, marks: usize, rows: i32, nan: f64, out: usize): i32 {
  const first = indices;
  for (let i = 0; i < rows; i++) {
    const present = <u32>load<u8>(marks + i);
    // Where there is none, entry 0 is looked at in vain.
    const index = present != 0 ? load<u32>(indices) : 0;
    const value = load<f64>(dictionary + (<usize>index << 3));
    store<f64>(out + (<usize>i << 3), present != 0 ? value : nan);
    indices += <usize>(present << 2);
  }
  return <i32>((indices - first) >> 2);
}

/** The float64 at `values`, one for each of `rows` rows whose mark (u8) is 1, NaN elsewhere. Returns how many there are. */
export function spreadNumbers(thread: i32, threads: i32, values: usize, marks: usize, rows: i32, nan: f64, out: usize): i32 {
  const first = values;
  for (let i = 0; i < rows; i++) {
    const present = <u32>load<u8>(marks + i);
    const value = load<f64>(values);
    store<f64>(out + (<usize>i << 3), present != 0 ? value : nan);
    values += <usize>(present << 3);
  }
  return <i32>((values - first) >> 3);
}

/** {@link spreadNumbers} for codes (i32), −1 elsewhere. */
export function spreadCodes(thread: i32, threads: i32, codes: usize, marks: usize, rows: i32, out: usize): i32 {
  const first = codes;
  for (let i = 0; i < rows; i++) {
    const present = <u32>load<u8>(marks + i);
    store<i32>(out + (<usize>i << 2), present != 0 ? load<i32>(codes) : -1);
    codes += <usize>(present << 2);
  }
  return <i32>((codes - first) >> 2);
}

/** {@link spreadNumbers} for bytes, 0 elsewhere. */
export function spreadBytes(thread: i32, threads: i32, bytes: usize, marks: usize, rows: i32, out: usize): i32 {
  const first = bytes;
  for (let i = 0; i < rows; i++) {
    const present = load<u8>(marks + i);
    store<u8>(out + i, present & load<u8>(bytes));
    bytes += present;
  }
  return <i32>(bytes - first);
}

/** 1 − mark of `rows` marks, and how many of them are 1. Reads and writes up to 15 bytes more. */
export function missingMarks(thread: i32, threads: i32, marks: usize, rows: i32, out: usize): i32 {
  const one = i8x16.splat(1);
  let missing = 0;
  for (let i = 0; i < rows; i += 16) {
    const absent = v128.xor(v128.load(marks + i), one);
    v128.store(out + i, absent);
    const bits = i8x16.bitmask(i8x16.eq(absent, one));
    missing += popcnt(rows - i < 16 ? bits & ((1 << (rows - i)) - 1) : bits);
  }
  return missing;
}

/**
 * Indexes `count` texts at [from, end), each behind its length (u32), for `csvCodes`: start and end of each as offsets from `base`, an
 * empty text marked as escaped. False when they reach beyond the end.
 */
export function plainTexts(thread: i32, threads: i32, from: usize, end: usize, count: i32, base: usize, index: usize): bool {
  for (let i = 0; i < count; i++, index += 8) {
    if (<u32>(end - from) < 4) return false;
    const length = load<u32>(from);
    from += 4;
    if (length > <u32>(end - from)) return false;
    store<u32>(index, <u32>(from - base));
    from += length;
    store<u32>(index, length == 0 ? <u32>(from - base) | ESCAPED : <u32>(from - base), 4);
  }
  return true;
}

/**
 * Numbers by first appearance: `codeOf[n]` (i32) becomes the code of each of `count` numbers n at `values`, which are below `size`; −1 stands
 * for none yet. The numbers by code go to `order`. With `levelOf`, `direct[n]` keeps what `codeOf[levelOf[n]]` is. Returns the codes used,
 * `used` of them before.
 */
export function numberByAppearance(thread: i32, threads: i32, values: usize, count: i32, levelOf: usize, direct: usize, codeOf: usize, order: usize, used: i32): i32 {
  for (const stop = values + (<usize>count << 2); values < stop; values += 4) {
    const n = <usize>load<u32>(values) << 2;
    let code = load<i32>(direct + n);
    if (code < 0) {
      const level = levelOf == 0 ? n : <usize>load<u32>(levelOf + n) << 2;
      code = load<i32>(codeOf + level);
      if (code < 0) {
        code = used++;
        store<i32>(codeOf + level, code);
        store<u32>(order + (<usize>code << 2), <u32>(level >> 2));
      }
      store<i32>(direct + n, code);
    }
    store<i32>(values, code);
  }
  return used;
}
