// Ward's criterion between clusters known by their centres and sizes: n_a n_b / (n_a + n_b) · ‖c_a − c_b‖², by which merging a and b lets the
// sum of squares grow. Clusters lie in blocks of 64 that are close together; boxes around them tell which blocks cannot hold the nearest, float32
// scores of eight clusters which of these cannot (see `nearestCenters`), and float64 decides.
import { directSquare, scoreTile } from './nearest-center';

const BLOCK_PANELS: i32 = 8;
/** Rounding of coordinates up to 1 to float32, twice. */
const ROUNDED: f32 = 2.4e-7;
const LARGE: f32 = 3e38;

/**
 * For the slots in `queries`, numbers `from` … `to` − 1: the value of the criterion with the nearest other cluster, and its slot. Among equals the one
 * with the smallest name is nearest.
 *
 * `c64` and `c32` hold the centres, padded with zeros to `stride64` and `stride32` numbers; `panels`, `halves` and `squares` as for `nearestCenters`, where `halves` is
 * 3e38 and the size 0 for a slot that is not in use; `sizes32` is 1 there. `boxes` holds for each block the lowest and the highest coordinates,
 * 2 · stride32 float32 numbers; `least` the smallest size in a block, 0 when none is in use. `error` and `largest` bound the errors of
 * scores. `scratch` holds 512 + 8 · stride32 bytes a thread.
 */
export function wardNearest(
  thread: i32, threads: i32, c64: usize, stride64: i32, columns: i32, c32: usize, stride32: i32, panels: usize, halves: usize, squares: usize,
  sizes: usize, sizes32: usize, names: usize, blocks: i32, boxes: usize, least: usize, largest: f64, error: f64,
  queries: usize, from: i32, to: i32, values: usize, found: usize, scratch: usize,
): void {
  const own = scratch + <usize>thread * (512 + (<usize>stride32 << 3));
  const scores = own;
  // Of each query of a tile: C = ‖q‖²/2 − V − error, R = value/2, both float32.
  const shifts = own + 192;
  const limits = own + 224;
  const low = own + 512;
  const high = low + (<usize>stride32 << 2);
  const row32 = <usize>stride32 << 2;
  const panelBytes = <usize>columns << 5;
  for (let tile = from + thread * 6; tile < to; tile += threads * 6) {
    const count = min(6, to - tile);
    const p0 = slotOf(queries, tile);
    const p1 = slotOf(queries, tile + min(1, count - 1));
    const p2 = slotOf(queries, tile + min(2, count - 1));
    const p3 = slotOf(queries, tile + min(3, count - 1));
    const p4 = slotOf(queries, tile + min(4, count - 1));
    const p5 = slotOf(queries, tile + min(5, count - 1));
    const a0 = c32 + <usize>p0 * row32;
    const a1 = c32 + <usize>p1 * row32;
    const a2 = c32 + <usize>p2 * row32;
    const a3 = c32 + <usize>p3 * row32;
    const a4 = c32 + <usize>p4 * row32;
    const a5 = c32 + <usize>p5 * row32;
    let smallest: f64 = Infinity;
    for (let t: usize = 0; t < row32; t += 16) {
      const v0 = v128.load(a0 + t);
      const v1 = v128.load(a1 + t);
      const v2 = v128.load(a2 + t);
      const v3 = v128.load(a3 + t);
      const v4 = v128.load(a4 + t);
      const v5 = v128.load(a5 + t);
      v128.store(low + t, f32x4.pmin(f32x4.pmin(f32x4.pmin(v0, v1), f32x4.pmin(v2, v3)), f32x4.pmin(v4, v5)));
      v128.store(high + t, f32x4.pmax(f32x4.pmax(f32x4.pmax(v0, v1), f32x4.pmax(v2, v3)), f32x4.pmax(v4, v5)));
    }
    for (let r = 0; r < count; r++) {
      smallest = min(smallest, load<f64>(sizes + (<usize>slotOf(queries, tile + r) << 3)));
      store<f64>(values + (<usize>(tile + r) << 3), Infinity);
      store<i32>(found + (<usize>(tile + r) << 2), -1);
      store<f32>(shifts + (<usize>r << 2), -LARGE);
      store<f32>(limits + (<usize>r << 2), Infinity);
    }
    const home = p0 >> 6;
    let worst: f64 = Infinity;
    for (let k = -1; k < blocks; k++) {
      const block = k < 0 ? home : k;
      if (k == home) continue;
      const size = load<f64>(least + (<usize>block << 3));
      if (size == 0) continue;
      if (k >= 0 && worst < Infinity) {
        const box = boxes + <usize>block * (row32 << 1);
        if (<f64>boxGap(low, high, box, row32) * (smallest * size / (smallest + size)) * 0.99999 > worst) continue;
      }
      const end = (block + 1) * BLOCK_PANELS;
      for (let panel = block * BLOCK_PANELS; panel < end; panel++) {
        scoreTile(a0, a1, a2, a3, a4, a5, panels + <usize>panel * panelBytes, columns, halves + (<usize>panel << 5), scores, 32);
        const b0 = v128.load(sizes32 + (<usize>panel << 5));
        const b1 = v128.load(sizes32 + (<usize>panel << 5), 16);
        for (let r = 0; r < count; r++) {
          // n_b (‖c_a − c_b‖²/2 − error − V) ≤ value/2 is n_a n_b / (n_a + n_b) · ‖c_a − c_b‖² ≤ value, for V = value / (2 n_a).
          const shift = v128.load32_splat(shifts + (<usize>r << 2));
          const limit = v128.load32_splat(limits + (<usize>r << 2));
          const line = scores + (<usize>r << 5);
          const near = v128.or(
            f32x4.le(f32x4.mul(b0, f32x4.add(v128.load(line), shift)), limit),
            f32x4.le(f32x4.mul(b1, f32x4.add(v128.load(line, 16), shift)), limit),
          );
          if (!v128.any_true(near)) continue;
          const slot = slotOf(queries, tile + r);
          const at = tile + r;
          if (offerPanel(slot, at, panel, r, line, c64, stride64, columns, sizes, sizes32, names, values, found, shifts, limits)) {
            const value = load<f64>(values + (<usize>at << 3));
            const square = load<f64>(squares + (<usize>slot << 3));
            const half = 0.5 * square;
            const v = value / (2 * load<f64>(sizes + (<usize>slot << 3)));
            const delta = error * (sqrt(square) + 0.5 * largest) * largest + 5e-7 * (half + v);
            store<f32>(shifts + (<usize>r << 2), <f32>(half - v - delta));
            store<f32>(limits + (<usize>r << 2), <f32>(0.500005 * value));
          }
        }
      }
      worst = 0;
      for (let r = 0; r < count; r++) worst = max(worst, load<f64>(values + (<usize>(tile + r) << 3)));
    }
  }
}

