/**
 * Eigenvalues and vectors of a small symmetric tridiagonal matrix by the QL algorithm with implicit Wilkinson shifts (A. Dubrulle, R. Martin and
 * J. Wilkinson, "The implicit QL algorithm", Numerische Mathematik 12, 1968).
 *
 * @param d n diagonal entries; replaced by the eigenvalues, ascending.
 * @param e n − 1 off-diagonal entries or more; destroyed.
 * @param vectors n rows of `stride` numbers; entries `at` … `at` + n − 1 of row k become the eigenvector of d[k].
 */
export function implicitQl(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  stride: number,
  at: number,
): void {
  const n = d.length;
  for (let k = 0; k < n; k++) {
    vectors.fill(0, k * stride + at, k * stride + at + n);
    vectors[k * stride + at + k] = 1;
  }
  const off = new Float64Array(n);
  off.set(e.subarray(0, n - 1));
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l;
      while (
        m < n - 1 &&
        Math.abs(off[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)) &&
        Math.abs(off[m]!) > 1e-290
      )
        m++;
      if (m === l) break;
      const half = (d[l + 1]! - d[l]!) / (2 * off[l]!);
      const root = Math.hypot(half, 1);
      let g = d[m]! - d[l]! + off[l]! / (half + (half < 0 ? -root : root));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * off[i]!;
        const b = c * off[i]!;
        const r = Math.hypot(f, g);
        off[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          off[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        const turned = (d[i]! - g) * s + 2 * c * b;
        p = s * turned;
        d[i + 1] = g + p;
        g = c * turned - b;
        rotate(vectors, i * stride + at, (i + 1) * stride + at, n, c, s);
      }
      if (i >= l) continue;
      d[l]! -= p;
      off[l] = g;
      off[m] = 0;
    }
  }
  sortRows(d, vectors, stride, at);
}

function rotate(vectors: Float64Array, a: number, b: number, n: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [vectors[a + k]!, vectors[b + k]!];
    vectors[b + k] = s * x + c * y;
    vectors[a + k] = c * x - s * y;
  }
}

function sortRows(d: Float64Array, vectors: Float64Array, stride: number, at: number): void {
  const n = d.length;
  for (let k = 0; k < n - 1; k++) {
    let least = k;
    for (let i = k + 1; i < n; i++) if (d[i]! < d[least]!) least = i;
    if (least === k) continue;
    [d[k], d[least]] = [d[least]!, d[k]!];
    for (let j = at; j < at + n; j++) {
      const value = vectors[k * stride + j]!;
      vectors[k * stride + j] = vectors[least * stride + j]!;
      vectors[least * stride + j] = value;
    }
  }
}
