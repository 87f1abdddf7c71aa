// The k nearest of many rows, by blocked brute force or by a k-d tree. Every thread takes queries of its own; each query's neighbours lie in
// ascending order of (distance, index), so that the result does not depend on the order of the search.
import { directSquare, scoreTile } from './nearest-center';

const CHUNK: i32 = 96;
/** Bytes of packed rows that one pass over a chunk of queries keeps in the second-level cache. */
const BLOCK_BYTES: i32 = 262144;

/** Puts (distance, index) in its place among the k of a query, if it has one. */
// @ts-ignore: decorator
@inline
function offer(distance: f64, index: i32, k: i32, distances: usize, indices: usize): void {
  const last = k - 1;
  const worst = load<f64>(distances + (<usize>last << 3));
  if (distance > worst || (distance == worst && index > load<i32>(indices + (<usize>last << 2)))) return;
  let at = last;
  while (at > 0) {
    const before = load<f64>(distances + (<usize>(at - 1) << 3));
    const other = load<i32>(indices + (<usize>(at - 1) << 2));
    if (before < distance || (before == distance && other < index)) break;
    store<f64>(distances + (<usize>at << 3), before);
    store<i32>(indices + (<usize>at << 2), other);
    at--;
  }
  store<f64>(distances + (<usize>at << 3), distance);
  store<i32>(indices + (<usize>at << 2), index);
}

/**
 * Squared Euclidean distances by brute force: queries against the rows in panels `from` … `to` − 1. Float32 scores of eight packed rows (see
 * `nearestCenters`) with a bound on their error tell which rows may be among the k; their distance Σ_j (q_j − x_j)² is then taken in
 * float64, in order, from the raw rows. `scale` is that of the packed numbers. `limits` holds a float32 for each query: larger scores are
 * out of the question; f32 infinity at first. `scratch` holds 192 bytes a thread.
 */
export function bruteNeighbours(
  thread: i32, threads: i32, panels: usize, halves: usize, rows: i32, x64: usize, columns: i32, largest: f64, error: f64, scale: f64,
  q32: usize, stride32: i32, q64: usize, squares: usize, queries: i32, from: i32, to: i32, k: i32, limits: usize, distances: usize, indices: usize,
  scratch: usize,
): void {
  const scores = scratch + <usize>thread * 192;
  const panelBytes = <usize>columns << 5;
  const row32 = <usize>stride32 << 2;
  const row64 = <usize>columns << 3;
  const step = max(1, BLOCK_BYTES / <i32>panelBytes);
  for (let chunk = thread * CHUNK; chunk < queries; chunk += threads * CHUNK) {
    const chunkEnd = min(queries, chunk + CHUNK);
    for (let block = from; block < to; block += step) {
      const blockEnd = min(to, block + step);
      for (let at = chunk; at < chunkEnd; at += 6) {
        const last = chunkEnd - 1;
        const tile = min(6, chunkEnd - at);
        const p0 = q32 + <usize>at * row32;
        const p1 = q32 + <usize>min(last, at + 1) * row32;
        const p2 = q32 + <usize>min(last, at + 2) * row32;
        const p3 = q32 + <usize>min(last, at + 3) * row32;
        const p4 = q32 + <usize>min(last, at + 4) * row32;
        const p5 = q32 + <usize>min(last, at + 5) * row32;
        for (let panel = block; panel < blockEnd; panel++) {
          scoreTile(p0, p1, p2, p3, p4, p5, panels + <usize>panel * panelBytes, columns, halves + (<usize>panel << 5), scores, 32);
          for (let r = 0; r < tile; r++) {
            const query = at + r;
            const limit = v128.load32_splat(limits + (<usize>query << 2));
            const line = scores + (<usize>r << 5);
            const near = v128.or(f32x4.le(v128.load(line), limit), f32x4.le(v128.load(line, 16), limit));
            if (!v128.any_true(near)) continue;
            const square = load<f64>(squares + (<usize>query << 3));
            const own = distances + (<usize>query * k << 3);
            const names = indices + (<usize>query * k << 2);
            for (let c = 0; c < 8; c++) {
              const index = (panel << 3) + c;
              if (index >= rows || load<f32>(line + (<usize>c << 2)) > load<f32>(limits + (<usize>query << 2))) continue;
              offer(directSquare(q64 + <usize>query * row64, x64 + <usize>index * row64, columns), index, k, own, names);
              const worst = load<f64>(own + (<usize>(k - 1) << 3));
              const delta = error * (sqrt(square) + 0.5 * largest) * largest;
              // The score of a row at the k-th distance, and the errors of both; one more unit since it is rounded to float32.
              const score = (worst * scale * scale - square) * 0.5;
              store<f32>(limits + (<usize>query << 2), <f32>(score + delta + 1e-6 * abs(score)));
            }
          }
        }
      }
    }
  }
}

