// Values of the kernels of kernel machines. Points lie in panels, column by column: 16 points of float32 or 8 of float64 numbers, so that one
// column of a panel is a cache line and no sum goes across lanes. Each value is summed in the order of the columns, whatever
// else is computed with it, and k(a, b) has the same bits as k(b, a).
import { KERNEL_LINEAR, KERNEL_POLY, KERNEL_RBF } from '../layout';
import { exp2Lanes } from './exponential';

// Constants four times, loaded from memory where they are used.
// prettier-ignore
const TABLE: usize = memory.data<f32>([
  1.44269504, 1.44269504, 1.44269504, 1.44269504, // 0: log2(e)
  12582912, 12582912, 12582912, 12582912, // 16: 1.5 · 2^23 rounds to an integer when added
  0.693359375, 0.693359375, 0.693359375, 0.693359375, // 32: high bits of log 2
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, // 48: log 2 − high bits
  -87, -87, -87, -87, // 64: below this exp is taken as 0
  // 1/k!, k = 7 … 2; |r| ≤ log(2)/2 leaves 5e-9 after k = 7
  1.98412698e-4, 1.98412698e-4, 1.98412698e-4, 1.98412698e-4, // 80
  1.38888889e-3, 1.38888889e-3, 1.38888889e-3, 1.38888889e-3,
  8.33333333e-3, 8.33333333e-3, 8.33333333e-3, 8.33333333e-3,
  4.16666667e-2, 4.16666667e-2, 4.16666667e-2, 4.16666667e-2,
  0.166666667, 0.166666667, 0.166666667, 0.166666667,
  0.5, 0.5, 0.5, 0.5, // 160
  1, 1, 1, 1, // 176
]);

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load(TABLE + offset);
}

/** e^x of four float32 numbers x ≤ 0, to about a unit in the last place; 0 below −87. */
// @ts-ignore: decorator
@inline
function exp4Lanes(x: v128): v128 {
  const clamped = f32x4.pmax(x, constant(64));
  const shifted = v128.relaxed_madd<f32>(clamped, constant(0), constant(16));
  const n = f32x4.sub(shifted, constant(16));
  const r = v128.relaxed_nmadd<f32>(n, constant(48), v128.relaxed_nmadd<f32>(n, constant(32), clamped));
  let sum = constant(80);
  sum = v128.relaxed_madd<f32>(sum, r, constant(96));
  sum = v128.relaxed_madd<f32>(sum, r, constant(112));
  sum = v128.relaxed_madd<f32>(sum, r, constant(128));
  sum = v128.relaxed_madd<f32>(sum, r, constant(144));
  sum = v128.relaxed_madd<f32>(sum, r, constant(160));
  const power = f32x4.add(constant(176), v128.relaxed_madd<f32>(f32x4.mul(r, r), sum, r));
  const scaled = i32x4.add(power, i32x4.shl(shifted, 23));
  return v128.and(scaled, f32x4.ge(x, constant(64)));
}

/** base^degree by repeated multiplication, in the same order for every base. */
// @ts-ignore: decorator
@inline
function powerLanes(base: v128, degree: i32): v128 {
  let result = f64x2.splat(1);
  for (let bits = degree; bits > 0; bits >>= 1) {
    if ((bits & 1) != 0) result = f64x2.mul(result, base);
    base = f64x2.mul(base, base);
  }
  return result;
}

/** tanh z = sign(z) (1 − e) / (1 + e) with e = e^−2|z|. */
// @ts-ignore: decorator
@inline
function tanhLanes(z: v128): v128 {
  const one = f64x2.splat(1);
  const size = f64x2.abs(z);
  const e = exp2Lanes(f64x2.neg(f64x2.add(size, size)));
  const value = f64x2.div(f64x2.sub(one, e), f64x2.add(one, e));
  return v128.bitselect(f64x2.neg(value), value, f64x2.lt(z, f64x2.splat(0)));
}

/**
 * Kernel values from inner products: ⟨a, b⟩, (γ⟨a, b⟩ + c)^d, tanh(γ⟨a, b⟩ + c); for RBF from −γ (‖a‖² + ‖b‖²) and ⟨a, b⟩, exp(−γ‖a − b‖²).
 */
// @ts-ignore: decorator
@inline
export function valuesOf(kernel: i32, dots: v128, squares: v128, gamma: f64, coef0: f64, degree: i32): v128 {
  if (kernel == KERNEL_LINEAR) return dots;
  if (kernel == KERNEL_RBF) {
    const exponent = f64x2.add(squares, f64x2.mul(f64x2.splat(2 * gamma), dots));
    return exp2Lanes(f64x2.pmin(exponent, f64x2.splat(0)));
  }
  const z = f64x2.add(f64x2.mul(f64x2.splat(gamma), dots), f64x2.splat(coef0));
  return kernel == KERNEL_POLY ? powerLanes(z, degree) : tanhLanes(z);
}

