// Exact splits on presorted columns.
//
// Values are column-major float64, `rows` a column. Every column has its own list of the rows of the tree's sample,
// `length` entries a column, in which a node's rows stand side by side by rising value, missing ones last. An entry is
// 64 bits: the row number below, above it the rank of the value among the column's distinct ones (all ones when
// missing), so that a scan reads no values. A row's pair is 16 bytes: its weight w and, for regression, w · y, for
// classes the class as a 64-bit integer. Columns are shared out among the threads; each column's result depends on its
// own order only.
import { barrier } from './team';
import { breaksOrder, directionOf, GINI, momentScore, phi, POISSON, xlogy } from './tree-criteria';
import { MISSING_RANK as MISSING } from './tree-rank-sort';

/** Numbers of a column's result: score, threshold, missing left, rows with a value on the left. */
const RESULT_BYTES: usize = 32;


// @ts-ignore: decorator
@inline
function rankAt(list: usize, i: i32): u32 {
  return load<u32>(list + (<usize>i << 3), 4);
}

/** How many of the rows of a list have a value; missing ones come last. */
// @ts-ignore: decorator
@inline
export function countPresent(list: usize, count: i32): i32 {
  let low = 0;
  let high = count;
  if (rankAt(list, count - 1) != MISSING) return count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rankAt(list, middle) != MISSING) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The threshold after the i-th of the present rows of a list; values up to it go left. */
// @ts-ignore: decorator
@inline
export function thresholdAfter(x: usize, list: usize, i: i32, present: i32): f64 {
  // All that have a value go left.
  if (i + 1 == present) return Infinity;
  const at = list + (<usize>i << 3);
  return between(load<f64>(x + (<usize>load<u32>(at) << 3)), load<f64>(x + (<usize>load<u32>(at, 8) << 3)));
}

/** A threshold t with a ≤ t < b, midway where rounding allows. */
// @ts-ignore: decorator
@inline
export function between(a: f64, b: f64): f64 {
  const middle = a * 0.5 + b * 0.5;
  return middle < b && middle >= a ? middle : a;
}

/** What the scans found: the score, after which row of the list, and whether missing values go left. */
// @ts-ignore: decorator
@inline
function writeCut(result: usize, score: f64, i: i32, missingLeft: i32): void {
  store<f64>(result, score);
  store<f64>(result, i, 8);
  store<f64>(result, missingLeft, 16);
}

/** Completes a result by the threshold in place of the row, and the rows on the left. */
// @ts-ignore: decorator
@inline
function placeThreshold(result: usize, x: usize, list: usize, present: i32): void {
  if (load<f64>(result) == -Infinity) return;
  const i = <i32>load<f64>(result, 8);
  store<f64>(result, thresholdAfter(x, list, i, present), 8);
  store<f64>(result, i + 1, 24);
}

/**
 * The best regression split of a node (rows `begin` … `begin` + `count` − 1 of the lists) on each of the columns
 * numbered in `columns`. `weight` and `sum` are Σ w and Σ w y of the node. A side has at least `minRows` rows and the
 * weight `minWeight`. `directions` and `bounds`: see {@link breaksOrder}. Writes a result for each; its score is −Infinity where there is no
 * split.
 */
export function exactRegressionSplits(thread: i32, threads: i32, x: usize, rows: i32, lists: usize, length: i32, begin: i32, count: i32, columns: usize, columnCount: i32, pairs: usize, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, directions: usize, bounds: usize, out: usize): void {
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    const values = x + (column * <usize>rows << 3);
    const list = lists + ((column * <usize>length + begin) << 3);
    const result = out + <usize>c * RESULT_BYTES;
    store<f64>(result, -Infinity);
    const present = countPresent(list, count);
    if (present == 0 || rankAt(list, 0) == rankAt(list, count - 1)) continue;
    const direction = directionOf(directions, column);
    cutMoments(list, present, count, pairs, weight, sum, minRows, minWeight, criterion, direction, bounds, result);
    placeThreshold(result, values, list, present);
  }
}

/**
 * The best cut of one column of a node by moments: its rows are the entries of `list`, `present` of `count` with a value, which varies; `pairs` is
 * indexed by what they hold below. Writes score, the last row on the left and whether missing values go left to `result`, whose score is −Infinity
 * before.
 */
