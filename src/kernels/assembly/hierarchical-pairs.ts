// Distances of all pairs of rows, and of one row from the others. Rows lie column by column, `stride` numbers a column, so that two neighbouring rows
// share a vector; each sum runs in the order of the columns, without fused operations, whatever the threads.

/** What `metric` stands for: 0 the largest |a − b|, 1 Σ |a − b|, 2 √Σ (a − b)², 3 Σ (a − b)², 4 1 − Σ a b of rows of length 1. */
const COSINE: i32 = 4;

// @ts-ignore: decorator
@inline
function grow(sum: v128, a: v128, b: v128, metric: i32): v128 {
  if (metric == COSINE) return f64x2.add(sum, f64x2.mul(a, b));
  const d = f64x2.sub(a, b);
  if (metric >= 2) return f64x2.add(sum, f64x2.mul(d, d));
  return metric == 1 ? f64x2.add(sum, f64x2.abs(d)) : f64x2.max(sum, f64x2.abs(d));
}

// @ts-ignore: decorator
@inline
function finish(sum: v128, metric: i32): v128 {
  if (metric == 2) return f64x2.sqrt(sum);
  return metric == COSINE ? f64x2.max(f64x2.splat(0), f64x2.sub(f64x2.splat(1), sum)) : sum;
}

/**
 * The symmetric matrix of distances, `width` × `width`, of rows four at a time: tiles `from` … `to` − 1 with all rows from their own first on, and
 * what mirrors them. `width` is a multiple of 4 and the stride of the columns too; what pads them is finite.
 */
export function pairDistances(thread: i32, threads: i32, x: usize, width: i32, columns: i32, metric: i32, from: i32, to: i32, out: usize): void {
  for (let tile = from + thread; tile < to; tile += threads) {
    if (metric == 2) pairTile(x, width, columns, 2, tile, out);
    else if (metric == 1) pairTile(x, width, columns, 1, tile, out);
    else if (metric == 0) pairTile(x, width, columns, 0, tile, out);
    else if (metric == 3) pairTile(x, width, columns, 3, tile, out);
    else pairTile(x, width, columns, COSINE, tile, out);
  }
}

// @ts-ignore: decorator
@inline
function pairTile(x: usize, width: i32, columns: i32, metric: i32, tile: i32, out: usize): void {
  const step = <usize>width << 3;
  const first = tile << 2;
  const own = x + (<usize>first << 3);
  const row0 = out + <usize>first * step;
  const row1 = row0 + step;
  const row2 = row1 + step;
  const row3 = row2 + step;
  for (let j = first; j < width; j += 2) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let a = own;
    let b = x + (<usize>j << 3);
    for (let c = 0; c < columns; c++) {
      const v = v128.load(b);
      s0 = grow(s0, v128.load64_splat(a), v, metric);
      s1 = grow(s1, v128.load64_splat(a, 8), v, metric);
      s2 = grow(s2, v128.load64_splat(a, 16), v, metric);
      s3 = grow(s3, v128.load64_splat(a, 24), v, metric);
      a += step;
      b += step;
    }
    s0 = finish(s0, metric);
    s1 = finish(s1, metric);
    s2 = finish(s2, metric);
    s3 = finish(s3, metric);
    const at = <usize>j << 3;
    v128.store(row0 + at, s0);
    v128.store(row1 + at, s1);
    v128.store(row2 + at, s2);
    v128.store(row3 + at, s3);
    const mirror = out + <usize>j * step + (<usize>first << 3);
    v128.store(mirror, v128.shuffle<f64>(s0, s1, 0, 2));
    v128.store(mirror, v128.shuffle<f64>(s2, s3, 0, 2), 16);
    v128.store(mirror + step, v128.shuffle<f64>(s0, s1, 1, 3));
    v128.store(mirror + step, v128.shuffle<f64>(s2, s3, 1, 3), 16);
  }
}

/**
 * reach[j] = min(reach[j], distance of row j from row `current`) for the rows `from` … `to` − 1, a multiple of 8; the first row of which
 * reach + penalty is smallest, and that value at `least`. −1 where all of them are infinite.
 */
// @ts-ignore: decorator
@inline
export function reachFrom(
  current: i32, x: usize, stride: i32, columns: i32, metric: i32, from: i32, to: i32, penalty: usize, reach: usize, least: usize,
): i32 {
  if (metric == 2) return reachBy(current, x, stride, columns, 2, from, to, penalty, reach, least);
  if (metric == 1) return reachBy(current, x, stride, columns, 1, from, to, penalty, reach, least);
  if (metric == 0) return reachBy(current, x, stride, columns, 0, from, to, penalty, reach, least);
  if (metric == 3) return reachBy(current, x, stride, columns, 3, from, to, penalty, reach, least);
  return reachBy(current, x, stride, columns, COSINE, from, to, penalty, reach, least);
}

// @ts-ignore: decorator
@inline
function reachBy(
  current: i32, x: usize, stride: i32, columns: i32, metric: i32, from: i32, to: i32, penalty: usize, reach: usize, least: usize,
): i32 {
  const step = <usize>stride << 3;
  let best: f64 = Infinity;
  let block = -1;
  for (let j = from; j < to; j += 8) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let a = x + (<usize>current << 3);
    let b = x + (<usize>j << 3);
    for (let c = 0; c < columns; c++) {
      const v = v128.load64_splat(a);
      s0 = grow(s0, v, v128.load(b), metric);
      s1 = grow(s1, v, v128.load(b, 16), metric);
      s2 = grow(s2, v, v128.load(b, 32), metric);
      s3 = grow(s3, v, v128.load(b, 48), metric);
      a += step;
      b += step;
    }
    const at = reach + (<usize>j << 3);
    const fines = penalty + (<usize>j << 3);
    s0 = f64x2.pmin(v128.load(at), finish(s0, metric));
    s1 = f64x2.pmin(v128.load(at, 16), finish(s1, metric));
    s2 = f64x2.pmin(v128.load(at, 32), finish(s2, metric));
    s3 = f64x2.pmin(v128.load(at, 48), finish(s3, metric));
    v128.store(at, s0);
    v128.store(at, s1, 16);
    v128.store(at, s2, 32);
    v128.store(at, s3, 48);
    const m = f64x2.pmin(
      f64x2.pmin(f64x2.add(s0, v128.load(fines)), f64x2.add(s1, v128.load(fines, 16))),
      f64x2.pmin(f64x2.add(s2, v128.load(fines, 32)), f64x2.add(s3, v128.load(fines, 48))),
    );
    const value = min(f64x2.extract_lane(m, 0), f64x2.extract_lane(m, 1));
    if (value < best) {
      best = value;
      block = j;
    }
  }
  store<f64>(least, best);
  if (block < 0) return -1;
  while (load<f64>(reach + (<usize>block << 3)) + load<f64>(penalty + (<usize>block << 3)) != best) block++;
  return block;
}
