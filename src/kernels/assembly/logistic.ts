// Loss and gradient of logistic regression in one sweep over the rows.
//
// Layout: X is row-major, its columns padded with zeros to a multiple of 4 (`stride`), its rows to a multiple of 64 (`rows`);
// padding rows have weight 0. A sweep takes a block of rows at a time through margins, probabilities and gradient, while the
// block is in the cache. Rows are split into shards whose sums are added in a fixed order, whatever the number of threads. A call
// covers rows `first` … `last` − 1 (multiples of 64, counted within each shard) of the shards `from` … `to` − 1.
import { exp2Lanes, log1pLanes } from './exponential';
import { addTile } from './tile';

/**
 * Two classes: margins m = Xw, p = 1 / (1 + e^−m), with targets y in {0, 1} and weights s. To each shard's part (2 + stride numbers, zeroed
 * by the caller) adds the loss Σ s (log(1 + e^m) − y m), an unused number, and the gradient Σ s (p − y) x. `curvature`, unless 0, receives
 * s p (1 − p) of each row. `scratch` holds `block` numbers a thread; `block` divides 64 and is a multiple of 8.
 */
export function logisticSweep(thread: i32, threads: i32, x: usize, stride: i32, y: usize, s: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, w: usize, curvature: usize, parts: usize, scratch: usize, block: i32): void {
  const rowBytes = <usize>stride << 3;
  const partBytes = rowBytes + 16;
  // Scratch of different threads must not share cache lines: `block` · 8 bytes are whole lines.
  scratch += (<usize>thread * block) << 3;
  for (let shard = from + thread; shard < to; shard += threads) {
    const part = parts + <usize>shard * partBytes;
    const end = min(rows, shard * shardRows + last);
    for (let row = shard * shardRows + first; row < end; row += block) {
      const at = <usize>row << 3;
      const data = x + <usize>row * rowBytes;
      marginsOfRows(data, rowBytes, w, scratch, block);
      residuals(scratch, y + at, s + at, curvature == 0 ? <usize>0 : curvature + at, part, block);
      addRows(data, rowBytes, scratch, part + 16, block);
    }
  }
}

/** out[r] = x[r] · w */
export function marginsOfRows(x: usize, rowBytes: usize, w: usize, out: usize, count: i32): void {
  for (let r = 0; r < count; r += 4) {
    const x1 = x + rowBytes;
    const x2 = x1 + rowBytes;
    const x3 = x2 + rowBytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let j: usize = 0; j < rowBytes; j += 32) {
      const w0 = v128.load(w + j);
      a0 = v128.relaxed_madd<f64>(v128.load(x + j), w0, a0);
      a1 = v128.relaxed_madd<f64>(v128.load(x1 + j), w0, a1);
      a2 = v128.relaxed_madd<f64>(v128.load(x2 + j), w0, a2);
      a3 = v128.relaxed_madd<f64>(v128.load(x3 + j), w0, a3);
      const w1 = v128.load(w + j, 16);
      b0 = v128.relaxed_madd<f64>(v128.load(x + j, 16), w1, b0);
      b1 = v128.relaxed_madd<f64>(v128.load(x1 + j, 16), w1, b1);
      b2 = v128.relaxed_madd<f64>(v128.load(x2 + j, 16), w1, b2);
      b3 = v128.relaxed_madd<f64>(v128.load(x3 + j, 16), w1, b3);
    }
    a0 = f64x2.add(a0, b0);
    a1 = f64x2.add(a1, b1);
    a2 = f64x2.add(a2, b2);
    a3 = f64x2.add(a3, b3);
    v128.store(out, f64x2.add(v128.shuffle<f64>(a0, a1, 0, 2), v128.shuffle<f64>(a0, a1, 1, 3)));
    v128.store(out, f64x2.add(v128.shuffle<f64>(a2, a3, 0, 2), v128.shuffle<f64>(a2, a3, 1, 3)), 16);
    x = x3 + rowBytes;
    out += 32;
  }
}

