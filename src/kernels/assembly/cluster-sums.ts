// Sums over the rows of clusters, and distances of rows to a few points. Rows hold `stride` float64 numbers, a multiple of 4; column
// `columns` is 1, so that a cluster's weighted sum of rows holds its weight too, and the others are 0.
import { directSquare } from './nearest-center';

/**
 * Adds rows to their clusters' sums, clusters × stride numbers for each shard of `shardRows` rows; of each shard, rows `first` … `last` − 1. With
 * `whole` = 0 only rows whose label differs from `previous` move from one cluster to the other. `previous` becomes `labels`; `changed` counts the
 * rows that differed, an integer a shard. `weights` may be 0.
 */
export function sumClusters(
  thread: i32, threads: i32, x: usize, stride: i32, weights: usize, labels: usize, previous: usize, rows: i32, shardRows: i32, shards: i32,
  first: i32, last: i32, clusters: i32, whole: i32, sums: usize, changed: usize,
): void {
  const rowBytes = <usize>stride << 3;
  for (let shard = thread; shard < shards; shard += threads) {
    const sum = sums + <usize>shard * clusters * rowBytes;
    const count = changed + (<usize>shard << 2);
    if (first == 0) store<i32>(count, 0);
    const end = min(rows, shard * shardRows + min(last, shardRows));
    for (let from = shard * shardRows + first; from < end; from += 64) {
      const size = min(64, end - from);
      const moved = differences(labels + (<usize>from << 2), previous + (<usize>from << 2), size);
      store<i32>(count, load<i32>(count) + <i32>popcnt<i64>(moved));
      const wanted = whole == 0 ? moved : <i64>(<u64>-1 >> <u64>(64 - size));
      // What is far apart in memory is asked for before it is needed, so that the waits overlap.
      let touched: i64 = 0;
      for (let bits = wanted; bits != 0; bits &= bits - 1) {
        const row = x + <usize>(from + <i32>ctz<i64>(bits)) * rowBytes;
        for (let t: usize = 0; t < rowBytes; t += 64) touched |= load<i64>(row + t);
      }
      // (That the value is looked at keeps the reads from being left out.)
      if (wanted == 0 && touched == 0) continue;
      for (let bits = wanted; bits != 0; bits &= bits - 1) {
        const i = from + <i32>ctz<i64>(bits);
        const label = load<i32>(labels + (<usize>i << 2));
        const weight = weights == 0 ? 1 : load<f64>(weights + (<usize>i << 3));
        const row = x + <usize>i * rowBytes;
        addRow(sum + <usize>label * rowBytes, row, rowBytes, weight);
        if (whole == 0) addRow(sum + <usize>load<i32>(previous + (<usize>i << 2)) * rowBytes, row, rowBytes, -weight);
      }
      memory.copy(previous + (<usize>from << 2), labels + (<usize>from << 2), <usize>size << 2);
    }
  }
}

/** Bit i for each of up to 64 places i at which two lists of int32 numbers differ. */
function differences(a: usize, b: usize, size: i32): i64 {
  let bits: i64 = 0;
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const at = <usize>i << 2;
    bits |= <i64>i32x4.bitmask(i32x4.ne(v128.load(a + at), v128.load(b + at))) << i;
  }
  for (; i < size; i++) bits |= <i64>i32(load<i32>(a + (<usize>i << 2)) != load<i32>(b + (<usize>i << 2))) << i;
  return bits;
}

// @ts-ignore: decorator
@inline
function addRow(sum: usize, row: usize, bytes: usize, weight: f64): void {
  const factor = f64x2.splat(weight);
  for (let t: usize = 0; t < bytes; t += 32) {
    v128.store(sum + t, v128.relaxed_madd<f64>(factor, v128.load(row + t), v128.load(sum + t)));
    v128.store(sum + t, v128.relaxed_madd<f64>(factor, v128.load(row + t, 16), v128.load(sum + t, 16)), 16);
  }
}

