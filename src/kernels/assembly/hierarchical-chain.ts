// The nearest-neighbour chain (D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", 2011) on a matrix of distances: go from a cluster to
// its nearest until two are each other's, merge these, go on from what is left of the chain. By one thread.

const COMPLETE: i32 = 0;
const AVERAGE: i32 = 1;
const WEIGHTED: i32 = 2;

/** Slots of `state`, 32-bit integers: clusters on the chain, clusters left, merges written. */
const LENGTH: usize = 0;
const ALIVE: usize = 4;
const MERGES: usize = 8;

/**
 * Merges until at most `target` clusters are left or about `budget` distances have been read. `d` holds `count` rows of `width` distances, a
 * multiple of 32, infinite on the diagonal; `penalty` is infinite for slots that are merged away or pad the rest, else 0; `sizes` are float64. A
 * merge of slots x < y lives on in y and is written to `out` as (id of x, id of y, distance), float64. Nearest means the cluster before
 * on the chain among equals, then the first. `method`: 0 complete, 1 average, 2 weighted, 3 ward.
 */
export function chainMerges(
  thread: i32, threads: i32, d: usize, width: i32, count: i32, penalty: usize, sizes: usize, ids: usize, chain: usize, state: usize, method: i32,
  target: i32, budget: f64, out: usize,
): void {
  const rowBytes = <usize>width << 3;
  let length = load<i32>(state, LENGTH);
  let alive = load<i32>(state, ALIVE);
  let merges = load<i32>(state, MERGES);
  let left = budget;
  while (alive > target && left > 0) {
    if (length == 0) {
      let first = 0;
      while (load<f64>(penalty + (<usize>first << 3)) != 0) first++;
      store<i32>(chain, first);
      length = 1;
    }
    let x = load<i32>(chain + (<usize>(length - 1) << 2));
    let y = length > 1 ? load<i32>(chain + (<usize>(length - 2) << 2)) : -1;
    const row = d + <usize>x * rowBytes;
    const before: f64 = y < 0 ? Infinity : load<f64>(row + (<usize>y << 3));
    const found = nearest(row, penalty, width, before);
    left -= <f64>count;
    if (found >= 0 || y < 0) {
      // Distances that are all infinite have no nearest: any cluster will do.
      store<i32>(chain + (<usize>length << 2), found >= 0 ? found : other(penalty, x));
      length++;
      continue;
    }
    length -= 2;
    if (x > y) {
      const swap = x;
      x = y;
      y = swap;
    }
    const place = out + <usize>merges * 24;
    store<f64>(place, <f64>load<i32>(ids + (<usize>x << 2)));
    store<f64>(place, <f64>load<i32>(ids + (<usize>y << 2)), 8);
    store<f64>(place, before, 16);
    join(d, rowBytes, count, x, y, before, sizes, penalty, method);
    merges++;
    alive--;
    left -= <f64>(4 * count);
  }
  store<i32>(state, length, LENGTH);
  store<i32>(state, alive, ALIVE);
  store<i32>(state, merges, MERGES);
}

function other(penalty: usize, x: i32): i32 {
  let slot = 0;
  while (slot == x || load<f64>(penalty + (<usize>slot << 3)) != 0) slot++;
  return slot;
}

/** The first slot with the smallest distance below `limit`; −1 without. */
function nearest(row: usize, penalty: usize, width: i32, limit: f64): i32 {
  let best = limit;
  let block = -1;
  for (let j = 0; j < width; j += 32) {
    const at = row + (<usize>j << 3);
    const fines = penalty + (<usize>j << 3);
    let m0 = f64x2.add(v128.load(at), v128.load(fines));
    let m1 = f64x2.add(v128.load(at, 16), v128.load(fines, 16));
    for (let t: usize = 32; t < 256; t += 32) {
      m0 = f64x2.pmin(m0, f64x2.add(v128.load(at + t), v128.load(fines + t)));
      m1 = f64x2.pmin(m1, f64x2.add(v128.load(at + t, 16), v128.load(fines + t, 16)));
    }
    m0 = f64x2.pmin(m0, m1);
    const value = min(f64x2.extract_lane(m0, 0), f64x2.extract_lane(m0, 1));
    if (value < best) {
      best = value;
      block = j;
    }
  }
  if (block < 0) return -1;
  while (load<f64>(row + (<usize>block << 3)) + load<f64>(penalty + (<usize>block << 3)) != best) block++;
  return block;
}

