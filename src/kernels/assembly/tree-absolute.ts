// Exact splits by the absolute error: Σ w |y − m| of both sides, m their weighted medians.
//
// The node's rows by rising y are one more presorted list. Their places in it number two Fenwick trees (P. Fenwick, 1994) over w and w · y, in
// which a row enters, and the median is found, in O(log n); one sweep from the left and one from the right give the loss of every prefix and
// suffix.
import { barrier } from './team';

const MISSING: u32 = 0xffffffff;
const RESULT_BYTES: usize = 32;

/** The rows of a side: Σ w, Σ w y, and the largest power of two within the tree of `count` places. */
// @ts-ignore: decorator
@inline
function addRow(tree: usize, count: i32, place: i32, pair: v128): void {
  for (let at = place + 1; at <= count; at += at & -at) {
    const node = tree + (<usize>at << 4);
    v128.store(node, f64x2.add(v128.load(node), pair));
  }
}

/** Σ w |y − m| of the rows in the tree, whose Σ w and Σ w y are `all`. */
// @ts-ignore: decorator
@inline
function lossOf(tree: usize, count: i32, top: i32, all: v128, byTarget: usize, targets: usize): f64 {
  const half = f64x2.extract_lane(all, 0) * 0.5;
  let at = 0;
  let below = f64x2.splat(0);
  for (let step = top; step > 0; step >>= 1) {
    if (at + step > count) continue;
    const next = f64x2.add(below, v128.load(tree + (<usize>(at + step) << 4)));
    if (f64x2.extract_lane(next, 0) < half) {
      at += step;
      below = next;
    }
  }
  // Places up to `at` weigh less than half: the median is the target at the next one.
  const median = load<f64>(targets + (<usize>load<u32>(byTarget + (<usize>min(at, count - 1) << 3)) << 3));
  const above = f64x2.sub(all, below);
  return median * f64x2.extract_lane(below, 0) - f64x2.extract_lane(below, 1) + (f64x2.extract_lane(above, 1) - median * f64x2.extract_lane(above, 0));
}

/**
 * The best split of a node by the absolute error on each of the columns numbered in `columns`; parameters as those of `exactRegressionSplits`.
 * List `targetList` holds the rows by rising target, `targets` the targets by row (float64). `places` (u32 a row) is filled here. `scratch`:
 * for each thread `count` + 1 pairs and `count` numbers. Scores are minus the losses of both sides.
 */
export function absoluteSplits(thread: i32, threads: i32, x: usize, rows: i32, lists: usize, length: i32, begin: i32, count: i32, columns: usize, columnCount: i32, pairs: usize, targetList: i32, targets: usize, weight: f64, minRows: i32, minWeight: f64, places: usize, scratch: usize, out: usize): void {
  const byTarget = lists + ((<usize>targetList * length + begin) << 3);
  const last = <i32>(<i64>count * (thread + 1) / threads);
  for (let i = <i32>(<i64>count * thread / threads); i < last; i++) store<i32>(places + (<usize>load<u32>(byTarget + (<usize>i << 3)) << 2), i);
  barrier(threads);
  const tree = scratch + <usize>thread * ((<usize>count * 24 + 16 + 63) & ~63);
  const losses = tree + ((<usize>count + 1) << 4);
  let top = 1;
  while (top * 2 <= count) top *= 2;
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    const list = lists + ((column * <usize>length + begin) << 3);
    const result = out + <usize>c * RESULT_BYTES;
    store<f64>(result, -Infinity);
    let present = count;
    while (present > 0 && load<u32>(list + (<usize>(present - 1) << 3), 4) == MISSING) present--;
    if (present == 0 || load<u32>(list, 4) == load<u32>(list + (<usize>(count - 1) << 3), 4)) continue;
    for (let missingLeft = 0; missingLeft <= (present < count ? 1 : 0); missingLeft++) {
      const values = x + (column * <usize>rows << 3);
      sweep(values, list, present, count, missingLeft, pairs, byTarget, targets, places, tree, losses, top, weight, minRows, minWeight, result);
    }
  }
}