/** out[i] = the squared distance of row i from the centre of its label, for rows `from` … `to` − 1. */
export function labelDistances(thread: i32, threads: i32, x: usize, stride: i32, columns: i32, centers: usize, labels: usize, from: i32, to: i32, out: usize): void {
  const rowBytes = <usize>stride << 3;
  const size = to - from;
  const end = from + <i32>(<i64>size * (thread + 1) / threads);
  for (let i = from + <i32>(<i64>size * thread / threads); i < end; i++) {
    const center = centers + <usize>load<i32>(labels + (<usize>i << 2)) * rowBytes;
    store<f64>(out + (<usize>i << 3), directSquare(x + <usize>i * rowBytes, center, columns));
  }
}

/**
 * For each of `count` points (rows like those of x) and each shard: Σ_i w_i min(closest_i, ‖x_i − point‖²), count numbers a shard in `potentials`. With
 * `keep` = 1 (and one point) the minimum replaces `closest`. Of each shard, rows `first` … `last` − 1; the sums grow unless `first` is 0.
 */
export function seedPotentials(
  thread: i32, threads: i32, x: usize, stride: i32, weights: usize, rows: i32, shardRows: i32, shards: i32, first: i32, last: i32,
  points: usize, count: i32, keep: i32, closest: usize, potentials: usize,
): void {
  const rowBytes = <usize>stride << 3;
  for (let shard = thread; shard < shards; shard += threads) {
    const out = potentials + (<usize>shard * count << 3);
    if (first == 0) memory.fill(out, 0, <usize>count << 3);
    const end = min(rows, shard * shardRows + min(last, shardRows));
    for (let i = shard * shardRows + first; i < end; i++) {
      const row = x + <usize>i * rowBytes;
      const at = closest + (<usize>i << 3);
      const weight = weights == 0 ? 1 : load<f64>(weights + (<usize>i << 3));
      for (let c = 0; c < count; c++) {
        const distance = min(load<f64>(at), vectorSquare(row, points + <usize>c * rowBytes, rowBytes));
        store<f64>(out + (<usize>c << 3), load<f64>(out + (<usize>c << 3)) + weight * distance);
        if (keep != 0) store<f64>(at, distance);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function vectorSquare(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (let t: usize = 0; t < bytes; t += 32) {
    const d0 = f64x2.sub(v128.load(a + t), v128.load(b + t));
    const d1 = f64x2.sub(v128.load(a + t, 16), v128.load(b + t, 16));
    s0 = v128.relaxed_madd<f64>(d0, d0, s0);
    s1 = v128.relaxed_madd<f64>(d1, d1, s1);
  }
  const sum = f64x2.add(s0, s1);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Centred, scaled copies of `rows` raw rows: x64 = (raw − mean) · scale with 1 in column `columns`, x32 the same in float32, both padded with zeros, and
 * the squared norms. By one thread.
 */
export function centerRows(
  thread: i32, threads: i32, raw: usize, rows: i32, columns: i32, mean: usize, scale: f64, x64: usize, stride64: i32, x32: usize, stride32: i32, squares: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let sum: f64 = 0;
    for (let j = 0; j < columns; j++) {
      const value = (load<f64>(raw + (<usize>j << 3)) - load<f64>(mean + (<usize>j << 3))) * scale;
      store<f64>(x64 + (<usize>j << 3), value);
      store<f32>(x32 + (<usize>j << 2), <f32>value);
      sum += value * value;
    }
    store<f64>(x64 + (<usize>columns << 3), 1);
    for (let j = columns + 1; j < stride64; j++) store<f64>(x64 + (<usize>j << 3), 0);
    for (let j = columns; j < stride32; j++) store<f32>(x32 + (<usize>j << 2), 0);
    store<f64>(squares + (<usize>i << 3), sum);
    raw += <usize>columns << 3;
    x64 += <usize>stride64 << 3;
    x32 += <usize>stride32 << 2;
  }
}
