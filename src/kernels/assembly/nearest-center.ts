// The nearest of k centres for many rows. Distances are screened in float32, twice as fast as float64, with a bound on the error; where
// two centres are closer together than that, exact float64 distances decide. The result is that of float64 throughout.
//
// Rows carry bounds on their distances (G. Hamerly, "Making k-means even faster", SDM 2010): a row whose upper bound on the distance
// to its own centre is below the lower bound on that to any other, or below half the distance from its centre to the next
// one, keeps it unseen.

const BLOCK: i32 = 512;

/** Factors of numbers that are exact up to a few roundings, so that bounds stay bounds. */
const UP: f64 = 1.000000000001;
const DOWN: f64 = 0.999999999999;

/**
 * Writes the index of the nearest centre of rows `from` … `to` − 1 to `labels`, the first among equals: the one with the smallest
 * Σ_j (x_j − c_j)², summed in order in float64.
 *
 * `x32` and `x64` hold the rows in both precisions, `stride32` and `stride64` numbers a row, padded with equal numbers, and `squares` their
 * squared norms. `centers32` and `centers64` hold the centres likewise; `panels` the centres eight at a time, column by column; `halves` ‖c‖²/2,
 * the padding to a multiple of eight with a huge number. `error` times (‖x‖ + largest/2) · largest bounds the error of the float32 value of
 * ‖c‖²/2 − x·c, where `largest` is the largest norm of a centre.
 *
 * With `bounds` = 0 all rows are computed and no bounds are kept. Otherwise `bounds` holds an upper and a lower bound a row, and `moves` for
 * each centre three numbers: how far it has moved, how far any other has moved, half the distance to the nearest other. `fresh` = 1
 * ignores the present bounds. `scratch` holds 2112 + 24 · (clusters rounded up to a multiple of 8) bytes a thread, the first four of which count
 * the rows that were computed.
 */
export function nearestCenters(
  thread: i32, threads: i32, x32: usize, stride32: i32, x64: usize, stride64: i32, columns: i32, squares: usize,
  centers32: usize, centers64: usize, panels: usize, halves: usize, clusters: i32, largest: f64, error: f64,
  from: i32, to: i32, labels: usize, bounds: usize, moves: usize, fresh: i32, scratch: usize,
): void {
  const padded = (clusters + 7) & ~7;
  const seen = scratch + <usize>thread * (<usize>(BLOCK << 2) + 64 + 24 * <usize>padded);
  const list = seen + 64;
  const scores = list + <usize>(BLOCK << 2);
  const row32 = <usize>stride32 << 2;
  const scoreRow = <usize>padded << 2;
  const panelBytes = <usize>columns << 5;
  for (let start = from + thread * BLOCK; start < to; start += threads * BLOCK) {
    const end = min(to, start + BLOCK);
    let count = 0;
    if (bounds == 0 || fresh != 0) {
      count = end - start;
      for (let r = 0; r < count; r++) store<i32>(list + (<usize>r << 2), start + r);
    } else {
      for (let i = start; i < end; i++) {
        if (keepsCenter(i, x32, row32, squares, centers32, halves, largest, error, labels, bounds, moves)) continue;
        store<i32>(list + (<usize>count << 2), i);
        count++;
      }
    }
    store<i32>(seen, load<i32>(seen) + count);
    for (let at = 0; at < count; at += 6) {
      const last = count - 1;
      const p0 = x32 + <usize>load<i32>(list + (<usize>at << 2)) * row32;
      const p1 = x32 + <usize>load<i32>(list + (<usize>min(last, at + 1) << 2)) * row32;
      const p2 = x32 + <usize>load<i32>(list + (<usize>min(last, at + 2) << 2)) * row32;
      const p3 = x32 + <usize>load<i32>(list + (<usize>min(last, at + 3) << 2)) * row32;
      const p4 = x32 + <usize>load<i32>(list + (<usize>min(last, at + 4) << 2)) * row32;
      const p5 = x32 + <usize>load<i32>(list + (<usize>min(last, at + 5) << 2)) * row32;
      for (let c = 0; c < padded; c += 8) {
        const out = scores + (<usize>c << 2);
        scoreTile(p0, p1, p2, p3, p4, p5, panels + <usize>(c >> 3) * panelBytes, columns, halves + (<usize>c << 2), out, scoreRow);
      }
      const tileEnd = min(count, at + 6);
      for (let r = at; r < tileEnd; r++) {
        const i = load<i32>(list + (<usize>r << 2));
        chooseCenter(
          i, scores + <usize>(r - at) * scoreRow, x64, stride64, columns, squares, centers64, clusters, padded, largest, error, labels, bounds,
        );
      }
    }
  }
}