/** Copies a point out of panels of 16 (float32) points. */
export function copyPoint32(panels: usize, columns: i32, index: i32, out: usize): void {
  let from = panels + <usize>(index >> 4) * (<usize>columns << 6) + (<usize>(index & 15) << 2);
  for (let j = 0; j < columns; j++) {
    store<f32>(out + (<usize>j << 2), load<f32>(from));
    from += 64;
  }
}

/** Copies a point out of panels of 8 (float64) points. */
export function copyPoint64(panels: usize, columns: i32, index: i32, out: usize): void {
  let from = panels + <usize>(index >> 3) * (<usize>columns << 6) + (<usize>(index & 7) << 3);
  for (let j = 0; j < columns; j++) {
    store<f64>(out + (<usize>j << 3), load<f64>(from));
    from += 64;
  }
}

/** RBF values of a point with the points of float32 panels `from` … `to` − 1, as float32: exp(−γ Σ_j (a_j − b_j)²). Two panels at a time hide the latency of sums. */
export function rbfRow(point: usize, panels: usize, columns: i32, gamma: f64, from: i32, to: i32, out: usize): void {
  const factor = f32x4.splat(<f32>-gamma);
  const panelBytes = <usize>columns << 6;
  const end = point + (<usize>columns << 2);
  for (let panel = from; panel < to; panel += 2) {
    // An odd last panel is taken twice.
    const next = min(panel + 1, to - 1);
    let at = panels + <usize>panel * panelBytes;
    let other = panels + <usize>next * panelBytes;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t0 = s0;
    let t1 = s0;
    let t2 = s0;
    let t3 = s0;
    for (let q = point; q < end; q += 4) {
      const value = v128.load32_splat(q);
      let d = f32x4.sub(v128.load(at), value);
      s0 = v128.relaxed_madd<f32>(d, d, s0);
      d = f32x4.sub(v128.load(at, 16), value);
      s1 = v128.relaxed_madd<f32>(d, d, s1);
      d = f32x4.sub(v128.load(at, 32), value);
      s2 = v128.relaxed_madd<f32>(d, d, s2);
      d = f32x4.sub(v128.load(at, 48), value);
      s3 = v128.relaxed_madd<f32>(d, d, s3);
      d = f32x4.sub(v128.load(other), value);
      t0 = v128.relaxed_madd<f32>(d, d, t0);
      d = f32x4.sub(v128.load(other, 16), value);
      t1 = v128.relaxed_madd<f32>(d, d, t1);
      d = f32x4.sub(v128.load(other, 32), value);
      t2 = v128.relaxed_madd<f32>(d, d, t2);
      d = f32x4.sub(v128.load(other, 48), value);
      t3 = v128.relaxed_madd<f32>(d, d, t3);
      at += 64;
      other += 64;
    }
    const place = out + (<usize>panel << 6);
    v128.store(place, exp4Lanes(f32x4.mul(factor, s0)));
    v128.store(place, exp4Lanes(f32x4.mul(factor, s1)), 16);
    v128.store(place, exp4Lanes(f32x4.mul(factor, s2)), 32);
    v128.store(place, exp4Lanes(f32x4.mul(factor, s3)), 48);
    const second = out + (<usize>next << 6);
    v128.store(second, exp4Lanes(f32x4.mul(factor, t0)));
    v128.store(second, exp4Lanes(f32x4.mul(factor, t1)), 16);
    v128.store(second, exp4Lanes(f32x4.mul(factor, t2)), 32);
    v128.store(second, exp4Lanes(f32x4.mul(factor, t3)), 48);
  }
}

/** {@link rbfRow} for callers outside, by one thread. */
export function svmRbfRow(thread: i32, threads: i32, point: usize, panels: usize, columns: i32, gamma: f64, panelCount: i32, out: usize): void {
  rbfRow(point, panels, columns, gamma, 0, panelCount, out);
}

/**
 * Values of any kernel with the points of float64 panels 2 `from` … 2 `to` − 1, computed in float64 and rounded to float32. For RBF `square` and `squares` hold −γ‖·‖².
 */
