// Loss and gradient of logistic regression in one sweep over float32 rows: products in float32, losses and probabilities in float64. Gradients are summed in float32
// over at most FLUSH rows, in float64 beyond. Layout and shards as in logistic.ts, but for the values' size.
import { residuals, scaleRow, softmaxRow } from './logistic';

/** Rows after which float32 sums are added to the float64 ones. */
const FLUSH: i32 = 512;

/**
 * Two classes: as `logisticSweep` with X in float32. `scratch` holds stride + 4 · block numbers (float64) a thread; `w` stride float32 numbers; `block` divides 64 and is a
 * multiple of 8.
 */
export function logisticSweepSingle(thread: i32, threads: i32, x: usize, stride: i32, y: usize, s: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, w: usize, parts: usize, scratch: usize, block: i32): void {
  const rowBytes = <usize>stride << 2;
  const partBytes = (<usize>stride << 3) + 16;
  const margins = scratch + <usize>thread * (<usize>(stride + 4 * block) << 3);
  const gradient = margins + (<usize>block << 5);
  for (let shard = from + thread; shard < to; shard += threads) {
    const part = parts + <usize>shard * partBytes;
    const end = min(rows, shard * shardRows + last);
    memory.fill(gradient, 0, rowBytes);
    let since = 0;
    for (let row = shard * shardRows + first; row < end; row += block) {
      const at = <usize>row << 3;
      const data = x + <usize>row * rowBytes;
      marginsOfRows(data, rowBytes, w, margins, block);
      residuals(margins, y + at, s + at, 0, part, block);
      addRows(data, rowBytes, margins, gradient, block);
      since += block;
      if (since >= FLUSH || row + block >= end) {
        flush(gradient, part + 16, <usize>stride);
        since = 0;
      }
    }
  }
}

/** out[r] = x[r] · w, in float64. */
function marginsOfRows(x: usize, rowBytes: usize, w: usize, out: usize, count: i32): void {
  for (let r = 0; r < count; r += 4) {
    const x1 = x + rowBytes;
    const x2 = x1 + rowBytes;
    const x3 = x2 + rowBytes;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const w0 = v128.load(w + j);
      a0 = v128.relaxed_madd<f32>(v128.load(x + j), w0, a0);
      a1 = v128.relaxed_madd<f32>(v128.load(x1 + j), w0, a1);
      a2 = v128.relaxed_madd<f32>(v128.load(x2 + j), w0, a2);
      a3 = v128.relaxed_madd<f32>(v128.load(x3 + j), w0, a3);
    }
    const u = f32x4.add(v128.shuffle<f32>(a0, a1, 0, 4, 1, 5), v128.shuffle<f32>(a0, a1, 2, 6, 3, 7));
    const v = f32x4.add(v128.shuffle<f32>(a2, a3, 0, 4, 1, 5), v128.shuffle<f32>(a2, a3, 2, 6, 3, 7));
    const sums = f32x4.add(v128.shuffle<f32>(u, v, 0, 1, 4, 5), v128.shuffle<f32>(u, v, 2, 3, 6, 7));
    storeWide(out, sums);
    x = x3 + rowBytes;
    out += 32;
  }
}

/** gradient += Σ_r residual[r] · x[r], with float64 residuals and float32 sums. */
function addRows(x: usize, rowBytes: usize, residual: usize, gradient: usize, count: i32): void {
  for (let r = 0; r < count; r += 4) {
    const r0 = f32x4.splat(<f32>load<f64>(residual));
    const r1 = f32x4.splat(<f32>load<f64>(residual, 8));
    const r2 = f32x4.splat(<f32>load<f64>(residual, 16));
    const r3 = f32x4.splat(<f32>load<f64>(residual, 24));
    const x1 = x + rowBytes;
    const x2 = x1 + rowBytes;
    const x3 = x2 + rowBytes;
    for (let j: usize = 0; j < rowBytes; j += 16) {
      let sum = v128.relaxed_madd<f32>(r0, v128.load(x + j), v128.load(gradient + j));
      sum = v128.relaxed_madd<f32>(r1, v128.load(x1 + j), sum);
      sum = v128.relaxed_madd<f32>(r2, v128.load(x2 + j), sum);
      v128.store(gradient + j, v128.relaxed_madd<f32>(r3, v128.load(x3 + j), sum));
    }
    x = x3 + rowBytes;
    residual += 32;
  }
}

