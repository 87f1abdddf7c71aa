// Blocked Cholesky factorisation A = UᵀU of a symmetric positive definite matrix, row-major, upper triangle, in place.
import { addOuterTile } from './outer-tile';
import { barrier } from './team';

/**
 * Eliminates rows `from` … `from + block` − 1 of the `order` × `order` matrix at `a` (`stride` numbers a row, a multiple of 12; the
 * padding is zero; `block` is a multiple of 12): factors the diagonal block, solves for the rows to its right, updates what lies below.
 * A pivot that is at most `floor` (NaN included) ends it: its index is written to the 32-bit word at `failed`, which the
 * caller has set to −1.
 */
export function choleskyPanel(thread: i32, threads: i32, a: usize, order: i32, stride: i32, from: i32, block: i32, floor: f64, failed: usize): void {
  const step = <usize>stride << 3;
  const end = min(order, from + block);
  if (thread == 0) {
    for (let k = from; k < end; k++) {
      const row = a + <usize>k * step;
      const pivot = load<f64>(row + (<usize>k << 3));
      if (!(pivot > floor)) {
        store<i32>(failed, k);
        break;
      }
      const root = sqrt(pivot);
      store<f64>(row + (<usize>k << 3), root);
      divideRow(row, root, k + 1, end);
      for (let i = k + 1; i < end; i++) subtractRow(a + <usize>i * step, row, i, i, end);
    }
  }
  barrier(threads);
  if (load<i32>(failed) >= 0 || end == order) return;
  // Columns to the right, in runs of 12 a thread: U₁₂ = U₁₁⁻ᵀ A₁₂ by rows.
  for (let column = end + 12 * thread; column < stride; column += 12 * threads) {
    for (let k = from; k < end; k++) {
      const row = a + <usize>k * step;
      for (let i = from; i < k; i++) subtractRow(row, a + <usize>i * step, k, column, column + 12);
      divideRow(row, load<f64>(row + (<usize>k << 3)), column, column + 12);
    }
  }
  barrier(threads);
  const panel = a + <usize>from * step;
  for (let column = end + 4 * thread; column < stride; column += 4 * threads) {
    const b = panel + (<usize>column << 3);
    for (let row = end; row < min(order, column + 4); row += 6) {
      addOuterTile(panel + (<usize>row << 3), step, b, step, end - from, a + <usize>row * step + (<usize>column << 3), step, -1);
    }
  }
}

// @ts-ignore: decorator
@inline
function divideRow(row: usize, divisor: f64, first: i32, last: i32): void {
  for (let j = first; j < last; j++) {
    const at = row + (<usize>j << 3);
    store<f64>(at, load<f64>(at) / divisor);
  }
}

/** row −= source[i] · source over columns [first, last). */
// @ts-ignore: decorator
@inline
function subtractRow(row: usize, source: usize, i: i32, first: i32, last: i32): void {
  const factor = load<f64>(source + (<usize>i << 3));
  const pair = f64x2.splat(factor);
  let j = first;
  for (; j + 1 < last; j += 2) {
    const at = <usize>j << 3;
    v128.store(row + at, v128.relaxed_nmadd<f64>(pair, v128.load(source + at), v128.load(row + at)));
  }
  if (j < last) {
    const at = <usize>j << 3;
    store<f64>(row + at, load<f64>(row + at) - factor * load<f64>(source + at));
  }
}
