// One-sided Jacobi rotations (M. Hestenes, 1958): rows of a matrix are turned in pairs until all are orthogonal; their lengths are then
// the singular values, their directions the right singular vectors, each to high relative accuracy.
import { dotOf } from './vectors';

/**
 * Turns each pair of rows (i, j), `from` ≤ i < `to`, i < j < rows, of `w` (`stride` numbers a row, a multiple of 4, padded with zeros) whose cosine is
 * larger than `tolerance`. `squares` holds the squared lengths, brought up to date. Adds the number of turns to the float64 at `turns`. By one
 * thread.
 */
export function jacobiTurns(thread: i32, threads: i32, w: usize, rows: i32, stride: i32, squares: usize, tolerance: f64, from: i32, to: i32, turns: usize): void {
  const bytes = <usize>stride << 3;
  let count: f64 = 0;
  for (let i = from; i < to; i++) {
    const x = w + <usize>i * bytes;
    for (let j = i + 1; j < rows; j++) {
      const y = w + <usize>j * bytes;
      const a = load<f64>(squares + (<usize>i << 3));
      const b = load<f64>(squares + (<usize>j << 3));
      const dot = dotOf(x, y, bytes);
      if (abs(dot) <= tolerance * sqrt(a) * sqrt(b)) continue;
      count += 1;
      // tan of the angle that makes the pair orthogonal, the smaller one.
      const zeta = (b - a) / (2 * dot);
      const t = (zeta < 0 ? -1 : 1) / (abs(zeta) + sqrt(1 + zeta * zeta));
      const c = 1 / sqrt(1 + t * t);
      const s = c * t;
      const cosine = f64x2.splat(c);
      const sine = f64x2.splat(s);
      for (let k: usize = 0; k < bytes; k += 16) {
        const u = v128.load(x + k);
        const v = v128.load(y + k);
        v128.store(x + k, f64x2.sub(f64x2.mul(cosine, u), f64x2.mul(sine, v)));
        v128.store(y + k, f64x2.add(f64x2.mul(sine, u), f64x2.mul(cosine, v)));
      }
      store<f64>(squares + (<usize>i << 3), dotOf(x, x, bytes));
      store<f64>(squares + (<usize>j << 3), dotOf(y, y, bytes));
    }
  }
  store<f64>(turns, load<f64>(turns) + count);
}