// @ts-ignore: decorator
@inline
function slotOf(queries: usize, at: i32): i32 {
  return load<i32>(queries + (<usize>at << 2));
}

/** A lower bound on the squared distance between two boxes. */
// @ts-ignore: decorator
@inline
function boxGap(low: usize, high: usize, box: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  const zero = f32x4.splat(0);
  const rounded = f32x4.splat(ROUNDED);
  for (let t: usize = 0; t < bytes; t += 16) {
    const below = f32x4.sub(v128.load(box + t), v128.load(high + t));
    const above = f32x4.sub(v128.load(low + t), v128.load(box + bytes + t));
    const gap = f32x4.pmax(zero, f32x4.sub(f32x4.pmax(below, above), rounded));
    sum = v128.relaxed_madd<f32>(gap, gap, sum);
  }
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** Compares a query with the clusters of a panel that may be near enough; whether one is nearer than before. */
function offerPanel(
  slot: i32, at: i32, panel: i32, r: i32, line: usize, c64: usize, stride64: i32, columns: i32, sizes: usize, sizes32: usize, names: usize,
  values: usize, found: usize, shifts: usize, limits: usize,
): bool {
  const row64 = <usize>stride64 << 3;
  const own = load<f64>(sizes + (<usize>slot << 3));
  const shift = load<f32>(shifts + (<usize>r << 2));
  const limit = load<f32>(limits + (<usize>r << 2));
  let value = load<f64>(values + (<usize>at << 3));
  let nearest = load<i32>(found + (<usize>at << 2));
  let isNearer = false;
  for (let c = 0; c < 8; c++) {
    const other = (panel << 3) + c;
    const size = load<f64>(sizes + (<usize>other << 3));
    if (size == 0 || other == slot) continue;
    if (load<f32>(sizes32 + (<usize>other << 2)) * (load<f32>(line + (<usize>c << 2)) + shift) > limit) continue;
    const v = own * size / (own + size) * directSquare(c64 + <usize>slot * row64, c64 + <usize>other * row64, columns);
    if (v > value) continue;
    if (v == value && nearest >= 0 && load<i32>(names + (<usize>other << 2)) > load<i32>(names + (<usize>nearest << 2))) continue;
    value = v;
    nearest = other;
    isNearer = true;
  }
  if (isNearer) {
    store<f64>(values + (<usize>at << 3), value);
    store<i32>(found + (<usize>at << 2), nearest);
  }
  return isNearer;
}