function sweep(x: usize, list: usize, present: i32, count: i32, missingLeft: i32, pairs: usize, byTarget: usize, targets: usize, places: usize, tree: usize, losses: usize, top: i32, weight: f64, minRows: i32, minWeight: f64, result: usize): void {
  // From the right: losses[i] is that of the rows behind place i.
  memory.fill(tree, 0, (<usize>count + 1) << 4);
  let all = f64x2.splat(0);
  if (!missingLeft) {
    for (let i = present; i < count; i++) {
      const row = <usize>load<u32>(list + (<usize>i << 3));
      const pair = v128.load(pairs + (row << 4));
      addRow(tree, count, load<i32>(places + (row << 2)), pair);
      all = f64x2.add(all, pair);
    }
  }
  for (let i = present - 1; i >= 0; i--) {
    store<f64>(losses + (<usize>i << 3), lossOf(tree, count, top, all, byTarget, targets));
    const row = <usize>load<u32>(list + (<usize>i << 3));
    const pair = v128.load(pairs + (row << 4));
    addRow(tree, count, load<i32>(places + (row << 2)), pair);
    all = f64x2.add(all, pair);
  }
  memory.fill(tree, 0, (<usize>count + 1) << 4);
  all = f64x2.splat(0);
  if (missingLeft) {
    for (let i = present; i < count; i++) {
      const row = <usize>load<u32>(list + (<usize>i << 3));
      const pair = v128.load(pairs + (row << 4));
      addRow(tree, count, load<i32>(places + (row << 2)), pair);
      all = f64x2.add(all, pair);
    }
  }
  let best = load<f64>(result);
  let chosen = -1;
  const end = missingLeft || present == count ? present - 1 : present;
  for (let i = 0; i < end; i++) {
    const at = list + (<usize>i << 3);
    const row = <usize>load<u32>(at);
    const pair = v128.load(pairs + (row << 4));
    addRow(tree, count, load<i32>(places + (row << 2)), pair);
    all = f64x2.add(all, pair);
    if (i + 1 < present && load<u32>(at, 12) == load<u32>(at, 4)) continue;
    const leftRows = i + 1 + (missingLeft ? count - present : 0);
    if (leftRows < minRows) continue;
    if (count - leftRows < minRows) break;
    const leftWeight = f64x2.extract_lane(all, 0);
    if (leftWeight < minWeight || weight - leftWeight < minWeight) continue;
    const score = -(lossOf(tree, count, top, all, byTarget, targets) + load<f64>(losses + (<usize>i << 3)));
    if (score > best) {
      best = score;
      chosen = i;
    }
  }
  if (chosen < 0) return;
  const at = list + (<usize>chosen << 3);
  let threshold: f64 = Infinity;
  if (chosen + 1 < present) {
    const a = load<f64>(x + (<usize>load<u32>(at) << 3));
    const b = load<f64>(x + (<usize>load<u32>(at, 8) << 3));
    const middle = a * 0.5 + b * 0.5;
    threshold = middle < b && middle >= a ? middle : a;
  }
  store<f64>(result, best);
  store<f64>(result, threshold, 8);
  store<f64>(result, missingLeft, 16);
  store<f64>(result, chosen + 1, 24);
}

/** Σ w, the weighted median (the middle of both where halves weigh the same) and Σ w |y − median| of rows listed by rising target, to `out`. */
export function nodeAbsolute(thread: i32, threads: i32, list: usize, count: i32, pairs: usize, targets: usize, out: usize): void {
  const end = list + (<usize>count << 3);
  let weight: f64 = 0;
  for (let at = list; at < end; at += 8) weight += load<f64>(pairs + (<usize>load<u32>(at) << 4));
  let below: f64 = 0;
  let median: f64 = 0;
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    below += load<f64>(pairs + (row << 4));
    if (below * 2 < weight) continue;
    median = load<f64>(targets + (row << 3));
    if (below * 2 == weight && at + 8 < end) median = median * 0.5 + load<f64>(targets + (<usize>load<u32>(at, 8) << 3)) * 0.5;
    break;
  }
  let loss: f64 = 0;
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    loss += load<f64>(pairs + (row << 4)) * Math.abs(load<f64>(targets + (row << 3)) - median);
  }
  store<f64>(out, weight);
  store<f64>(out, median, 8);
  store<f64>(out, loss, 16);
}