export function cutMoments(list: usize, present: i32, count: i32, pairs: usize, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, direction: f64, bounds: usize, result: usize): void {
  scanMoments(list, present, count, 0, pairs, weight, sum, minRows, minWeight, criterion, direction, bounds, result);
  if (present < count) scanMoments(list, present, count, 1, pairs, weight, sum, minRows, minWeight, criterion, direction, bounds, result);
}

function scanMoments(list: usize, present: i32, count: i32, missingLeft: i32, pairs: usize, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, direction: f64, bounds: usize, result: usize): void {
  let best = load<f64>(result);
  let left = f64x2.splat(0);
  if (missingLeft) {
    for (let i = present; i < count; i++) left = f64x2.add(left, v128.load(pairs + (<usize>load<u32>(list + (<usize>i << 3)) << 4)));
  }
  const offset = missingLeft ? count - present : 0;
  // With missing values on the right all present ones may go left.
  const end = missingLeft || present == count ? present - 1 : present;
  let chosen = -1;
  let at = list;
  for (let i = 0; i < end; i++) {
    left = f64x2.add(left, v128.load(pairs + (<usize>load<u32>(at) << 4)));
    const rank = load<u32>(at, 4);
    at += 8;
    if (i + 1 < present && load<u32>(at, 4) == rank) continue;
    const leftRows = i + 1 + offset;
    if (leftRows < minRows) continue;
    if (count - leftRows < minRows) break;
    const leftWeight = f64x2.extract_lane(left, 0);
    const rightWeight = weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight) continue;
    const leftSum = f64x2.extract_lane(left, 1);
    const score = momentScore(criterion, leftWeight, leftSum, rightWeight, sum - leftSum);
    if (score > best && !breaksOrder(direction, leftSum / leftWeight, (sum - leftSum) / rightWeight, bounds)) {
      best = score;
      chosen = i;
    }
  }
  if (chosen >= 0) writeCut(result, best, chosen, missingLeft);
}

/**
 * The best split into classes, as {@link exactRegressionSplits}; directions only with two classes. `totals` holds the weight of each of the node's
 * `classes`. Gini: Σ_sides Σ_k c_k² / W; else the negative entropy Σ_sides Σ_k φ(c_k) − φ(W). `table` (0 for none) holds
 * φ of 0, 1, 2, … for weights that are whole numbers. `scratch` holds 4 numbers a class and thread, rounded up to 64 bytes.
 */
export function exactClassSplits(thread: i32, threads: i32, x: usize, rows: i32, lists: usize, length: i32, begin: i32, count: i32, columns: usize, columnCount: i32, pairs: usize, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, directions: usize, bounds: usize, scratch: usize, out: usize): void {
  const counts = scratch + <usize>thread * ((<usize>classes * 32 + 63) & ~63);
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    const values = x + (column * <usize>rows << 3);
    const list = lists + ((column * <usize>length + begin) << 3);
    const result = out + <usize>c * RESULT_BYTES;
    store<f64>(result, -Infinity);
    const present = countPresent(list, count);
    if (present == 0 || rankAt(list, 0) == rankAt(list, count - 1)) continue;
    const direction = directionOf(directions, column);
    cutClasses(list, present, count, pairs, weight, totals, classes, minRows, minWeight, criterion, table, direction, bounds, counts, result);
    placeThreshold(result, values, list, present);
  }
}

/** {@link cutMoments} into classes, as {@link exactClassSplits}; `counts` holds 4 numbers a class. */
export function cutClasses(list: usize, present: i32, count: i32, pairs: usize, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, direction: f64, bounds: usize, counts: usize, result: usize): void {
  scanClasses(list, present, count, 0, pairs, weight, totals, classes, minRows, minWeight, criterion, table, direction, bounds, counts, result);
  if (present < count) scanClasses(list, present, count, 1, pairs, weight, totals, classes, minRows, minWeight, criterion, table, direction, bounds, counts, result);
}

