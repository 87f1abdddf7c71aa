// Parquet's hybrid of run lengths and bit packing: parquet.apache.org/docs/file-format/data-pages/encodings. 64 bytes behind the input are
// readable; outputs have room for 8 values more than asked for.

/**
 * `count` numbers of `width` ≤ 32 bits from [from, end) to `out` (i32 each); false when there are fewer. The largest goes to `largest`
 * (u32).
 */
export function hybridNumbers(thread: i32, threads: i32, from: usize, end: usize, width: u32, count: u32, out: usize, largest: usize): bool {
  let p = from;
  let left = count;
  let most: u32 = 0;
  const mask = <u64>0xffffffff >> <u64>(32 - width);
  const bytes = (width + 7) >> 3;
  while (left > 0) {
    const header = runHeader(p, end);
    if (header < 0) return false;
    p += headerBytes(p);
    const length = <u64>header >> 1;
    if (length == 0) return false;
    if ((header & 1) == 0) {
      if (<u32>(end - p) < bytes) return false;
      const value = <u32>(width == 0 ? 0 : load<u64>(p) & mask);
      p += bytes;
      most = max(most, value);
      const n = <u32>min(length, <u64>left);
      for (let i: u32 = 0; i < n; i++) store<u32>(out + (<usize>i << 2), value);
      out += <usize>n << 2;
      left -= n;
      continue;
    }
    // Groups of 8 numbers; the last group may be cut off behind its last number.
    const n = <u32>min(length << 3, <u64>left);
    if ((<u64>n * width + 7) >> 3 > <u64>(end - p)) return false;
    const groups = (n + 7) >> 3;
    if (width <= 8) {
      for (let g: u32 = 0; g < groups; g++, p += width, out += 32) {
        let word = load<u64>(p);
        for (let i = 0; i < 8; i++) {
          store<u32>(out + (i << 2), <u32>(word & mask));
          word >>= <u64>width;
        }
      }
    } else {
      for (let g: u32 = 0; g < groups; g++, p += width, out += 32) {
        for (let i: u32 = 0; i < 8; i++) {
          const bit = i * width;
          store<u32>(out + (i << 2), <u32>((load<u64>(p + (bit >> 3)) >> <u64>(bit & 7)) & mask));
        }
      }
    }
    // Behind the last number come bits of no meaning.
    const first = out - (<usize>groups << 5);
    out = first + (<usize>n << 2);
    most = max(most, largestOf(first, n));
    left -= n;
  }
  store<u32>(largest, most);
  return true;
}

function largestOf(values: usize, count: u32): u32 {
  let most: u32 = 0;
  let i: u32 = 0;
  let vector = i32x4.splat(0);
  for (; i + 4 <= count; i += 4) vector = i32x4.max_u(vector, v128.load(values + (<usize>i << 2)));
  for (; i < count; i++) most = max(most, load<u32>(values + (<usize>i << 2)));
  most = max(most, max(<u32>i32x4.extract_lane(vector, 0), <u32>i32x4.extract_lane(vector, 1)));
  return max(most, max(<u32>i32x4.extract_lane(vector, 2), <u32>i32x4.extract_lane(vector, 3)));
}

/** `count` numbers of one bit from [from, end) to `out` (u8 each); how many are 1, −1 when there are fewer than `count`. */
export function hybridBits(thread: i32, threads: i32, from: usize, end: usize, count: u32, out: usize): i32 {
  let p = from;
  let left = count;
  let ones: u32 = 0;
  while (left > 0) {
    const header = runHeader(p, end);
    if (header < 0) return -1;
    p += headerBytes(p);
    const length = <u64>header >> 1;
    if (length == 0) return -1;
    let n: u32;
    if ((header & 1) == 0) {
      if (p >= end) return -1;
      const value = load<u8>(p++);
      if (value > 1) return -1;
      n = <u32>min(length, <u64>left);
      memory.fill(out, value, n);
      ones += value * n;
    } else {
      n = <u32>min(length << 3, <u64>left);
      const bytes = (n + 7) >> 3;
      if (bytes > <u32>(end - p)) return -1;
      ones += spreadBits(p, n, out);
      p += bytes;
    }
    out += n;
    left -= n;
  }
  return ones;
}

/** `count` bits at `bits` to `out` (u8 each). */
export function bitsToBytes(thread: i32, threads: i32, bits: usize, count: u32, out: usize): void {
  spreadBits(bits, count, out);
}

/** Writes up to 7 bytes more; how many of the `count` bits are 1. */
function spreadBits(bits: usize, count: u32, out: usize): u32 {
  let ones: u32 = 0;
  for (let i: u32 = 0; i < count; i += 8) {
    let byte = <u64>load<u8>(bits + (i >> 3));
    if (count - i < 8) byte &= (1 << <u64>(count - i)) - 1;
    ones += <u32>popcnt(byte);
    // Byte j keeps bit j, then becomes 0 or 1.
    const apart = (byte * 0x0101010101010101) & 0x8040201008040201;
    store<u64>(out + i, ((apart + 0x7f7f7f7f7f7f7f7f) >> 7) & 0x0101010101010101);
  }
  return ones;
}

/** A run's header: a whole number in sevens of bits, at most 32 bits; −1 when it is none. */
function runHeader(p: usize, end: usize): i64 {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 35; shift += 7, p++) {
    if (p >= end) return -1;
    const byte = <u64>load<u8>(p);
    value |= (byte & 127) << shift;
    if (byte < 128) return value > 0xffffffff ? -1 : <i64>value;
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function headerBytes(p: usize): usize {
  const start = p;
  while (load<u8>(p) >= 128) p++;
  return p + 1 - start;
}
