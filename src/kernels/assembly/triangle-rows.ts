// QR of a tall matrix without keeping Q: blocks of rows are folded, one after another, into the triangle R of those before
// (the sequential form of the tall-skinny QR of J. Demmel et al., SIAM J. Sci. Comput. 34 (2012), with Householder reflections).
import { dotOf } from './vectors';

/**
 * Replaces the upper-triangular `triangle` (row-major, `stride` numbers a row) by the R of [triangle; Z], where Z has `depth`
 * rows of `stride` numbers. Only the first `columns` columns are eliminated; the others (targets) up to `width` come along.
 * `scratch` holds width × depth′ numbers, depth′ = depth rounded up to a multiple of 4. By one thread.
 *
 * Reflection j is I − γ v vᵀ with v = [ρ_j + sign(ρ_j) ‖·‖; z_j] and γ = 1 / (‖·‖ (‖·‖ + |ρ_j|)).
 */
export function foldRows(thread: i32, threads: i32, z: usize, depth: i32, stride: i32, columns: i32, width: i32, triangle: usize, scratch: usize): void {
  const padded = (<usize>depth + 3) & ~3;
  const bytes = padded << 3;
  const step = <usize>stride << 3;
  for (let j = 0; j < width; j++) {
    const to = scratch + <usize>j * bytes;
    let from = z + (<usize>j << 3);
    for (let t: usize = 0; t < bytes; t += 8) {
      if (t < <usize>depth << 3) {
        store<f64>(to + t, load<f64>(from));
        from += step;
      } else store<f64>(to + t, 0);
    }
  }
  for (let j = 0; j < columns; j++) {
    const v = scratch + <usize>j * bytes;
    const row = triangle + <usize>j * step;
    const sigma = dotOf(v, v, bytes);
    // Columns have norms about 1: a residue this small is a dependent column, and its square must not reach the underflow.
    if (sigma <= 1e-290) continue;
    const rho = load<f64>(row + (<usize>j << 3));
    const norm = sqrt(rho * rho + sigma);
    const head = rho < 0 ? rho - norm : rho + norm;
    const gamma = 1 / (norm * (norm + abs(rho)));
    store<f64>(row + (<usize>j << 3), rho < 0 ? norm : -norm);
    let k = j + 1;
    for (; k + 1 < width; k += 2) reflectPair(v, bytes, head, gamma, row + (<usize>k << 3), scratch + <usize>k * bytes);
    if (k < width) reflectOne(v, bytes, head, gamma, row + (<usize>k << 3), scratch + <usize>k * bytes);
  }
}

// @ts-ignore: decorator
@inline
function reflectOne(v: usize, bytes: usize, head: f64, gamma: f64, top: usize, a: usize): void {
  const s = gamma * (head * load<f64>(top) + dotOf(v, a, bytes));
  store<f64>(top, load<f64>(top) - s * head);
  const factor = f64x2.splat(s);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(a + i, v128.relaxed_nmadd<f64>(factor, v128.load(v + i), v128.load(a + i)));
  }
}

/** Two neighbouring columns share the loads of v. */
// @ts-ignore: decorator
@inline
function reflectPair(v: usize, bytes: usize, head: f64, gamma: f64, top: usize, a: usize): void {
  const b = a + bytes;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let u0 = s0;
  let u1 = s0;
  for (let i: usize = 0; i < bytes; i += 32) {
    const v0 = v128.load(v + i);
    const v1 = v128.load(v + i, 16);
    s0 = v128.relaxed_madd<f64>(v0, v128.load(a + i), s0);
    s1 = v128.relaxed_madd<f64>(v1, v128.load(a + i, 16), s1);
    u0 = v128.relaxed_madd<f64>(v0, v128.load(b + i), u0);
    u1 = v128.relaxed_madd<f64>(v1, v128.load(b + i, 16), u1);
  }
  s0 = f64x2.add(s0, s1);
  u0 = f64x2.add(u0, u1);
  const s = gamma * (head * load<f64>(top) + f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1));
  const u = gamma * (head * load<f64>(top, 8) + f64x2.extract_lane(u0, 0) + f64x2.extract_lane(u0, 1));
  store<f64>(top, load<f64>(top) - s * head);
  store<f64>(top, load<f64>(top, 8) - u * head, 8);
  const sFactor = f64x2.splat(s);
  const uFactor = f64x2.splat(u);
  for (let i: usize = 0; i < bytes; i += 16) {
    const v0 = v128.load(v + i);
    v128.store(a + i, v128.relaxed_nmadd<f64>(sFactor, v0, v128.load(a + i)));
    v128.store(b + i, v128.relaxed_nmadd<f64>(uFactor, v0, v128.load(b + i)));
  }
}