/**
 * Several classes: as `softmaxSweep` with X and W in float32 and no probabilities kept. `scratch` holds lanes · (stride/2 + 2 · block) numbers (float64) a thread.
 */
export function softmaxSweepSingle(thread: i32, threads: i32, x: usize, stride: i32, y: usize, s: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, w: usize, classes: i32, lanes: i32, parts: usize, scratch: usize, block: i32): void {
  const rowBytes = <usize>stride << 2;
  const laneBytes = <usize>lanes << 2;
  const wideBytes = laneBytes << 1;
  const partBytes = <usize>stride * wideBytes + 16;
  const own = scratch + <usize>thread * (<usize>(stride + 4 * block) * laneBytes);
  const margins = own;
  const wide = margins + <usize>block * laneBytes;
  const gradient = wide + <usize>block * wideBytes;
  for (let shard = from + thread; shard < to; shard += threads) {
    const part = parts + <usize>shard * partBytes;
    const end = min(rows, shard * shardRows + last);
    memory.fill(gradient, 0, <usize>stride * laneBytes);
    let since = 0;
    for (let row = shard * shardRows + first; row < end; row += block) {
      const data = x + <usize>row * rowBytes;
      memory.fill(margins, 0, <usize>block * laneBytes);
      for (let r: usize = 0; r < <usize>block; r += 4) addTiles(data + r * rowBytes, rowBytes, 4, w, laneBytes, stride, margins + r * laneBytes, laneBytes);
      let loss: f64 = 0;
      for (let r: usize = 0; r < <usize>block; r++) {
        const from = margins + r * laneBytes;
        const to = wide + r * wideBytes;
        for (let c: usize = 0; c < laneBytes; c += 16) storeWide(to + 2 * c, v128.load(from + c));
        const weight = load<f64>(s + ((<usize>row + r) << 3));
        const target = <usize>load<i32>(y + ((<usize>row + r) << 2)) << 3;
        loss += weight * softmaxRow(to, classes, wideBytes, target);
        store<f64>(to + target, load<f64>(to + target) - 1);
        scaleRow(to, wideBytes, weight);
        for (let c: usize = 0; c < laneBytes; c += 16) {
          const low = f32x4.demote_f64x2_zero(v128.load(to + 2 * c));
          const high = f32x4.demote_f64x2_zero(v128.load(to + 2 * c, 16));
          v128.store(from + c, v128.shuffle<f32>(low, high, 0, 1, 4, 5));
        }
      }
      store<f64>(part, load<f64>(part) + loss);
      for (let j: usize = 0; j < rowBytes; j += 16) {
        addTiles(data + j, 4, rowBytes, margins, laneBytes, block, gradient + (j >> 2) * laneBytes, laneBytes);
      }
      since += block;
      if (since >= FLUSH || row + block >= end) {
        flush(gradient, part + 16, <usize>stride * <usize>lanes);
        since = 0;
      }
    }
  }
}

/** Adds `count` float32 numbers, a multiple of four, to float64 ones and clears them. */
function flush(sums: usize, out: usize, count: usize): void {
  const end = count << 2;
  const zero = f32x4.splat(0);
  for (let t: usize = 0; t < end; t += 16) {
    const sum = v128.load(sums + t);
    v128.store(sums + t, zero);
    const at = out + 2 * t;
    v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(sum)));
    v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(sum, sum, 2, 3, 2, 3))), 16);
  }
}

