// Householder reduction of a symmetric matrix to tridiagonal form, in panels: within one the matrix stays as it is and the reflections
// that have been found are applied to each product with it; at its end they are applied to the rest of the matrix at once
// (J. Dongarra, D. Sorensen and S. Hammarling, "Block reduction of matrices to condensed forms", 1989).
import { barrier } from './team';

/** Sums of the product with the matrix, by rows: what threads share out, always as many. */
const PARTS: i32 = 8;

/**
 * Columns `from` … `to` − 1 of the symmetric matrix `matrix` (n × n, row-major, `stride` numbers a row), of which only the upper triangle is read. Row k of
 * `reflectors` receives v_k with v_k[k + 1] = 1 and zeros before, row k − `from` of `updates` w_k, so that the rest of the matrix loses Σ v wᵀ + w vᵀ
 * (the caller's work). `diagonal`, `beside` and `taus` receive n numbers in all; `row` is scratch of `stride`, `sums` of 2 n, `partial` of
 * 8 · `stride` numbers. `stride` is a multiple of 4, with zeros beyond n in the matrix.
 */
export function tridiagonalPanel(
  thread: i32, threads: i32, matrix: usize, n: i32, stride: i32, from: i32, to: i32,
  reflectors: usize, updates: usize, diagonal: usize, beside: usize, taus: usize, row: usize, sums: usize, partial: usize,
): void {
  const step = <usize>stride << 3;
  const lines = stride >> 2;
  for (let k = from; k < to; k++) {
    const here = <usize>k << 3;
    const low = (here + 8) & ~31;
    // Each thread's share of what is left of a vector, in bytes.
    const start = k >> 2;
    const first = <usize>(start + (lines - start) * thread / threads) << 5;
    const last = <usize>(start + (lines - start) * (thread + 1) / threads) << 5;
    // The row as the earlier reflections of this panel leave it.
    const source = matrix + <usize>k * step;
    for (let t = first; t < last; t += 16) v128.store(row + t, v128.load(source + t));
    for (let j = from; j < k; j++) {
      const v = reflectors + <usize>j * step;
      const w = updates + <usize>(j - from) * step;
      subtractPair(row, first, last, w, load<f64>(v + here), v, load<f64>(w + here));
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
    if (thread == 0) {
      memory.fill(v, 0, <usize>start << 5);
      memory.fill(w, 0, <usize>start << 5);
      store<f64>(diagonal + here, load<f64>(row + here));
      store<f64>(beside + here, beta);
      store<f64>(taus + here, tau);
    }
    for (let t = first; t < last; t += 8) {
      const i = <i32>(t >> 3);
      store<f64>(v + t, i <= k || i >= n ? 0 : i == k + 1 ? 1 : load<f64>(row + t) * scale);
    }
    barrier(threads);
    if (tau == 0) {
      for (let t = first; t < last; t += 16) v128.store(w + t, f64x2.splat(0));
      barrier(threads);
      continue;
    }
    // y = A v − Σ_j v_j (w_j·v) + w_j (v_j·v)
    for (let j = from + thread; j < k; j += threads) {
      storeDots(updates + <usize>(j - from) * step, reflectors + <usize>j * step, v, low, step, sums + (<usize>(j - from) << 4));
    }
    const groups = (n + 3) >> 2;
    for (let part = thread; part < PARTS; part += threads) {
      const y = partial + <usize>part * step;
      memory.fill(y + low, 0, step - low);
      for (let group = <i32>(low >> 5) + part; group < groups; group += PARTS) addFourRows(matrix, step, v, y, group, n);
    }
    barrier(threads);
    const begin = max(low, first);
    for (let t = begin; t < last; t += 16) {
      let sum = v128.load(partial + t);
      for (let part = 1; part < PARTS; part++) sum = f64x2.add(sum, v128.load(partial + <usize>part * step + t));
      v128.store(w + t, sum);
    }
    for (let j = from; j < k; j++) {
      const at = sums + (<usize>(j - from) << 4);
      subtractPair(w, begin, last, reflectors + <usize>j * step, load<f64>(at), updates + <usize>(j - from) * step, load<f64>(at, 8));
    }
    barrier(threads);
    // w = τ y − (τ²/2) (y·v) v
    const half = -0.5 * tau * tau * dotFrom(w, v, low, step);
    barrier(threads);
    for (let t = first; t < last; t += 8) {
      const i = <i32>(t >> 3);
      store<f64>(w + t, i <= k || i >= n ? 0 : tau * load<f64>(w + t) + half * load<f64>(v + t));
    }
    barrier(threads);
  }
}

/** out −= a · x + b · y */
// @ts-ignore: decorator
@inline
function subtractPair(out: usize, first: usize, last: usize, x: usize, a: f64, y: usize, b: f64): void {
  const a2 = f64x2.splat(a);
  const b2 = f64x2.splat(b);
  for (let t = first; t < last; t += 32) {
    let c0 = v128.relaxed_nmadd<f64>(a2, v128.load(x + t), v128.load(out + t));
    let c1 = v128.relaxed_nmadd<f64>(a2, v128.load(x + t, 16), v128.load(out + t, 16));
    c0 = v128.relaxed_nmadd<f64>(b2, v128.load(y + t), c0);
    c1 = v128.relaxed_nmadd<f64>(b2, v128.load(y + t, 16), c1);
    v128.store(out + t, c0);
    v128.store(out + t, c1, 16);
  }
}

/** x·v and y·v */
// @ts-ignore: decorator
@inline
function storeDots(x: usize, y: usize, v: usize, low: usize, high: usize, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let u0 = s0;
  let u1 = s0;
  for (let t = low; t < high; t += 32) {
    const v0 = v128.load(v + t);
    const v1 = v128.load(v + t, 16);
    s0 = v128.relaxed_madd<f64>(v128.load(x + t), v0, s0);
    s1 = v128.relaxed_madd<f64>(v128.load(x + t, 16), v1, s1);
    u0 = v128.relaxed_madd<f64>(v128.load(y + t), v0, u0);
    u1 = v128.relaxed_madd<f64>(v128.load(y + t, 16), v1, u1);
  }
  s0 = f64x2.add(s0, s1);
  u0 = f64x2.add(u0, u1);
  store<f64>(out, f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1));
  store<f64>(out, f64x2.extract_lane(u0, 0) + f64x2.extract_lane(u0, 1), 8);
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

/** Adds to y what rows 4 · `group` … + 3 of the upper triangle, and the columns that mirror them, contribute to the product with v. */
function addFourRows(matrix: usize, step: usize, v: usize, y: usize, group: i32, n: i32): void {
  const at = <usize>group << 5;
  const a = matrix + (<usize>group << 2) * step;
  const count = min(4, n - (group << 2));
  for (let r: usize = 0; r < <usize>count; r++) {
    const row = a + r * step + at;
    const own = v + at + (r << 3);
    let sum = load<f64>(y + at + (r << 3)) + load<f64>(row + (r << 3)) * load<f64>(own);
    for (let c = r + 1; c < <usize>count; c++) {
      const value = load<f64>(row + (c << 3));
      sum += value * load<f64>(v + at + (c << 3));
      store<f64>(y + at + (c << 3), load<f64>(y + at + (c << 3)) + value * load<f64>(own));
    }
    store<f64>(y + at + (r << 3), sum);
  }
  const begin = at + 32;
  // A last group of fewer than four rows has no columns beyond its own.
  if (count < 4 || begin >= step) return;
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const x0 = v128.load64_splat(v + at);
  const x1 = v128.load64_splat(v + at, 8);
  const x2 = v128.load64_splat(v + at, 16);
  const x3 = v128.load64_splat(v + at, 24);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let u0 = s0;
  let u1 = s0;
  let u2 = s0;
  let u3 = s0;
  for (let t = begin; t < step; t += 32) {
    let value = v128.load(v + t);
    let row = v128.load(a + t);
    let sum = v128.relaxed_madd<f64>(row, x0, v128.load(y + t));
    s0 = v128.relaxed_madd<f64>(row, value, s0);
    row = v128.load(a1 + t);
    sum = v128.relaxed_madd<f64>(row, x1, sum);
    s1 = v128.relaxed_madd<f64>(row, value, s1);
    row = v128.load(a2 + t);
    sum = v128.relaxed_madd<f64>(row, x2, sum);
    s2 = v128.relaxed_madd<f64>(row, value, s2);
    row = v128.load(a3 + t);
    sum = v128.relaxed_madd<f64>(row, x3, sum);
    s3 = v128.relaxed_madd<f64>(row, value, s3);
    v128.store(y + t, sum);
    value = v128.load(v + t, 16);
    row = v128.load(a + t, 16);
    sum = v128.relaxed_madd<f64>(row, x0, v128.load(y + t, 16));
    u0 = v128.relaxed_madd<f64>(row, value, u0);
    row = v128.load(a1 + t, 16);
    sum = v128.relaxed_madd<f64>(row, x1, sum);
    u1 = v128.relaxed_madd<f64>(row, value, u1);
    row = v128.load(a2 + t, 16);
    sum = v128.relaxed_madd<f64>(row, x2, sum);
    u2 = v128.relaxed_madd<f64>(row, value, u2);
    row = v128.load(a3 + t, 16);
    sum = v128.relaxed_madd<f64>(row, x3, sum);
    u3 = v128.relaxed_madd<f64>(row, value, u3);
    v128.store(y + t, sum, 16);
  }
  s0 = f64x2.add(s0, u0);
  s1 = f64x2.add(s1, u1);
  s2 = f64x2.add(s2, u2);
  s3 = f64x2.add(s3, u3);
  const out = y + at;
  v128.store(out, f64x2.add(v128.load(out), f64x2.add(v128.shuffle<f64>(s0, s1, 0, 2), v128.shuffle<f64>(s0, s1, 1, 3))));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.add(v128.shuffle<f64>(s2, s3, 0, 2), v128.shuffle<f64>(s2, s3, 1, 3))), 16);
}
