// Order of the values of columns: least-significant-digit radix sort, six digits of 11 bits, stable.

const DIGITS: i32 = 6;
const BUCKETS: i32 = 2048;

/**
 * Doubles as integers in the same order: negative ones have all bits flipped, others the sign bit; −0 is 0, NaN comes last.
 */
// @ts-ignore: decorator
@inline
function orderedKey(value: f64): u64 {
  if (value != value) return u64.MAX_VALUE;
  const bits = reinterpret<i64>(value + 0.0);
  return <u64>(bits ^ ((bits >> 63) | i64.MIN_VALUE));
}

/**
 * Writes to `order` (rows 32-bit integers a column) the row numbers of columns `from` … `to` − 1 of column-major `x` by
 * rising value; equal values keep the order of rows, NaN comes last. Columns are shared out among the threads. `scratch`
 * holds 24 · rows + 49152 bytes a thread, rounded up to 64.
 */
export function argsortColumns(thread: i32, threads: i32, x: usize, rows: i32, from: i32, to: i32, order: usize, scratch: usize): void {
  const keyBytes = <usize>rows << 3;
  const rowBytes = <usize>rows << 2;
  const share = (24 * <usize>rows + (DIGITS * BUCKETS << 2) + 63) & ~63;
  const counts = scratch + <usize>thread * share;
  const keysA = counts + (DIGITS * BUCKETS << 2);
  const keysB = keysA + keyBytes;
  const rowsA = keysB + keyBytes;
  const rowsB = rowsA + rowBytes;
  for (let column = from + thread; column < to; column += threads) {
    const values = x + <usize>column * keyBytes;
    memory.fill(counts, 0, DIGITS * BUCKETS << 2);
    for (let i: usize = 0; i < <usize>rows; i++) {
      let key = orderedKey(load<f64>(values + (i << 3)));
      store<u64>(keysA + (i << 3), key);
      store<u32>(rowsA + (i << 2), <u32>i);
      for (let digit: usize = 0; digit < <usize>DIGITS; digit++) {
        const at = counts + (((digit << 11) + <usize>(key & 2047)) << 2);
        store<u32>(at, load<u32>(at) + 1);
        key >>= 11;
      }
    }
    let keysFrom = keysA;
    let rowsFrom = rowsA;
    let keysTo = keysB;
    let rowsTo = rowsB;
    for (let digit = 0; digit < DIGITS; digit++) {
      const shift = <u64>(11 * digit);
      const bucket = counts + (<usize>(digit * BUCKETS) << 2);
      // A digit that all keys share changes nothing.
      const first = <usize>((load<u64>(keysFrom) >> shift) & 2047);
      if (load<u32>(bucket + (first << 2)) == <u32>rows) continue;
      let sum: u32 = 0;
      for (let b: usize = 0; b < <usize>BUCKETS << 2; b += 4) {
        const count = load<u32>(bucket + b);
        store<u32>(bucket + b, sum);
        sum += count;
      }
      for (let i: usize = 0; i < <usize>rows; i++) {
        const key = load<u64>(keysFrom + (i << 3));
        const at = bucket + (<usize>((key >> shift) & 2047) << 2);
        const place = load<u32>(at);
        store<u32>(at, place + 1);
        store<u64>(keysTo + (<usize>place << 3), key);
        store<u32>(rowsTo + (<usize>place << 2), load<u32>(rowsFrom + (i << 2)));
      }
      let swap = keysFrom;
      keysFrom = keysTo;
      keysTo = swap;
      swap = rowsFrom;
      rowsFrom = rowsTo;
      rowsTo = swap;
    }
    memory.copy(order + <usize>column * rowBytes, rowsFrom, rowBytes);
  }
}