/** Four float32 numbers as float64 ones. */
// @ts-ignore: decorator
@inline
function storeWide(out: usize, four: v128): void {
  v128.store(out, f64x2.promote_low_f32x4(four));
  v128.store(out, f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3)), 16);
}

/** out[i, c] += Σ_t a[i, t] · b[t, c] for i < 4 and all c < outRow / 4, a multiple of four; steps in bytes as in `addTile`. */
function addTiles(a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, depth: i32, out: usize, outRow: usize): void {
  let c: usize = 0;
  for (; c + 48 <= outRow; c += 48) addWideTile(a, aRow, aStep, b + c, bStep, depth, out + c, outRow);
  for (; c < outRow; c += 16) addNarrowTile(a, aRow, aStep, b + c, bStep, depth, out + c, outRow);
}

/** Four rows by twelve numbers, in twelve registers. */
function addWideTile(a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, depth: i32, out: usize, outRow: usize): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  let c00 = v128.load(out);
  let c01 = v128.load(out, 16);
  let c02 = v128.load(out, 32);
  let c10 = v128.load(out1);
  let c11 = v128.load(out1, 16);
  let c12 = v128.load(out1, 32);
  let c20 = v128.load(out2);
  let c21 = v128.load(out2, 16);
  let c22 = v128.load(out2, 32);
  let c30 = v128.load(out3);
  let c31 = v128.load(out3, 16);
  let c32 = v128.load(out3, 32);
  const a1 = aRow;
  const a2 = aRow + aRow;
  const a3 = a2 + aRow;
  for (let t = 0; t < depth; t++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    let s = v128.load32_splat(a);
    c00 = v128.relaxed_madd<f32>(s, b0, c00);
    c01 = v128.relaxed_madd<f32>(s, b1, c01);
    c02 = v128.relaxed_madd<f32>(s, b2, c02);
    s = v128.load32_splat(a + a1);
    c10 = v128.relaxed_madd<f32>(s, b0, c10);
    c11 = v128.relaxed_madd<f32>(s, b1, c11);
    c12 = v128.relaxed_madd<f32>(s, b2, c12);
    s = v128.load32_splat(a + a2);
    c20 = v128.relaxed_madd<f32>(s, b0, c20);
    c21 = v128.relaxed_madd<f32>(s, b1, c21);
    c22 = v128.relaxed_madd<f32>(s, b2, c22);
    s = v128.load32_splat(a + a3);
    c30 = v128.relaxed_madd<f32>(s, b0, c30);
    c31 = v128.relaxed_madd<f32>(s, b1, c31);
    c32 = v128.relaxed_madd<f32>(s, b2, c32);
    a += aStep;
    b += bStep;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out, c02, 32);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out1, c12, 32);
  v128.store(out2, c20);
  v128.store(out2, c21, 16);
  v128.store(out2, c22, 32);
  v128.store(out3, c30);
  v128.store(out3, c31, 16);
  v128.store(out3, c32, 32);
}

/** Four rows by four numbers. */
function addNarrowTile(a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, depth: i32, out: usize, outRow: usize): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  let c0 = v128.load(out);
  let c1 = v128.load(out1);
  let c2 = v128.load(out2);
  let c3 = v128.load(out3);
  const a1 = aRow;
  const a2 = aRow + aRow;
  const a3 = a2 + aRow;
  for (let t = 0; t < depth; t++) {
    const b0 = v128.load(b);
    c0 = v128.relaxed_madd<f32>(v128.load32_splat(a), b0, c0);
    c1 = v128.relaxed_madd<f32>(v128.load32_splat(a + a1), b0, c1);
    c2 = v128.relaxed_madd<f32>(v128.load32_splat(a + a2), b0, c2);
    c3 = v128.relaxed_madd<f32>(v128.load32_splat(a + a3), b0, c3);
    a += aStep;
    b += bStep;
  }
  v128.store(out, c0);
  v128.store(out1, c1);
  v128.store(out2, c2);
  v128.store(out3, c3);
}
