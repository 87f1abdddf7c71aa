// exp and log1p of two float64 numbers at once, accurate to about one unit in the last place.

// Constants as pairs, loaded from memory where they are used: splats of constants in a hot loop cost more than loads.
// prettier-ignore
const TABLE: usize = memory.data<f64>([
  1.4426950408889634, 1.4426950408889634, // 0: log2(e)
  6755399441055744, 6755399441055744, // 16: 1.5 · 2^52 rounds to an integer when added
  0.6931471803691238, 0.6931471803691238, // 32: high bits of log 2, a multiple of 2^-32: exact when times an exponent
  1.9082149292705877e-10, 1.9082149292705877e-10, // 48: log 2 − high bits
  -708, -708, // 64: below this exp is taken as 0
  709, 709, // 80
  // 1/k!, k = 13 … 2: exp(r) = Σ r^k / k!; |r| ≤ log(2)/2 leaves 5e-18 after k = 13
  1.6059043836821613e-10, 1.6059043836821613e-10, // 96
  2.08767569878681e-9, 2.08767569878681e-9,
  2.505210838544172e-8, 2.505210838544172e-8,
  2.755731922398589e-7, 2.755731922398589e-7,
  2.7557319223985893e-6, 2.7557319223985893e-6,
  2.48015873015873e-5, 2.48015873015873e-5,
  1.984126984126984e-4, 1.984126984126984e-4,
  1.388888888888889e-3, 1.388888888888889e-3,
  8.333333333333333e-3, 8.333333333333333e-3,
  4.1666666666666664e-2, 4.1666666666666664e-2,
  0.16666666666666666, 0.16666666666666666,
  0.5, 0.5, // 272
  1, 1, // 288
  0.41421356237309503, 0.41421356237309503, // 304: √2 − 1
  // 2/(2k+1), k = 10 … 1: 2 atanh(s) = 2s + s Σ 2 s^2k / (2k+1); |s| ≤ 0.1716 leaves 1e-18 after k = 10
  0.09523809523809523, 0.09523809523809523, // 320
  0.10526315789473684, 0.10526315789473684,
  0.11764705882352941, 0.11764705882352941,
  0.13333333333333333, 0.13333333333333333,
  0.15384615384615385, 0.15384615384615385,
  0.18181818181818182, 0.18181818181818182,
  0.2222222222222222, 0.2222222222222222,
  0.2857142857142857, 0.2857142857142857,
  0.4, 0.4,
  0.6666666666666666, 0.6666666666666666, // 464
  0.6931471805599453, 0.6931471805599453, // 480: log 2
]);

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load(TABLE + offset);
}

/** e^x for x ≤ 709; 0 below −708. exp(x) = 2^n · e^r with n = round(x / log 2), r = x − n log 2. */
// @ts-ignore: decorator
@inline
export function exp2Lanes(x: v128): v128 {
  const clamped = f64x2.max(x, constant(64));
  const shifted = v128.relaxed_madd<f64>(clamped, constant(0), constant(16));
  const n = f64x2.sub(shifted, constant(16));
  const r = v128.relaxed_nmadd<f64>(n, constant(48), v128.relaxed_nmadd<f64>(n, constant(32), clamped));
  let sum = constant(96);
  sum = v128.relaxed_madd<f64>(sum, r, constant(112));
  sum = v128.relaxed_madd<f64>(sum, r, constant(128));
  sum = v128.relaxed_madd<f64>(sum, r, constant(144));
  sum = v128.relaxed_madd<f64>(sum, r, constant(160));
  sum = v128.relaxed_madd<f64>(sum, r, constant(176));
  sum = v128.relaxed_madd<f64>(sum, r, constant(192));
  sum = v128.relaxed_madd<f64>(sum, r, constant(208));
  sum = v128.relaxed_madd<f64>(sum, r, constant(224));
  sum = v128.relaxed_madd<f64>(sum, r, constant(240));
  sum = v128.relaxed_madd<f64>(sum, r, constant(256));
  sum = v128.relaxed_madd<f64>(sum, r, constant(272));
  // e^r = 1 + (r + r² · sum): the small part is added last.
  const power = f64x2.add(constant(288), v128.relaxed_madd<f64>(f64x2.mul(r, r), sum, r));
  // The low bits of `shifted` are n in two's complement; moved to the exponent they multiply by 2^n.
  const scaled = i64x2.add(power, i64x2.shl(shifted, 52));
  return v128.and(scaled, f64x2.ge(x, constant(64)));
}

/**
 * log(1 + e) for 0 ≤ e ≤ 1: 2 atanh(s) with s = f / (2 + f) and f = e; above √2 − 1, log 2 plus the same with f = (e − 1) / 2.
 */
// @ts-ignore: decorator
@inline
export function log1pLanes(e: v128): v128 {
  const large = f64x2.gt(e, constant(304));
  const half = f64x2.mul(f64x2.sub(e, constant(288)), constant(272));
  const f = v128.bitselect(half, e, large);
  const two = f64x2.add(constant(288), constant(288));
  const s = f64x2.div(f, f64x2.add(two, f));
  const z = f64x2.mul(s, s);
  let sum = constant(320);
  sum = v128.relaxed_madd<f64>(sum, z, constant(336));
  sum = v128.relaxed_madd<f64>(sum, z, constant(352));
  sum = v128.relaxed_madd<f64>(sum, z, constant(368));
  sum = v128.relaxed_madd<f64>(sum, z, constant(384));
  sum = v128.relaxed_madd<f64>(sum, z, constant(400));
  sum = v128.relaxed_madd<f64>(sum, z, constant(416));
  sum = v128.relaxed_madd<f64>(sum, z, constant(432));
  sum = v128.relaxed_madd<f64>(sum, z, constant(448));
  sum = v128.relaxed_madd<f64>(sum, z, constant(464));
  // 2s = f − s·f exactly (s = f/(2+f)), so log1p = f − s (f − z·sum): f carries most of the digits unrounded.
  const tail = f64x2.mul(s, f64x2.sub(f, f64x2.mul(z, sum)));
  const offset = v128.and(large, constant(480));
  return f64x2.add(offset, f64x2.sub(f, tail));
}

/** Writes e^x of `count` numbers (rounded up to an even count) to `out`. */
export function exponentials(thread: i32, threads: i32, x: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 16) v128.store(out + i, exp2Lanes(v128.load(x + i)));
}

/** Writes log(1 + e) of `count` numbers in [0, 1] (rounded up to an even count) to `out`. */
export function logarithmsOfOnePlus(thread: i32, threads: i32, x: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 16) v128.store(out + i, log1pLanes(v128.load(x + i)));
}