/** Distances from the union of x and y (G. Lance and W. Williams, 1967), in the row and column of y. */
function join(d: usize, rowBytes: usize, count: i32, x: i32, y: i32, between: f64, sizes: usize, penalty: usize, method: i32): void {
  const rowX = d + <usize>x * rowBytes;
  const rowY = d + <usize>y * rowBytes;
  const sizeX = load<f64>(sizes + (<usize>x << 3));
  const sizeY = load<f64>(sizes + (<usize>y << 3));
  const nx = f64x2.splat(sizeX);
  const ny = f64x2.splat(sizeY);
  const both = f64x2.splat(sizeX + sizeY);
  const dxy = f64x2.splat(between);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let column = d + (<usize>y << 3);
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3;
    const a = v128.load(rowX + at);
    const b = v128.load(rowY + at);
    let value: v128;
    if (method == COMPLETE) value = f64x2.pmax(a, b);
    else if (method == AVERAGE) value = f64x2.div(f64x2.add(f64x2.mul(nx, a), f64x2.mul(ny, b)), both);
    else if (method == WEIGHTED) value = f64x2.mul(half, f64x2.add(a, b));
    else {
      // √(((n_i + n_x) d_xi² + (n_i + n_y) d_yi² − n_i d_xy²) / (n_x + n_y + n_i))
      const n = v128.load(sizes + at);
      const t = f64x2.div(one, f64x2.add(both, n));
      const first = f64x2.mul(f64x2.mul(f64x2.mul(f64x2.add(n, nx), t), a), a);
      const second = f64x2.mul(f64x2.mul(f64x2.mul(f64x2.add(n, ny), t), b), b);
      const third = f64x2.mul(f64x2.mul(f64x2.mul(n, t), dxy), dxy);
      value = f64x2.sqrt(f64x2.pmax(zero, f64x2.sub(f64x2.add(first, second), third)));
    }
    v128.store(rowY + at, value);
    if (load<f64>(penalty + at) == 0) store<f64>(column, f64x2.extract_lane(value, 0));
    if (i + 1 < count && load<f64>(penalty + at, 8) == 0) store<f64>(column + rowBytes, f64x2.extract_lane(value, 1));
    column += rowBytes + rowBytes;
  }
  store<f64>(rowY + (<usize>y << 3), Infinity);
  store<f64>(penalty + (<usize>x << 3), Infinity);
  store<f64>(sizes + (<usize>x << 3), 0);
  store<f64>(sizes + (<usize>y << 3), sizeX + sizeY);
}

/**
 * Moves the distances between the slots in `kept` (ascending, `count` of them) to the front: rows `from` … `to` − 1 of the new matrix, of `narrow`
 * numbers a row, filled up with zeros. In ascending order it may be done in place. By one thread.
 */
export function compactDistances(thread: i32, threads: i32, d: usize, width: i32, narrow: i32, kept: usize, count: i32, from: i32, to: i32): void {
  for (let r = from; r < to; r++) {
    const source = d + <usize>load<i32>(kept + (<usize>r << 2)) * (<usize>width << 3);
    const target = d + <usize>r * (<usize>narrow << 3);
    for (let c = 0; c < count; c++) {
      store<f64>(target + (<usize>c << 3), load<f64>(source + (<usize>load<i32>(kept + (<usize>c << 2)) << 3)));
    }
    for (let c = count; c < narrow; c++) store<f64>(target + (<usize>c << 3), 0);
  }
}
