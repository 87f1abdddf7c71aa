// Householder QR with column pivoting (P. Businger and G. Golub, Numer. Math. 7 (1965)) of a column-major matrix, in place.
import { barrier } from './team';
import { dotOf } from './vectors';

/**
 * Reflections `from` … `to` − 1 of the `rows` × (`columns` + `extra`) matrix at `a`, whose columns are `stride` numbers apart
 * (a multiple of 4; rows beyond `rows` are zero). The `extra` columns (right-hand sides) come along but are never pivots.
 *
 * Afterwards column k holds R above the diagonal and v_k from the diagonal on; reflection k is I − γ_k v_k v_kᵀ.
 * `diagonal` receives R's diagonal, `gamma` the γ, `order` (32-bit) is permuted like the columns. `squares` holds the squared
 * norms of what is left of each column. The word at `rank` receives k when the largest norm left is at most √`floor`
 * (a square); the caller has set it to −1.
 */
export function pivotedQr(thread: i32, threads: i32, a: usize, rows: i32, columns: i32, extra: i32, stride: i32, from: i32, to: i32, floor: f64, squares: usize, diagonal: usize, gamma: usize, order: usize, rank: usize): void {
  const step = <usize>stride << 3;
  for (let k = from; k < to; k++) {
    if (thread == 0) {
      const pivot = largest(squares, k, columns);
      if (!(load<f64>(squares + (<usize>pivot << 3)) > floor)) store<i32>(rank, k);
      else {
        if (pivot != k) {
          swapColumns(a + <usize>k * step, a + <usize>pivot * step, step);
          const o = load<i32>(order + (<usize>k << 2));
          store<i32>(order + (<usize>k << 2), load<i32>(order + (<usize>pivot << 2)));
          store<i32>(order + (<usize>pivot << 2), o);
          store<f64>(squares + (<usize>pivot << 3), load<f64>(squares + (<usize>k << 3)));
        }
        makeReflection(a + <usize>k * step, k, step, diagonal + (<usize>k << 3), gamma + (<usize>k << 3));
      }
    }
    barrier(threads);
    if (load<i32>(rank) >= 0) return;
    const v = a + <usize>k * step;
    const g = load<f64>(gamma + (<usize>k << 3));
    for (let j = k + 1 + thread; j < columns + extra; j += threads) {
      const left = reflect(v, a + <usize>j * step, k, step, g);
      if (j < columns) store<f64>(squares + (<usize>j << 3), left);
    }
    barrier(threads);
  }
}

function largest(squares: usize, from: i32, to: i32): i32 {
  let best = from;
  let value = load<f64>(squares + (<usize>from << 3));
  for (let j = from + 1; j < to; j++) {
    const candidate = load<f64>(squares + (<usize>j << 3));
    if (candidate > value) {
      value = candidate;
      best = j;
    }
  }
  return best;
}

function swapColumns(a: usize, b: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const kept = v128.load(a + i);
    v128.store(a + i, v128.load(b + i));
    v128.store(b + i, kept);
  }
}

/** v = x + sign(x_k) ‖x‖ e_k over rows k …, γ = 2 / vᵀv = 1 / (‖x‖ (‖x‖ + |x_k|)), R_kk = −sign(x_k) ‖x‖. */
function makeReflection(column: usize, k: i32, bytes: usize, diagonal: usize, gamma: usize): void {
  const at = <usize>k << 3;
  const start = (at + 31) & ~31;
  let square: f64 = 0;
  for (let i = at; i < min(start, bytes); i += 8) square += load<f64>(column + i) * load<f64>(column + i);
  if (start < bytes) square += dotOf(column + start, column + start, bytes - start);
  const norm = sqrt(square);
  const x = load<f64>(column + at);
  store<f64>(gamma, norm == 0 ? 0 : 1 / (norm * (norm + abs(x))));
  store<f64>(diagonal, x < 0 ? norm : -norm);
  store<f64>(column + at, x < 0 ? x - norm : x + norm);
}

/** a −= γ (vᵀa) v over rows k …; returns the squared norm of what is left below row k. */
// @ts-ignore: decorator
@inline
function reflect(v: usize, a: usize, k: i32, bytes: usize, gamma: f64): f64 {
  const at = <usize>k << 3;
  // Row k, which becomes part of R, and what precedes the next multiple of 32 bytes go one by one.
  const start = (at + 39) & ~31;
  let sum: f64 = 0;
  for (let i = at; i < min(start, bytes); i += 8) sum += load<f64>(v + i) * load<f64>(a + i);
  if (start < bytes) sum += dotOf(v + start, a + start, bytes - start);
  const s = gamma * sum;
  let left: f64 = 0;
  for (let i = at; i < min(start, bytes); i += 8) {
    const value = load<f64>(a + i) - s * load<f64>(v + i);
    store<f64>(a + i, value);
    if (i > at) left += value * value;
  }
  const factor = f64x2.splat(s);
  let l0 = f64x2.splat(0);
  let l1 = l0;
  for (let i = start; i < bytes; i += 32) {
    const a0 = v128.relaxed_nmadd<f64>(factor, v128.load(v + i), v128.load(a + i));
    const a1 = v128.relaxed_nmadd<f64>(factor, v128.load(v + i, 16), v128.load(a + i, 16));
    v128.store(a + i, a0);
    v128.store(a + i, a1, 16);
    l0 = v128.relaxed_madd<f64>(a0, a0, l0);
    l1 = v128.relaxed_madd<f64>(a1, a1, l1);
  }
  const squares = f64x2.add(l0, l1);
  return left + f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
}
