// The inner loop of symmetric products and Cholesky updates: a 6 × 4 block of a sum of outer products, held in twelve vector
// registers. Six by two vectors is what sixteen registers hold beside two loads and one broadcast.

/**
 * out[i, c] += factor · Σ_t a[t, i] · b[t, c] for i < 6, c < 4. `aStep` and `bStep` bytes lie between rows t of `a` and
 * `b`, `outRow` bytes between rows of `out`.
 */
export function addOuterTile(a: usize, aStep: usize, b: usize, bStep: usize, depth: i32, out: usize, outRow: usize, factor: f64): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (let t = 0; t < depth; t++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load64_splat(a);
    c00 = v128.relaxed_madd<f64>(s, b0, c00);
    c01 = v128.relaxed_madd<f64>(s, b1, c01);
    s = v128.load64_splat(a, 8);
    c10 = v128.relaxed_madd<f64>(s, b0, c10);
    c11 = v128.relaxed_madd<f64>(s, b1, c11);
    s = v128.load64_splat(a, 16);
    c20 = v128.relaxed_madd<f64>(s, b0, c20);
    c21 = v128.relaxed_madd<f64>(s, b1, c21);
    s = v128.load64_splat(a, 24);
    c30 = v128.relaxed_madd<f64>(s, b0, c30);
    c31 = v128.relaxed_madd<f64>(s, b1, c31);
    s = v128.load64_splat(a, 32);
    c40 = v128.relaxed_madd<f64>(s, b0, c40);
    c41 = v128.relaxed_madd<f64>(s, b1, c41);
    s = v128.load64_splat(a, 40);
    c50 = v128.relaxed_madd<f64>(s, b0, c50);
    c51 = v128.relaxed_madd<f64>(s, b1, c51);
    a += aStep;
    b += bStep;
  }
  const f = f64x2.splat(factor);
  addScaled(out, f, c00, c01);
  addScaled(out + outRow, f, c10, c11);
  addScaled(out + 2 * outRow, f, c20, c21);
  addScaled(out + 3 * outRow, f, c30, c31);
  addScaled(out + 4 * outRow, f, c40, c41);
  addScaled(out + 5 * outRow, f, c50, c51);
}

// @ts-ignore: decorator
@inline
function addScaled(out: usize, factor: v128, c0: v128, c1: v128): void {
  v128.store(out, v128.relaxed_madd<f64>(factor, c0, v128.load(out)));
  v128.store(out, v128.relaxed_madd<f64>(factor, c1, v128.load(out, 16)), 16);
}
