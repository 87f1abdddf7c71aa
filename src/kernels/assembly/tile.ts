// The inner loop of small dense products: a 4 × 4 block of a sum of outer products, held in eight vector registers.

/**
 * out[i, c] += Σ_t a[i, t] · b[t, c] for i, c < 4. Steps are in bytes: `aRow` between values of i, `aStep` and `bStep` between
 * values of t, `outRow` between rows of `out`.
 */
// @ts-ignore: decorator
@inline
export function addTile(
  a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, depth: i32, out: usize, outRow: usize,
): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  let c00 = v128.load(out);
  let c01 = v128.load(out, 16);
  let c10 = v128.load(out1);
  let c11 = v128.load(out1, 16);
  let c20 = v128.load(out2);
  let c21 = v128.load(out2, 16);
  let c30 = v128.load(out3);
  let c31 = v128.load(out3, 16);
  const a1 = aRow;
  const a2 = aRow + aRow;
  const a3 = a2 + aRow;
  for (let t = 0; t < depth; t++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load64_splat(a);
    c00 = v128.relaxed_madd<f64>(s, b0, c00);
    c01 = v128.relaxed_madd<f64>(s, b1, c01);
    s = v128.load64_splat(a + a1);
    c10 = v128.relaxed_madd<f64>(s, b0, c10);
    c11 = v128.relaxed_madd<f64>(s, b1, c11);
    s = v128.load64_splat(a + a2);
    c20 = v128.relaxed_madd<f64>(s, b0, c20);
    c21 = v128.relaxed_madd<f64>(s, b1, c21);
    s = v128.load64_splat(a + a3);
    c30 = v128.relaxed_madd<f64>(s, b0, c30);
    c31 = v128.relaxed_madd<f64>(s, b1, c31);
    a += aStep;
    b += bStep;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out2, c20);
  v128.store(out2, c21, 16);
  v128.store(out3, c30);
  v128.store(out3, c31, 16);
}