function scanClasses(list: usize, present: i32, count: i32, missingLeft: i32, pairs: usize, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, direction: f64, bounds: usize, counts: usize, result: usize): void {
  let best = load<f64>(result);
  // For each class: its weight on the left and on the right, and φ of both (entropy).
  for (let k = 0; k < classes; k++) {
    const at = counts + (<usize>k << 5);
    store<f64>(at, 0);
    store<f64>(at, load<f64>(totals + (<usize>k << 3)), 8);
  }
  let leftWeight: f64 = 0;
  if (missingLeft) {
    for (let i = present; i < count; i++) {
      const pair = pairs + (<usize>load<u32>(list + (<usize>i << 3)) << 4);
      const at = counts + (<usize>load<u32>(pair, 8) << 5);
      const w = load<f64>(pair);
      store<f64>(at, load<f64>(at) + w);
      store<f64>(at, load<f64>(at, 8) - w, 8);
      leftWeight += w;
    }
  }
  // Gini: Σ c²; entropy: Σ φ(c), kept up to date row by row.
  let leftSum: f64 = 0;
  let rightSum: f64 = 0;
  for (let k = 0; k < classes; k++) {
    const at = counts + (<usize>k << 5);
    const a = load<f64>(at);
    const b = load<f64>(at, 8);
    const phiA = criterion == GINI ? a * a : phi(a, table);
    const phiB = criterion == GINI ? b * b : phi(b, table);
    leftSum += phiA;
    rightSum += phiB;
    store<f64>(at, phiA, 16);
    store<f64>(at, phiB, 24);
  }
  const offset = missingLeft ? count - present : 0;
  const end = missingLeft || present == count ? present - 1 : present;
  let chosen = -1;
  let entry = list;
  for (let i = 0; i < end; i++) {
    const pair = pairs + (<usize>load<u32>(entry) << 4);
    const rank = load<u32>(entry, 4);
    entry += 8;
    const w = load<f64>(pair);
    const at = counts + (<usize>load<u32>(pair, 8) << 5);
    const a = load<f64>(at);
    const b = load<f64>(at, 8);
    store<f64>(at, a + w);
    store<f64>(at, b - w, 8);
    leftWeight += w;
    if (criterion == GINI) {
      leftSum += w * (a + a + w);
      rightSum += w * (w - b - b);
    } else {
      const phiA = phi(a + w, table);
      const phiB = phi(b - w, table);
      leftSum += phiA - load<f64>(at, 16);
      rightSum += phiB - load<f64>(at, 24);
      store<f64>(at, phiA, 16);
      store<f64>(at, phiB, 24);
    }
    if (i + 1 < present && load<u32>(entry, 4) == rank) continue;
    const leftRows = i + 1 + offset;
    if (leftRows < minRows) continue;
    if (count - leftRows < minRows) break;
    const rightWeight = weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight || rightWeight <= 0) continue;
    const score =
      criterion == GINI
        ? leftSum / leftWeight + rightSum / rightWeight
        : leftSum - phi(leftWeight, table) + (rightSum - phi(rightWeight, table));
    // Of two classes the prediction is the share of the second.
    if (score > best && !breaksOrder(direction, load<f64>(counts, 32) / leftWeight, load<f64>(counts, 40) / rightWeight, bounds)) {
      best = score;
      chosen = i;
    }
  }
  if (chosen >= 0) writeCut(result, best, chosen, missingLeft);
}

/**
 * Sends a node's rows to its children in the lists of all columns, keeping their order. Left go the first `leftPresent`
 * rows of the list of `column`, and with `missingLeft` those from place `present` on. `marks` holds a byte a row,
 * `scratch` `count` entries a thread.
 */
export function partitionPresorted(thread: i32, threads: i32, lists: usize, length: i32, columns: i32, begin: i32, count: i32, column: i32, leftPresent: i32, present: i32, missingLeft: i32, marks: usize, scratch: usize): void {
  const own = lists + ((<usize>column * length + begin) << 3);
  const last = <i32>(<i64>count * (thread + 1) / threads);
  for (let i = <i32>(<i64>count * thread / threads); i < last; i++) {
    const left = <u32>(i < leftPresent) | (<u32>(i >= present) & missingLeft);
    store<u8>(marks + load<u32>(own + (<usize>i << 3)), left);
  }
  barrier(threads);
  const rights = scratch + (<usize>thread * count << 3);
  for (let c = thread; c < columns; c += threads) {
    // Nothing moves in the column that was split on, unless missing values do.
    if (c == column && !(missingLeft && present < count)) continue;
    const list = lists + ((<usize>c * length + begin) << 3);
    let a = list;
    let b = rights;
    const end = list + (<usize>count << 3);
    // The place of the next left row never overtakes the row being read.
    for (let from = list; from < end; from += 8) {
      const entry = load<u64>(from);
      const goes = <usize>load<u8>(marks + <usize>(entry & 0xffffffff)) << 3;
      store<u64>(a, entry);
      store<u64>(b, entry);
      a += goes;
      b += 8 - goes;
    }
    memory.copy(a, rights, b - rights);
  }
}

