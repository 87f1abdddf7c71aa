// Sweeps of coordinate descent for ½‖y − Xw‖² + α‖w‖₁ + ½β‖w‖². Each coordinate's exact minimiser is
//
//     w_j ← soft(x_jᵀr + w_j ‖x_j‖², α) / (‖x_j‖² + β),   soft(z, α) = sign(z) max(|z| − α, 0),   r = y − Xw
//
// (J. Friedman, T. Hastie and R. Tibshirani, J. Stat. Softw. 33 (2010)). One form keeps the residual r, the other the correlations
// Xᵀr = Xᵀy − (XᵀX) w. `extremes` holds the largest change of a coefficient and the largest coefficient so far.

// @ts-ignore: decorator
@inline
function minimizer(correlation: f64, old: f64, norm: f64, alpha: f64, beta: f64, positive: i32): f64 {
  const z = correlation + old * norm;
  if (z > alpha) return (z - alpha) / (norm + beta);
  if (z < -alpha && positive == 0) return (z + alpha) / (norm + beta);
  return 0;
}

// @ts-ignore: decorator
@inline
function record(extremes: usize, change: f64, value: f64): void {
  store<f64>(extremes, Math.max(load<f64>(extremes), Math.abs(change)));
  store<f64>(extremes + 8, Math.max(load<f64>(extremes, 8), Math.abs(value)));
}

/** target += factor · source over `bytes` (a multiple of 32). */
// @ts-ignore: decorator
@inline
function addScaled(factor: f64, source: usize, target: usize, bytes: usize): void {
  const f = f64x2.splat(factor);
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(target + i, v128.relaxed_madd<f64>(f, v128.load(source + i), v128.load(target + i)));
    v128.store(target + i, v128.relaxed_madd<f64>(f, v128.load(source + i, 16), v128.load(target + i, 16)), 16);
  }
}

/** Dot product over `bytes` (a multiple of 32). */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    s0 = v128.relaxed_madd<f64>(v128.load(a + i), v128.load(b + i), s0);
    s1 = v128.relaxed_madd<f64>(v128.load(a + i, 16), v128.load(b + i, 16), s1);
    s2 = v128.relaxed_madd<f64>(v128.load(a + i, 32), v128.load(b + i, 32), s2);
    s3 = v128.relaxed_madd<f64>(v128.load(a + i, 48), v128.load(b + i, 48), s3);
  }
  if (i < bytes) {
    s0 = v128.relaxed_madd<f64>(v128.load(a + i), v128.load(b + i), s0);
    s1 = v128.relaxed_madd<f64>(v128.load(a + i, 16), v128.load(b + i, 16), s1);
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Updates the coordinates list[from … to), one after the other. `gram` is symmetric and full, `stride` (a multiple of 4) numbers a
 * row; `correlations` is Xᵀr. One thread.
 */
export function descendGram(thread: i32, threads: i32, gram: usize, stride: i32, list: usize, from: i32, to: i32, w: usize, correlations: usize, alpha: f64, beta: f64, positive: i32, extremes: usize): void {
  if (thread != 0) return;
  const rowBytes = <usize>stride << 3;
  for (let at = from; at < to; at++) {
    const j = <usize>load<i32>(list + (<usize>at << 2));
    const row = gram + j * rowBytes;
    const norm = load<f64>(row + (j << 3));
    if (norm == 0) continue;
    const old = load<f64>(w + (j << 3));
    const value = minimizer(load<f64>(correlations + (j << 3)), old, norm, alpha, beta, positive);
    if (value != old) {
      store<f64>(w + (j << 3), value);
      addScaled(old - value, row, correlations, rowBytes);
    }
    record(extremes, value - old, value);
  }
}

/** out = q − Gw, rows of the Gram matrix shared out. */
export function correlateGram(thread: i32, threads: i32, gram: usize, stride: i32, order: i32, q: usize, w: usize, out: usize): void {
  const rowBytes = <usize>stride << 3;
  for (let j = <usize>thread; j < <usize>order; j += threads) {
    store<f64>(out + (j << 3), load<f64>(q + (j << 3)) - dot(gram + j * rowBytes, w, rowBytes));
  }
}

/** The same sweep with the residual; column j of X is `stride` (a multiple of 4) numbers at x + 8 j stride. One thread. */
export function descendColumns(thread: i32, threads: i32, x: usize, stride: i32, norms: usize, list: usize, from: i32, to: i32, w: usize, residual: usize, alpha: f64, beta: f64, positive: i32, extremes: usize): void {
  if (thread != 0) return;
  const bytes = <usize>stride << 3;
  for (let at = from; at < to; at++) {
    const j = <usize>load<i32>(list + (<usize>at << 2));
    const column = x + j * bytes;
    const norm = load<f64>(norms + (j << 3));
    if (norm == 0) continue;
    const old = load<f64>(w + (j << 3));
    const value = minimizer(dot(column, residual, bytes), old, norm, alpha, beta, positive);
    if (value != old) {
      store<f64>(w + (j << 3), value);
      addScaled(old - value, column, residual, bytes);
    }
    record(extremes, value - old, value);
  }
}

/** out[j] = x_j · v for columns from … to − 1, shared out. */
export function correlateColumns(thread: i32, threads: i32, x: usize, stride: i32, from: i32, to: i32, v: usize, out: usize): void {
  const bytes = <usize>stride << 3;
  for (let j = <usize>(from + thread); j < <usize>to; j += threads) {
    store<f64>(out + (j << 3), dot(x + j * bytes, v, bytes));
  }
}

/** Row `row` of the Gram matrix of the columns in `list`: out[i] = x_list[row] · x_list[i], shared out. */
export function gramRowOfColumns(thread: i32, threads: i32, x: usize, stride: i32, list: usize, count: i32, row: i32, out: usize): void {
  const bytes = <usize>stride << 3;
  const column = x + <usize>load<i32>(list + (<usize>row << 2)) * bytes;
  for (let i = thread; i < count; i += threads) {
    store<f64>(out + (<usize>i << 3), dot(column, x + <usize>load<i32>(list + (<usize>i << 2)) * bytes, bytes));
  }
}

/** v −= Σ_i w[list[i]] x_list[i], one thread. */
export function subtractColumns(thread: i32, threads: i32, x: usize, stride: i32, list: usize, count: i32, w: usize, v: usize): void {
  if (thread != 0) return;
  const bytes = <usize>stride << 3;
  for (let i = 0; i < count; i++) {
    const j = <usize>load<i32>(list + (<usize>i << 2));
    addScaled(-load<f64>(w + (j << 3)), x + j * bytes, v, bytes);
  }
}
