// Householder reduction of a symmetric matrix to tridiagonal form, in panels: within one the matrix stays as it is and the reflections
// that have been found are applied to each product with it; at its end they are applied to the rest of the matrix at once
// (J. Dongarra, D. Sorensen and S. Hammarling, "Block reduction of matrices to condensed forms", 1989).
import { barrier } from './team';

/**
 * Columns `from` … `to` − 1 of the symmetric matrix `matrix` (n × n, row-major, `stride` numbers a row, both triangles). Row k of `reflectors` receives
 * v_k with v_k[k + 1] = 1 and zeros before, row k − `from` of `updates` w_k, so that the rest of the matrix loses Σ v wᵀ + w vᵀ
 * (the caller's work). `diagonal`, `beside` and `taus` receive n numbers in all; `row` is scratch of n, `sums` of 2 n numbers. `stride` is a
 * multiple of 4, with zeros beyond n in the matrix.
 */
export function tridiagonalPanel(
  thread: i32, threads: i32, matrix: usize, n: i32, stride: i32, from: i32, to: i32,
  reflectors: usize, updates: usize, diagonal: usize, beside: usize, taus: usize, row: usize, sums: usize,
): void {
  const step = <usize>stride << 3;
  const lines = stride >> 2;
  // Each thread's share of a vector, in bytes.
  const first = <usize>(lines * thread / threads) << 5;
  const last = <usize>(lines * (thread + 1) / threads) << 5;
  for (let k = from; k < to; k++) {
    const here = <usize>k << 3;
    const start = (here & ~31);
    const begin = max(start, first);
    // The row as the earlier reflections of this panel leave it.
    const source = matrix + <usize>k * step;
    for (let t = begin; t < last; t += 16) v128.store(row + t, v128.load(source + t));
    for (let j = from; j < k; j++) {
      const v = reflectors + <usize>j * step;
      const w = updates + <usize>(j - from) * step;
      const a = f64x2.splat(load<f64>(v + here));
      const b = f64x2.splat(load<f64>(w + here));
      for (let t = begin; t < last; t += 16) {
        const value = v128.relaxed_nmadd<f64>(a, v128.load(w + t), v128.load(row + t));
        v128.store(row + t, v128.relaxed_nmadd<f64>(b, v128.load(v + t), value));
      }
    }
    barrier(threads);
    // All threads compute the reflection; each writes its share of it.
    const alpha = k + 1 < n ? load<f64>(row + here + 8) : 0;
    let largest: f64 = 0;
    for (let i = k + 2; i < n; i++) largest = max(largest, abs(load<f64>(row + (<usize>i << 3))));
    let tau: f64 = 0;
    let beta = alpha;
    let scale: f64 = 0;
    if (largest > 0) {
      const unit = max(largest, abs(alpha));
      let square: f64 = 0;
      for (let i = k + 1; i < n; i++) {
        const value = load<f64>(row + (<usize>i << 3)) / unit;
        square += value * value;
      }
      beta = alpha > 0 ? -unit * sqrt(square) : unit * sqrt(square);
      tau = (beta - alpha) / beta;
      scale = 1 / (alpha - beta);
    }
    const v = reflectors + <usize>k * step;
    const w = updates + <usize>(k - from) * step;
    for (let t = first; t < last; t += 8) {
      const i = <i32>(t >> 3);
      store<f64>(v + t, i <= k || i >= n ? 0 : i == k + 1 ? 1 : load<f64>(row + t) * scale);
    }
    if (thread == 0) {
      store<f64>(diagonal + here, load<f64>(row + here));
      store<f64>(beside + here, beta);
      store<f64>(taus + here, tau);
    }
    barrier(threads);
    if (tau == 0) {
      for (let t = first; t < last; t += 16) v128.store(w + t, f64x2.splat(0));
      barrier(threads);
      continue;
    }
    // y = A v − Σ_j v_j (w_j·v) + w_j (v_j·v)
    const low = ((<usize>(k + 1)) << 3) & ~31;
    const high = step;
    for (let j = from + thread; j < k; j += threads) {
      const at = sums + (<usize>(j - from) << 4);
      store<f64>(at, dotFrom(updates + <usize>(j - from) * step, v, low, high));
      store<f64>(at, dotFrom(reflectors + <usize>j * step, v, low, high), 8);
    }
    for (let t = max(low, first); t < last; t += 32) multiplyFour(matrix + (t >> 3) * step, step, v, low, high, w + t, n - <i32>(t >> 3));
    barrier(threads);
    for (let j = from; j < k; j++) {
      const at = sums + (<usize>(j - from) << 4);
      const a = f64x2.splat(load<f64>(at));
      const b = f64x2.splat(load<f64>(at, 8));
      const vj = reflectors + <usize>j * step;
      const wj = updates + <usize>(j - from) * step;
      for (let t = max(low, first); t < last; t += 16) {
        const value = v128.relaxed_nmadd<f64>(a, v128.load(vj + t), v128.load(w + t));
        v128.store(w + t, v128.relaxed_nmadd<f64>(b, v128.load(wj + t), value));
      }
    }
    barrier(threads);
    // w = τ y − (τ²/2) (y·v) v
    const half = -0.5 * tau * tau * dotFrom(w, v, low, high);
    barrier(threads);
    for (let t = first; t < last; t += 8) {
      const i = <i32>(t >> 3);
      store<f64>(w + t, i <= k || i >= n ? 0 : tau * load<f64>(w + t) + half * load<f64>(v + t));
    }
    barrier(threads);
  }
}