/** Σ w, Σ w y and Σ w (y − mean)² of the rows of a list, to `out`; for Poisson the last is Σ w y log(y / mean). */
export function nodeMoments(thread: i32, threads: i32, list: usize, count: i32, pairs: usize, criterion: i32, out: usize): void {
  let sum = f64x2.splat(0);
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) sum = f64x2.add(sum, v128.load(pairs + (<usize>load<u32>(at) << 4)));
  v128.store(out, sum);
  const mean = f64x2.extract_lane(sum, 1) / f64x2.extract_lane(sum, 0);
  let spread: f64 = 0;
  for (let at = list; at < end; at += 8) {
    const pair = pairs + (<usize>load<u32>(at) << 4);
    const w = load<f64>(pair);
    const wy = load<f64>(pair, 8);
    const deviation = wy / w - mean;
    spread += criterion == POISSON ? xlogy(wy, wy / w / mean) : w * deviation * deviation;
  }
  store<f64>(out, spread, 16);
}

/** The weight of each class among the rows of a list, to `out`. */
export function nodeClasses(thread: i32, threads: i32, list: usize, count: i32, pairs: usize, classes: i32, out: usize): void {
  memory.fill(out, 0, <usize>classes << 3);
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const pair = pairs + (<usize>load<u32>(at) << 4);
    const place = out + (<usize>load<u32>(pair, 8) << 3);
    store<f64>(place, load<f64>(place) + load<f64>(pair));
  }
}

/**
 * Writes the entries of the rows sorted by {@link argsortColumns}, `order` 32-bit row numbers by rising value, missing
 * ones last, `rows` a column.
 */
export function rankColumns(thread: i32, threads: i32, x: usize, order: usize, rows: i32, columns: i32, entries: usize): void {
  for (let c = thread; c < columns; c += threads) {
    const values = x + (<usize>c * rows << 3);
    let at = order + (<usize>c * rows << 2);
    let out = entries + (<usize>c * rows << 3);
    let rank: u32 = 0;
    let before = load<f64>(values + (<usize>load<u32>(at) << 3));
    for (let i = 0; i < rows; i++) {
      const row = load<u32>(at);
      const value = load<f64>(values + (<usize>row << 3));
      if (value != before) rank++;
      before = value;
      store<u32>(out, row);
      store<u32>(out, value == value ? rank : MISSING, 4);
      at += 4;
      out += 8;
    }
  }
}

/**
 * Writes the rank of each value among the distinct ones of its column, row by row (32 bits each, `columns` a row; all ones when missing), from `order`
 * as {@link rankColumns} has it.
 */
export function rankRows(thread: i32, threads: i32, x: usize, order: usize, rows: i32, columns: i32, ranks: usize): void {
  for (let c = thread; c < columns; c += threads) {
    const values = x + (<usize>c * rows << 3);
    const list = order + (<usize>c * rows << 2);
    const out = ranks + (<usize>c << 2);
    let rank: u32 = 0;
    let before = load<f64>(values + (<usize>load<u32>(list) << 3));
    for (let i = 0; i < rows; i++) {
      const row = <usize>load<u32>(list + (<usize>i << 2));
      const value = load<f64>(values + (row << 3));
      if (value != before) rank++;
      before = value;
      store<u32>(out + (row * <usize>columns << 2), value == value ? rank : MISSING);
    }
  }
}

/**
 * Copies to each column's list (`length` a column) those entries of all rows (`rows` a column) whose weight in `pairs`
 * is above 0.
 */
export function selectPresorted(thread: i32, threads: i32, sorted: usize, rows: i32, columns: i32, pairs: usize, lists: usize, length: i32): void {
  for (let c = thread; c < columns; c += threads) {
    let from = sorted + (<usize>c * rows << 3);
    const end = from + (<usize>rows << 3);
    let to = lists + (<usize>c * length << 3);
    const full = to + (<usize>length << 3);
    while (from < end && to < full) {
      const entry = load<u64>(from);
      store<u64>(to, entry);
      to += <usize>(load<f64>(pairs + (<usize>(entry & 0xffffffff) << 4)) > 0) << 3;
      from += 8;
    }
  }
}
