// Loops over whole vectors in memory.

/** Σ a_i b_i over `bytes` bytes of float64 numbers, a multiple of 32; four partial sums. */
// @ts-ignore: decorator
@inline
export function dotOf(a: usize, b: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (let i: usize = 0; i < bytes; i += 32) {
    s0 = v128.relaxed_madd<f64>(v128.load(a + i), v128.load(b + i), s0);
    s1 = v128.relaxed_madd<f64>(v128.load(a + i, 16), v128.load(b + i, 16), s1);
  }
  const sum = f64x2.add(s0, s1);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
