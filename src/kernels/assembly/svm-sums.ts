// Sums of kernel values over support vectors: what kernel machines predict.
import { valuesOf } from './svm-values';

/** Queries whose values a thread holds at a time, and bytes of support vectors that they meet before the next. */
const QUERIES: i32 = 8;
const CHUNK_BYTES: i32 = 65536;

/**
 * For queries `from` … `to` − 1 (row-major) and each segment (output, place, first, last) of 32-bit integers: out[query, output] += Σ_t coefs[place + t − first]
 * k(query, s_t), t = first … last − 1. The support vectors lie in float64 panels of 8, `count` rounded up. `querySquares` and `squares` hold −γ‖·‖² and are read for
 * RBF only. `scratch` holds 8 `count` numbers a thread. Unless `rounded` is 0 the
 * values are rounded to float32, as in the rows of the solver. Each query's sums are the same whatever else is asked.
 */
export function svmSums(
  thread: i32, threads: i32, queries: usize, querySquares: usize, from: i32, to: i32, panels: usize, squares: usize, count: i32, columns: i32,
  kernel: i32, gamma: f64, coef0: f64, degree: i32, segments: usize, segmentCount: i32, coefs: usize, outputs: i32, out: usize, scratch: usize, rounded: i32,
): void {
  const rowBytes = <usize>columns << 3;
  const panelBytes = <usize>columns << 6;
  const valueBytes = <usize>count << 3;
  const values = scratch + <usize>thread * QUERIES * valueBytes;
  const panelCount = count >> 3;
  const step = max(1, CHUNK_BYTES / <i32>panelBytes);
  for (let block = from + thread * QUERIES; block < to; block += threads * QUERIES) {
    const end = min(to, block + QUERIES);
    for (let chunk = 0; chunk < panelCount; chunk += step) {
      const chunkEnd = min(panelCount, chunk + step);
      if (end - block == 1) {
        singleValues(
          queries + <usize>block * rowBytes, load<f64>(querySquares + (<usize>block << 3)), panels, panelBytes, squares, chunk, chunkEnd, rowBytes, kernel,
          gamma, coef0, degree, values, rounded,
        );
        continue;
      }
      for (let query = block; query < end; query += 2) {
        const other = min(query + 1, end - 1);
        pairValues(
          queries + <usize>query * rowBytes, queries + <usize>other * rowBytes, load<f64>(querySquares + (<usize>query << 3)),
          load<f64>(querySquares + (<usize>other << 3)), panels, panelBytes, squares, chunk, chunkEnd, rowBytes, kernel, gamma, coef0, degree,
          values + <usize>(query - block) * valueBytes, values + <usize>(other - block) * valueBytes, rounded,
        );
      }
    }
    for (let query = block; query < end; query++) {
      const own = values + <usize>(query - block) * valueBytes;
      const sums = out + (<usize>query * outputs << 3);
      for (let s = 0; s < segmentCount; s++) {
        const segment = segments + (<usize>s << 4);
        const first = load<i32>(segment, 8);
        const sum = sums + (<usize>load<i32>(segment) << 3);
        store<f64>(sum, load<f64>(sum) + dotRange(coefs + (<usize>load<i32>(segment, 4) << 3), own + (<usize>first << 3), load<i32>(segment, 12) - first));
      }
    }
  }
}

/** Kernel values of two queries with the points of panels `from` … `to` − 1. */
// @ts-ignore: decorator
@inline
function pairValues(
  p: usize, q: usize, pSquare: f64, qSquare: f64, panels: usize, panelBytes: usize, squares: usize, from: i32, to: i32, rowBytes: usize, kernel: i32,
  gamma: f64, coef0: f64, degree: i32, pOut: usize, qOut: usize, rounded: i32,
): void {
  const ps = f64x2.splat(pSquare);
  const qs = f64x2.splat(qSquare);
  for (let panel = from; panel < to; panel++) {
    let at = panels + <usize>panel * panelBytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let j: usize = 0; j < rowBytes; j += 8) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 16);
      const x2 = v128.load(at, 32);
      const x3 = v128.load(at, 48);
      const a = v128.load64_splat(p + j);
      a0 = v128.relaxed_madd<f64>(x0, a, a0);
      a1 = v128.relaxed_madd<f64>(x1, a, a1);
      a2 = v128.relaxed_madd<f64>(x2, a, a2);
      a3 = v128.relaxed_madd<f64>(x3, a, a3);
      const b = v128.load64_splat(q + j);
      b0 = v128.relaxed_madd<f64>(x0, b, b0);
      b1 = v128.relaxed_madd<f64>(x1, b, b1);
      b2 = v128.relaxed_madd<f64>(x2, b, b2);
      b3 = v128.relaxed_madd<f64>(x3, b, b3);
      at += 64;
    }
    const o = <usize>panel << 6;
    storeValues(a0, a1, a2, a3, ps, squares, o, kernel, gamma, coef0, degree, pOut, rounded);
    storeValues(b0, b1, b2, b3, qs, squares, o, kernel, gamma, coef0, degree, qOut, rounded);
  }
}

