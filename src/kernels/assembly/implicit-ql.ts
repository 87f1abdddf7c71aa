// Eigenvalues and vectors of small symmetric tridiagonal matrices by the QL algorithm with implicit Wilkinson shifts (A. Dubrulle, R. Martin and
// J. Wilkinson, "The implicit QL algorithm", Numerische Mathematik 12, 1968).

const EPSILON: f64 = 2.220446049250313e-16;

/**
 * Each of `blocks` diagonal blocks of a tridiagonal matrix, shared out among the threads. Block b takes rows bounds[b] … bounds[b + 1] − 1 of d (the diagonal)
 * and e (beside it; what links two blocks is left out). d becomes the eigenvalues, in no order, e is destroyed. Row k of `vectors` (`stride` numbers
 * a row) receives the eigenvector of d[k] in the columns of its block; the others are left as they are.
 */
export function tridiagonalBlocks(thread: i32, threads: i32, blocks: i32, bounds: usize, d: usize, e: usize, vectors: usize, stride: i32): void {
  for (let b = thread; b < blocks; b += threads) {
    const from = <usize>load<i32>(bounds + (<usize>b << 2));
    const size = load<i32>(bounds + (<usize>b << 2), 4) - <i32>from;
    implicitQl(d + (from << 3), e + (from << 3), size, vectors + (from * <usize>stride + from << 3), <usize>stride << 3);
  }
}

function implicitQl(d: usize, e: usize, n: i32, vectors: usize, step: usize): void {
  for (let k = 0; k < n; k++) {
    memory.fill(vectors + <usize>k * step, 0, <usize>n << 3);
    store<f64>(vectors + <usize>k * step + (<usize>k << 3), 1);
  }
  const end = <usize>(n - 1) << 3;
  store<f64>(e + end, 0);
  for (let l: usize = 0; l <= end; l += 8) {
    for (;;) {
      let m = l;
      for (; m < end; m += 8) {
        const off = abs(load<f64>(e + m));
        if (off <= EPSILON * (abs(load<f64>(d + m)) + abs(load<f64>(d + m, 8))) || off <= 1e-290) break;
      }
      if (m == l) break;
      const link = load<f64>(e + l);
      const half = (load<f64>(d + l, 8) - load<f64>(d + l)) / (2 * link);
      const root = hypotenuse(half, 1);
      let g = load<f64>(d + m) - load<f64>(d + l) + link / (half + (half < 0 ? -root : root));
      let s: f64 = 1;
      let c: f64 = 1;
      let p: f64 = 0;
      let wentThrough = true;
      for (let i = m; i > l; ) {
        i -= 8;
        const off = load<f64>(e + i);
        const f = s * off;
        const b = c * off;
        const r = hypotenuse(f, g);
        store<f64>(e + i, r, 8);
        if (r == 0) {
          store<f64>(d + i, load<f64>(d + i, 8) - p, 8);
          store<f64>(e + m, 0);
          wentThrough = false;
          break;
        }
        s = f / r;
        c = g / r;
        g = load<f64>(d + i, 8) - p;
        const turned = (load<f64>(d + i) - g) * s + 2 * c * b;
        p = s * turned;
        store<f64>(d + i, g + p, 8);
        g = c * turned - b;
        rotateRows(vectors + (i >> 3) * step, vectors + (i >> 3) * step + step, n, c, s);
      }
      if (!wentThrough) continue;
      store<f64>(d + l, load<f64>(d + l) - p);
      store<f64>(e + l, g);
      store<f64>(e + m, 0);
    }
  }
}

/** √(a² + b²) without leaving the range. */
// @ts-ignore: decorator
@inline
function hypotenuse(a: f64, b: f64): f64 {
  const x = abs(a);
  const y = abs(b);
  const large = max(x, y);
  const small = min(x, y);
  if (small == 0) return large;
  const ratio = small / large;
  return large * sqrt(1 + ratio * ratio);
}

/** Rows a and b become c a − s b and s a + c b. */
// @ts-ignore: decorator
@inline
function rotateRows(a: usize, b: usize, n: i32, c: f64, s: f64): void {
  const cosine = f64x2.splat(c);
  const sine = f64x2.splat(s);
  const even = <usize>(n & ~1) << 3;
  let t: usize = 0;
  for (; t < even; t += 16) {
    const x = v128.load(a + t);
    const y = v128.load(b + t);
    v128.store(b + t, v128.relaxed_madd<f64>(sine, x, f64x2.mul(cosine, y)));
    v128.store(a + t, v128.relaxed_nmadd<f64>(sine, y, f64x2.mul(cosine, x)));
  }
  if ((n & 1) == 0) return;
  const x = load<f64>(a + t);
  const y = load<f64>(b + t);
  store<f64>(b + t, s * x + c * y);
  store<f64>(a + t, c * x - s * y);
}