/** Rows of float32 numbers eight at a time, column by column, and ‖x‖²/2 of each; what pads the last eight is never near. */
export function packPanels(thread: i32, threads: i32, x32: usize, stride32: i32, squares: usize, rows: i32, columns: i32, panels: usize, halves: usize): void {
  const count = (rows + 7) >> 3;
  for (let panel = thread; panel < count; panel += threads) {
    let out = panels + <usize>panel * (<usize>columns << 5);
    for (let c = 0; c < 8; c++) {
      const index = (panel << 3) + c;
      store<f32>(halves + (<usize>index << 2), index < rows ? <f32>(load<f64>(squares + (<usize>index << 3)) * 0.5) : 3e38);
    }
    for (let j = 0; j < columns; j++) {
      for (let c = 0; c < 8; c++) {
        const index = (panel << 3) + c;
        store<f32>(out + (<usize>c << 2), index < rows ? load<f32>(x32 + (<usize>(index * stride32 + j) << 2)) : 0);
      }
      out += 32;
    }
  }
}

/**
 * Neighbours by a k-d tree, for queries `from` … `to` − 1. Rows lie column by column (`stride` numbers a column) in the order of the tree, `order` holding their
 * indices; node i has children 2 i and 2 i + 1, which halve its range of rows at `places`[i] by column `axes`[i] (−1 in a leaf). `power` is 1 (sums of
 * |difference|), 2 (sums of squares) or 0 (the largest). `scratch` holds columns numbers a thread.
 */
export function treeNeighbours(
  thread: i32, threads: i32, x: usize, stride: i32, order: usize, rows: i32, columns: i32, axes: usize, places: usize, power: i32,
  queries: usize, from: i32, to: i32, k: i32, distances: usize, indices: usize, scratch: usize,
): void {
  const offsets = scratch + (<usize>thread * columns << 3);
  for (let query = from + thread; query < to; query += threads) {
    memory.fill(offsets, 0, <usize>columns << 3);
    const q = queries + (<usize>query * columns << 3);
    visit(
      1, 0, rows, 0, x, <usize>stride << 3, order, columns, axes, places, power, q, k, distances + (<usize>query * k << 3),
      indices + (<usize>query * k << 2), offsets,
    );
  }
}

/** Allowance for rounding in the distance of a query from a cell. */
const DOWN: f64 = 0.99999999999;

function visit(
  node: i32, from: i32, to: i32, bound: f64, x: usize, step: usize, order: usize, columns: i32, axes: usize, places: usize, power: i32,
  q: usize, k: i32, distances: usize, indices: usize, offsets: usize,
): void {
  const axis = load<i32>(axes + (<usize>node << 2));
  if (axis < 0) {
    scanLeaf(from, to, x, step, order, columns, power, q, k, distances, indices);
    return;
  }
  const middle = (from + to) >> 1;
  const offset = load<f64>(q + (<usize>axis << 3)) - load<f64>(places + (<usize>node << 3));
  const isLeft = offset < 0;
  const near = (node << 1) + (isLeft ? 0 : 1);
  visit(near, isLeft ? from : middle, isLeft ? middle : to, bound, x, step, order, columns, axes, places, power, q, k, distances, indices, offsets);
  const place = offsets + (<usize>axis << 3);
  const old = load<f64>(place);
  const length = power == 2 ? offset * offset : abs(offset);
  const far = power == 0 ? max(bound, length) : bound - old + length;
  if (far * DOWN > load<f64>(distances + (<usize>(k - 1) << 3))) return;
  store<f64>(place, length);
  visit(near ^ 1, isLeft ? middle : from, isLeft ? to : middle, far, x, step, order, columns, axes, places, power, q, k, distances, indices, offsets);
  store<f64>(place, old);
}

/** Two rows at a time; each distance is summed in the order of the columns. */
function scanLeaf(from: i32, to: i32, x: usize, step: usize, order: usize, columns: i32, power: i32, q: usize, k: i32, distances: usize, indices: usize): void {
  const worst = distances + (<usize>(k - 1) << 3);
  for (let i = from; i < to; i += 4) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let at = x + (<usize>i << 3);
    for (let j = 0; j < columns; j++) {
      const value = v128.load64_splat(q + (<usize>j << 3));
      const d0 = f64x2.sub(value, v128.load(at));
      const d1 = f64x2.sub(value, v128.load(at, 16));
      if (power == 2) {
        s0 = f64x2.add(s0, f64x2.mul(d0, d0));
        s1 = f64x2.add(s1, f64x2.mul(d1, d1));
      } else if (power == 1) {
        s0 = f64x2.add(s0, f64x2.abs(d0));
        s1 = f64x2.add(s1, f64x2.abs(d1));
      } else {
        s0 = f64x2.max(s0, f64x2.abs(d0));
        s1 = f64x2.max(s1, f64x2.abs(d1));
      }
      at += step;
    }
    const limit = v128.load64_splat(worst);
    if (!v128.any_true(v128.or(f64x2.le(s0, limit), f64x2.le(s1, limit)))) continue;
    offer(f64x2.extract_lane(s0, 0), load<i32>(order + (<usize>i << 2)), k, distances, indices);
    if (i + 1 < to) offer(f64x2.extract_lane(s0, 1), load<i32>(order + (<usize>(i + 1) << 2)), k, distances, indices);
    if (i + 2 < to) offer(f64x2.extract_lane(s1, 0), load<i32>(order + (<usize>(i + 2) << 2)), k, distances, indices);
    if (i + 3 < to) offer(f64x2.extract_lane(s1, 1), load<i32>(order + (<usize>(i + 3) << 2)), k, distances, indices);
  }
}