/** Kernel values of one query, two panels at a time; the last may be taken twice. */
// @ts-ignore: decorator
@inline
function singleValues(
  p: usize, square: f64, panels: usize, panelBytes: usize, squares: usize, from: i32, to: i32, rowBytes: usize, kernel: i32, gamma: f64, coef0: f64,
  degree: i32, out: usize, rounded: i32,
): void {
  const own = f64x2.splat(square);
  for (let panel = from; panel < to; panel += 2) {
    const next = min(panel + 1, to - 1);
    let x = panels + <usize>panel * panelBytes;
    let y = panels + <usize>next * panelBytes;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let j: usize = 0; j < rowBytes; j += 8) {
      const value = v128.load64_splat(p + j);
      a0 = v128.relaxed_madd<f64>(v128.load(x), value, a0);
      a1 = v128.relaxed_madd<f64>(v128.load(x, 16), value, a1);
      a2 = v128.relaxed_madd<f64>(v128.load(x, 32), value, a2);
      a3 = v128.relaxed_madd<f64>(v128.load(x, 48), value, a3);
      b0 = v128.relaxed_madd<f64>(v128.load(y), value, b0);
      b1 = v128.relaxed_madd<f64>(v128.load(y, 16), value, b1);
      b2 = v128.relaxed_madd<f64>(v128.load(y, 32), value, b2);
      b3 = v128.relaxed_madd<f64>(v128.load(y, 48), value, b3);
      x += 64;
      y += 64;
    }
    storeValues(a0, a1, a2, a3, own, squares, <usize>panel << 6, kernel, gamma, coef0, degree, out, rounded);
    storeValues(b0, b1, b2, b3, own, squares, <usize>next << 6, kernel, gamma, coef0, degree, out, rounded);
  }
}

/** Writes the kernel values of one panel from its products. */
// @ts-ignore: decorator
@inline
function storeValues(
  d0: v128, d1: v128, d2: v128, d3: v128, own: v128, squares: usize, o: usize, kernel: i32, gamma: f64, coef0: f64, degree: i32, out: usize, rounded: i32,
): void {
  d0 = valuesOf(kernel, d0, f64x2.add(own, v128.load(squares + o)), gamma, coef0, degree);
  d1 = valuesOf(kernel, d1, f64x2.add(own, v128.load(squares + o, 16)), gamma, coef0, degree);
  d2 = valuesOf(kernel, d2, f64x2.add(own, v128.load(squares + o, 32)), gamma, coef0, degree);
  d3 = valuesOf(kernel, d3, f64x2.add(own, v128.load(squares + o, 48)), gamma, coef0, degree);
  if (rounded != 0) {
    d0 = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(d0));
    d1 = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(d1));
    d2 = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(d2));
    d3 = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(d3));
  }
  v128.store(out + o, d0);
  v128.store(out + o, d1, 16);
  v128.store(out + o, d2, 32);
  v128.store(out + o, d3, 48);
}

/** Σ_{t < count} a_t b_t */
// @ts-ignore: decorator
@inline
function dotRange(a: usize, b: usize, count: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  const bytes = <usize>count << 3;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    s0 = v128.relaxed_madd<f64>(v128.load(a + i), v128.load(b + i), s0);
    s1 = v128.relaxed_madd<f64>(v128.load(a + i, 16), v128.load(b + i, 16), s1);
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; i < bytes; i += 8) sum += load<f64>(a + i) * load<f64>(b + i);
  return sum;
}