/** Replaces margins by s (p − y), adds to the loss, writes s p (1 − p). */
export function residuals(margins: usize, y: usize, s: usize, curvature: usize, loss: usize, count: i32): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let sum = zero;
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const m = v128.load(margins + i);
    const target = v128.load(y + i);
    const weight = v128.load(s + i);
    // With e = e^−|m|: log(1 + e^m) = max(m, 0) + log(1 + e); p = 1/(1 + e) or, for m < 0, e/(1 + e).
    const e = exp2Lanes(f64x2.neg(f64x2.abs(m)));
    const q = f64x2.div(one, f64x2.add(one, e));
    const eq = f64x2.mul(e, q);
    const p = v128.bitselect(eq, q, f64x2.lt(m, zero));
    const softplus = f64x2.add(f64x2.max(m, zero), log1pLanes(e));
    sum = f64x2.add(sum, f64x2.mul(weight, f64x2.sub(softplus, f64x2.mul(target, m))));
    v128.store(margins + i, f64x2.mul(weight, f64x2.sub(p, target)));
    if (curvature != 0) v128.store(curvature + i, f64x2.mul(weight, f64x2.mul(eq, q)));
  }
  store<f64>(loss, load<f64>(loss) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** gradient += Σ_r residual[r] · x[r] */
export function addRows(x: usize, rowBytes: usize, residual: usize, gradient: usize, count: i32): void {
  for (let r = 0; r < count; r += 8) {
    const r0 = v128.load64_splat(residual);
    const r1 = v128.load64_splat(residual, 8);
    const r2 = v128.load64_splat(residual, 16);
    const r3 = v128.load64_splat(residual, 24);
    const r4 = v128.load64_splat(residual, 32);
    const r5 = v128.load64_splat(residual, 40);
    const r6 = v128.load64_splat(residual, 48);
    const r7 = v128.load64_splat(residual, 56);
    let x0 = x;
    const x4 = x + 4 * rowBytes;
    let far = x4;
    for (let j: usize = 0; j < rowBytes; j += 16) {
      let a = v128.load(gradient + j);
      let b = f64x2.mul(r4, v128.load(far));
      a = v128.relaxed_madd<f64>(r0, v128.load(x0), a);
      b = v128.relaxed_madd<f64>(r5, v128.load(far + rowBytes), b);
      a = v128.relaxed_madd<f64>(r1, v128.load(x0 + rowBytes), a);
      b = v128.relaxed_madd<f64>(r6, v128.load(far + 2 * rowBytes), b);
      a = v128.relaxed_madd<f64>(r2, v128.load(x0 + 2 * rowBytes), a);
      b = v128.relaxed_madd<f64>(r7, v128.load(far + 3 * rowBytes), b);
      a = v128.relaxed_madd<f64>(r3, v128.load(x0 + 3 * rowBytes), a);
      v128.store(gradient + j, f64x2.add(a, b));
      x0 += 16;
      far += 16;
    }
    x = x4 + 4 * rowBytes;
    residual += 64;
  }
}

/**
 * Several classes: margins M = XW, with W as stride × lanes numbers (one row a feature; `lanes` is the number of classes rounded up to a
 * multiple of 4), P = softmax of each row. To each shard's part (2 + stride · lanes numbers, zeroed by the caller) adds the loss
 * Σ s (log Σ_c e^m_c − m_y), an unused number, and the gradient Σ s x ⊗ (p − 1[y]). `y` holds class codes as 32-bit integers.
 * `probabilities`, unless 0, receives P, lanes numbers a row. `scratch` holds block × lanes numbers a thread.
 */
export function softmaxSweep(thread: i32, threads: i32, x: usize, stride: i32, y: usize, s: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, w: usize, classes: i32, lanes: i32, probabilities: usize, parts: usize, scratch: usize, block: i32): void {
  const rowBytes = <usize>stride << 3;
  const laneBytes = <usize>lanes << 3;
  const partBytes = <usize>stride * laneBytes + 16;
  scratch += <usize>thread * block * laneBytes;
  for (let shard = from + thread; shard < to; shard += threads) {
    const part = parts + <usize>shard * partBytes;
    const end = min(rows, shard * shardRows + last);
    for (let row = shard * shardRows + first; row < end; row += block) {
      const data = x + <usize>row * rowBytes;
      memory.fill(scratch, 0, <usize>block * laneBytes);
      for (let r: usize = 0; r < <usize>block; r += 4) {
        for (let c: usize = 0; c < laneBytes; c += 32) {
          addTile(data + r * rowBytes, rowBytes, 8, w + c, laneBytes, stride, scratch + r * laneBytes + c, laneBytes);
        }
      }
      const kept: usize = probabilities == 0 ? <usize>0 : probabilities + <usize>row * laneBytes;
      let loss: f64 = 0;
      for (let r = 0; r < block; r++) {
        const margins = scratch + <usize>r * laneBytes;
        const weight = load<f64>(s + (<usize>(row + r) << 3));
        const target = <usize>load<i32>(y + (<usize>(row + r) << 2)) << 3;
        loss += weight * softmaxRow(margins, classes, laneBytes, target);
        if (kept != 0) memory.copy(kept + <usize>r * laneBytes, margins, laneBytes);
        store<f64>(margins + target, load<f64>(margins + target) - 1);
        scaleRow(margins, laneBytes, weight);
      }
      store<f64>(part, load<f64>(part) + loss);
      for (let j: usize = 0; j < rowBytes; j += 32) {
        const out = part + 16 + (j >> 3) * laneBytes;
        for (let c: usize = 0; c < laneBytes; c += 32) {
          addTile(data + j, 8, rowBytes, scratch + c, laneBytes, block, out + c, laneBytes);
        }
      }
    }
  }
}

/** Replaces margins by probabilities (0 in the padding) and returns log Σ e^m − m_target. */
// @ts-ignore: decorator
@inline
export function softmaxRow(margins: usize, classes: i32, laneBytes: usize, target: usize): f64 {
  const end = <usize>classes << 3;
  for (let c = end; c < laneBytes; c += 8) store<f64>(margins + c, -Infinity);
  let largest = v128.load(margins);
  for (let c: usize = 16; c < laneBytes; c += 16) largest = f64x2.max(largest, v128.load(margins + c));
  const top = Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  const shift = f64x2.splat(top);
  const chosen = load<f64>(margins + target) - top;
  let sum = f64x2.splat(0);
  for (let c: usize = 0; c < laneBytes; c += 16) {
    const e = exp2Lanes(f64x2.sub(v128.load(margins + c), shift));
    v128.store(margins + c, e);
    sum = f64x2.add(sum, e);
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  scaleRow(margins, laneBytes, 1 / total);
  // log Σ e^(m − top) = log1p(Σ over the others), for 1 ≤ total ≤ 2 by the series, else by splitting off powers of two.
  let rest = total;
  let power: f64 = 0;
  while (rest > 2) {
    rest *= 0.5;
    power += 1;
  }
  const small = f64x2.extract_lane(log1pLanes(f64x2.splat(rest - 1)), 0);
  return power * 0.6931471805599453 + small - chosen;
}

// @ts-ignore: decorator
@inline
export function scaleRow(values: usize, bytes: usize, factor: f64): void {
  const f = f64x2.splat(factor);
  for (let c: usize = 0; c < bytes; c += 16) v128.store(values + c, f64x2.mul(f, v128.load(values + c)));
}

/**
 * The weights of block (a, b) of the Hessian of several classes, s p_a (1[a = b] − p_b), for each row; shared out by blocks of 64 rows.
 */
export function softmaxCurvature(thread: i32, threads: i32, probabilities: usize, lanes: i32, s: usize, rows: i32, a: i32, b: i32, out: usize): void {
  const laneBytes = <usize>lanes << 3;
  const same: f64 = a == b ? 1 : 0;
  const blocks = rows / 64;
  const first = blocks * thread / threads * 64;
  const last = blocks * (thread + 1) / threads * 64;
  for (let row = first; row < last; row++) {
    const p = probabilities + <usize>row * laneBytes;
    const pa = load<f64>(p + (<usize>a << 3));
    const pb = load<f64>(p + (<usize>b << 3));
    store<f64>(out + (<usize>row << 3), load<f64>(s + (<usize>row << 3)) * pa * (same - pb));
  }
}