export function wideRow(point: usize, square: f64, panels: usize, squares: usize, columns: i32, kernel: i32, gamma: f64, coef0: f64, degree: i32, from: i32, to: i32, out: usize): void {
  const panelBytes = <usize>columns << 6;
  const end = point + (<usize>columns << 3);
  const none = f64x2.splat(0);
  const own = f64x2.splat(square);
  let at = panels + 2 * <usize>from * panelBytes;
  let other = squares + (<usize>from << 7);
  let place = out + (<usize>from << 6);
  for (let panel = 2 * from; panel < 2 * to; panel++) {
    let s0 = none;
    let s1 = none;
    let s2 = none;
    let s3 = none;
    for (let q = point; q < end; q += 8) {
      const value = v128.load64_splat(q);
      s0 = v128.relaxed_madd<f64>(v128.load(at), value, s0);
      s1 = v128.relaxed_madd<f64>(v128.load(at, 16), value, s1);
      s2 = v128.relaxed_madd<f64>(v128.load(at, 32), value, s2);
      s3 = v128.relaxed_madd<f64>(v128.load(at, 48), value, s3);
      at += 64;
    }
    s0 = f32x4.demote_f64x2_zero(valuesOf(kernel, s0, f64x2.add(own, v128.load(other)), gamma, coef0, degree));
    s1 = f32x4.demote_f64x2_zero(valuesOf(kernel, s1, f64x2.add(own, v128.load(other, 16)), gamma, coef0, degree));
    s2 = f32x4.demote_f64x2_zero(valuesOf(kernel, s2, f64x2.add(own, v128.load(other, 32)), gamma, coef0, degree));
    s3 = f32x4.demote_f64x2_zero(valuesOf(kernel, s3, f64x2.add(own, v128.load(other, 48)), gamma, coef0, degree));
    v128.store(place, v128.shuffle<f64>(s0, s1, 0, 2));
    v128.store(place, v128.shuffle<f64>(s2, s3, 0, 2), 16);
    place += 32;
    other += 64;
  }
}

/**
 * f += Σ_s coefs[s] k(x, s) for the points x of float32 panels `from` … `to` − 1, shared out, with the values of {@link rbfRow}. The `count` (even) points s are
 * row-major float32 numbers.
 */
export function svmAddRbfSums(thread: i32, threads: i32, panels: usize, from: i32, to: i32, columns: i32, gamma: f64, points: usize, coefs: usize, count: i32, f: usize): void {
  const factor = f32x4.splat(<f32>-gamma);
  const pointBytes = <usize>columns << 2;
  const panelBytes = <usize>columns << 6;
  for (let panel = from + thread; panel < to; panel += threads) {
    const sums = f + (<usize>panel << 7);
    let p = points;
    for (let s = 0; s < count; s += 2) {
      let at = panels + <usize>panel * panelBytes;
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      const end = p + pointBytes;
      for (let q = p; q < end; q += 4) {
        const x0 = v128.load(at);
        const x1 = v128.load(at, 16);
        const x2 = v128.load(at, 32);
        const x3 = v128.load(at, 48);
        const a = v128.load32_splat(q);
        let d = f32x4.sub(x0, a);
        a0 = v128.relaxed_madd<f32>(d, d, a0);
        d = f32x4.sub(x1, a);
        a1 = v128.relaxed_madd<f32>(d, d, a1);
        d = f32x4.sub(x2, a);
        a2 = v128.relaxed_madd<f32>(d, d, a2);
        d = f32x4.sub(x3, a);
        a3 = v128.relaxed_madd<f32>(d, d, a3);
        const b = v128.load32_splat(q + pointBytes);
        d = f32x4.sub(x0, b);
        b0 = v128.relaxed_madd<f32>(d, d, b0);
        d = f32x4.sub(x1, b);
        b1 = v128.relaxed_madd<f32>(d, d, b1);
        d = f32x4.sub(x2, b);
        b2 = v128.relaxed_madd<f32>(d, d, b2);
        d = f32x4.sub(x3, b);
        b3 = v128.relaxed_madd<f32>(d, d, b3);
        at += 64;
      }
      const first = v128.load64_splat(coefs + (<usize>s << 3));
      const second = v128.load64_splat(coefs + (<usize>s << 3), 8);
      addPair(sums, factor, a0, b0, first, second);
      addPair(sums + 32, factor, a1, b1, first, second);
      addPair(sums + 64, factor, a2, b2, first, second);
      addPair(sums + 96, factor, a3, b3, first, second);
      p = end + pointBytes;
    }
  }
}

/** Adds two weighted kernel values, from squared distances, to each of four sums. */
// @ts-ignore: decorator
@inline
function addPair(sums: usize, factor: v128, a: v128, b: v128, first: v128, second: v128): void {
  const ka = exp4Lanes(f32x4.mul(factor, a));
  const kb = exp4Lanes(f32x4.mul(factor, b));
  let low = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(ka), first, v128.load(sums));
  low = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(kb), second, low);
  v128.store(sums, low);
  const upper = f64x2.promote_low_f32x4(v128.shuffle<f64>(ka, ka, 1, 1));
  let high = v128.relaxed_madd<f64>(upper, first, v128.load(sums, 16));
  high = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.shuffle<f64>(kb, kb, 1, 1)), second, high);
  v128.store(sums, high, 16);
}