/** ‖c‖²/2 − x·c for six rows and eight centres. */
export function scoreTile(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, panel: usize, columns: i32, halves: usize, out: usize, outRow: usize,
): void {
  const h0 = v128.load(halves);
  const h1 = v128.load(halves, 16);
  let c00 = h0;
  let c01 = h1;
  let c10 = h0;
  let c11 = h1;
  let c20 = h0;
  let c21 = h1;
  let c30 = h0;
  let c31 = h1;
  let c40 = h0;
  let c41 = h1;
  let c50 = h0;
  let c51 = h1;
  const end = <usize>columns << 2;
  for (let t: usize = 0; t < end; t += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let s = v128.load32_splat(a0 + t);
    c00 = v128.relaxed_nmadd<f32>(s, b0, c00);
    c01 = v128.relaxed_nmadd<f32>(s, b1, c01);
    s = v128.load32_splat(a1 + t);
    c10 = v128.relaxed_nmadd<f32>(s, b0, c10);
    c11 = v128.relaxed_nmadd<f32>(s, b1, c11);
    s = v128.load32_splat(a2 + t);
    c20 = v128.relaxed_nmadd<f32>(s, b0, c20);
    c21 = v128.relaxed_nmadd<f32>(s, b1, c21);
    s = v128.load32_splat(a3 + t);
    c30 = v128.relaxed_nmadd<f32>(s, b0, c30);
    c31 = v128.relaxed_nmadd<f32>(s, b1, c31);
    s = v128.load32_splat(a4 + t);
    c40 = v128.relaxed_nmadd<f32>(s, b0, c40);
    c41 = v128.relaxed_nmadd<f32>(s, b1, c41);
    s = v128.load32_splat(a5 + t);
    c50 = v128.relaxed_nmadd<f32>(s, b0, c50);
    c51 = v128.relaxed_nmadd<f32>(s, b1, c51);
    panel += 32;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outRow;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outRow;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outRow;
  v128.store(out, c30);
  v128.store(out, c31, 16);
  out += outRow;
  v128.store(out, c40);
  v128.store(out, c41, 16);
  out += outRow;
  v128.store(out, c50);
  v128.store(out, c51, 16);
}

/** Moves the bounds of row i as the centres have moved; whether they prove that it keeps its centre. */
// @ts-ignore: decorator
@inline
function keepsCenter(
  i: i32, x32: usize, row32: usize, squares: usize, centers32: usize, halves: usize, largest: f64, error: f64, labels: usize, bounds: usize, moves: usize,
): bool {
  const label = <usize>load<i32>(labels + (<usize>i << 2));
  const move = moves + 24 * label;
  const bound = bounds + (<usize>i << 4);
  const lower = load<f64>(bound, 8) - load<f64>(move, 8);
  store<f64>(bound, lower, 8);
  const other = max(lower, load<f64>(move, 16));
  let upper = load<f64>(bound) + load<f64>(move);
  if (upper < other) {
    store<f64>(bound, upper);
    return true;
  }
  // The distance to the row's own centre is cheap beside those to all.
  const square = load<f64>(squares + (<usize>i << 3));
  const delta = error * (sqrt(square) + 0.5 * largest) * largest;
  const half = <f64>load<f32>(halves + (label << 2)) - <f64>dot32(x32 + <usize>i * row32, centers32 + label * row32, row32);
  upper = UP * sqrt(max(0, square + 2 * (half + delta)));
  store<f64>(bound, upper);
  return upper < other;
}

/** x·c over a multiple of four float32 numbers. */
// @ts-ignore: decorator
@inline
function dot32(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let t: usize = 0; t < bytes; t += 16) sum = v128.relaxed_madd<f32>(v128.load(a + t), v128.load(b + t), sum);
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** The label of row i from its scores, and new bounds. */
function chooseCenter(
  i: i32, scores: usize, x64: usize, stride64: i32, columns: i32, squares: usize, centers64: usize, clusters: i32, padded: i32,
  largest: f64, error: f64, labels: usize, bounds: usize,
): void {
  let best = v128.load(scores);
  let second = f32x4.splat(f32.MAX_VALUE);
  let index = i32x4(0, 1, 2, 3);
  let current = index;
  const four = i32x4.splat(4);
  const end = scores + (<usize>padded << 2);
  for (let at = scores + 16; at < end; at += 16) {
    const s = v128.load(at);
    current = i32x4.add(current, four);
    const less = f32x4.lt(s, best);
    second = f32x4.pmin(second, f32x4.pmax(s, best));
    index = v128.bitselect(current, index, less);
    best = f32x4.pmin(best, s);
  }
  let label = i32x4.extract_lane(index, 0);
  let b = f32x4.extract_lane(best, 0);
  let next = f32x4.extract_lane(second, 0);
  let value = f32x4.extract_lane(best, 1);
  if (value < b) {
    next = min(b, f32x4.extract_lane(second, 1));
    b = value;
    label = i32x4.extract_lane(index, 1);
  } else next = min(next, value);
  value = f32x4.extract_lane(best, 2);
  if (value < b) {
    next = min(b, f32x4.extract_lane(second, 2));
    b = value;
    label = i32x4.extract_lane(index, 2);
  } else next = min(next, value);
  value = f32x4.extract_lane(best, 3);
  if (value < b) {
    next = min(b, f32x4.extract_lane(second, 3));
    b = value;
    label = i32x4.extract_lane(index, 3);
  } else next = min(next, value);

  const square = load<f64>(squares + (<usize>i << 3));
  const delta = error * (sqrt(square) + 0.5 * largest) * largest;
  let upper = square + 2 * (<f64>b + delta);
  let lower = square + 2 * (<f64>next - delta);
  if (<f64>next - <f64>b <= 2.5 * delta) {
    const limit = <f64>b + 2.5 * delta;
    const row = x64 + (<usize>i * stride64 << 3);
    upper = Infinity;
    for (let c = 0; c < clusters; c++) {
      if (<f64>load<f32>(scores + (<usize>c << 2)) > limit) continue;
      const d = directSquare(row, centers64 + (<usize>c * stride64 << 3), columns);
      if (d < upper) {
        upper = d;
        label = c;
      }
    }
    lower = square + 2 * (<f64>b - delta);
  }
  store<i32>(labels + (<usize>i << 2), label);
  if (bounds != 0) {
    const bound = bounds + (<usize>i << 4);
    store<f64>(bound, UP * sqrt(max(0, upper)));
    store<f64>(bound, DOWN * sqrt(max(0, lower)), 8);
  }
}

/** Σ_j (a_j − b_j)², summed in order. */
export function directSquare(a: usize, b: usize, columns: i32): f64 {
  let sum: f64 = 0;
  const end = <usize>columns << 3;
  for (let t: usize = 0; t < end; t += 8) {
    const difference = load<f64>(a + t) - load<f64>(b + t);
    sum += difference * difference;
  }
  return sum;
}