// @ts-ignore: decorator
@inline
function dotFrom(a: usize, b: usize, low: usize, high: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (let t = low; t < high; t += 32) {
    s0 = v128.relaxed_madd<f64>(v128.load(a + t), v128.load(b + t), s0);
    s1 = v128.relaxed_madd<f64>(v128.load(a + t, 16), v128.load(b + t, 16), s1);
  }
  s0 = f64x2.add(s0, s1);
  return f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
}

/** Products of four rows with v; rows from `left` on do not exist. */
function multiplyFour(a: usize, step: usize, v: usize, low: usize, high: usize, out: usize, left: i32): void {
  if (left < 4) {
    for (let r = 0; r < 4; r++) store<f64>(out + (<usize>r << 3), r < left ? dotFrom(a + <usize>r * step, v, low, high) : 0);
    return;
  }
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let t = low; t < high; t += 32) {
    const v0 = v128.load(v + t);
    const v1 = v128.load(v + t, 16);
    s00 = v128.relaxed_madd<f64>(v128.load(a + t), v0, s00);
    s01 = v128.relaxed_madd<f64>(v128.load(a + t, 16), v1, s01);
    s10 = v128.relaxed_madd<f64>(v128.load(a1 + t), v0, s10);
    s11 = v128.relaxed_madd<f64>(v128.load(a1 + t, 16), v1, s11);
    s20 = v128.relaxed_madd<f64>(v128.load(a2 + t), v0, s20);
    s21 = v128.relaxed_madd<f64>(v128.load(a2 + t, 16), v1, s21);
    s30 = v128.relaxed_madd<f64>(v128.load(a3 + t), v0, s30);
    s31 = v128.relaxed_madd<f64>(v128.load(a3 + t, 16), v1, s31);
  }
  s00 = f64x2.add(s00, s01);
  s10 = f64x2.add(s10, s11);
  s20 = f64x2.add(s20, s21);
  s30 = f64x2.add(s30, s31);
  store<f64>(out, f64x2.extract_lane(s00, 0) + f64x2.extract_lane(s00, 1));
  store<f64>(out, f64x2.extract_lane(s10, 0) + f64x2.extract_lane(s10, 1), 8);
  store<f64>(out, f64x2.extract_lane(s20, 0) + f64x2.extract_lane(s20, 1), 16);
  store<f64>(out, f64x2.extract_lane(s30, 0) + f64x2.extract_lane(s30, 1), 24);
}
