// The gradient of a least-squares problem, one block of rows of the augmented design matrix at a time.

/**
 * For each of `targets` rows v of `weights` (`stride` numbers each, −1 at the target's own column and 0 at the other targets'):
 * r = −Zv, gradient += Zᵀr. `stride` is a multiple of 4.
 */
export function addResidualGradient(thread: i32, threads: i32, z: usize, depth: i32, stride: i32, targets: i32, weights: usize, gradient: usize): void {
  const bytes = <usize>stride << 3;
  for (let target = 0; target < targets; target++) {
    let row = z;
    for (let t = 0; t < depth; t++) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      for (let i: usize = 0; i < bytes; i += 32) {
        s0 = v128.relaxed_madd<f64>(v128.load(row + i), v128.load(weights + i), s0);
        s1 = v128.relaxed_madd<f64>(v128.load(row + i, 16), v128.load(weights + i, 16), s1);
      }
      const sum = f64x2.add(s0, s1);
      const r = f64x2.splat(-(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
      for (let i: usize = 0; i < bytes; i += 32) {
        v128.store(gradient + i, v128.relaxed_madd<f64>(r, v128.load(row + i), v128.load(gradient + i)));
        v128.store(gradient + i, v128.relaxed_madd<f64>(r, v128.load(row + i, 16), v128.load(gradient + i, 16)), 16);
      }
      row += bytes;
    }
    weights += bytes;
    gradient += bytes;
  }
}
