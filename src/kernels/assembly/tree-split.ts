// The best split of a node, column by column, from its histogram.
import { SEARCH_ALLOWED, SEARCH_GRADIENT, SEARCH_HISTOGRAM, SEARCH_LOWER, SEARCH_OUT, SEARCH_ROWS, SEARCH_SIBLING, SEARCH_SIZE, SEARCH_UPPER, SPLITS_BINS, SPLITS_COLUMNS, SPLITS_L1, SPLITS_L2, SPLITS_MIN_HESSIAN, SPLITS_MIN_ROWS, SPLITS_MONOTONE, SPLITS_OFFSETS, SPLITS_SCRATCH, SPLITS_STRIDE, SPLITS_VALUE_BINS, SPLIT_SIZE, SPLIT_TIE } from '../layout';
import { addHistogram } from './tree-histogram';

/**
 * Adds rows to a histogram, as `addHistogram` does (none with `from` = `to`), then finds the splits of the nodes of `count` searches, whose
 * histograms may be it and what is left of their parent's without it. Both happen in one call, because a tree's leaves soon are so small that
 * meeting costs as much as the work. `plan` and `searches` are records of layout.ts.
 *
 * For each column the split into "bin ≤ b" and the rest with the largest
 *
 *     G_L² / (H_L + l2) + G_R² / (H_R + l2)
 *
 * with the missing values (bin `valueBins[j]`) on either side; the first of those within SPLIT_TIE of one another. Rows in a bin are counted as its hessian times
 * rows / hessian of the node, rounded, which is exact where the hessian is 1; either side is counted from its own end. Splits that leave
 * fewer than MIN_ROWS rows or a hessian below MIN_HESSIAN on a side are passed over; so are columns whose byte in ALLOWED (unless 0) is 0.
 * The histogram of a search with a SIBLING is first lessened by that one, column by column while it is in the cache. Each search writes
 * 5 float64 a column: that sum (−Infinity where there is no split), b, whether missing values go left, G_L and H_L.
 *
 * With a penalty L1 on the size of the leaves or bounds LOWER ≤ w ≤ UPPER of them, a side counts
 *
 *     −2 T w − (H + l2) w²,  T = sign(G) max(|G| − l1, 0),  w = −T / (H + l2) within the bounds
 *
 * which is T² / (H + l2) inside them. MONOTONE (unless 0) has a signed byte a column: with 1 w must not fall from left to right,
 * with −1 not rise.
 */
export function addAndSplit(thread: i32, threads: i32, plan: usize, gradients: usize, rows: usize, from: i32, to: i32, fresh: i32, histogram: usize, searches: usize, count: i32): void {
  const columns = <i32>number(plan, SPLITS_COLUMNS);
  const offsets = <usize>number(plan, SPLITS_OFFSETS);
  if (from < to) {
    const bins = <usize>number(plan, SPLITS_BINS);
    const stride = <i32>number(plan, SPLITS_STRIDE);
    const scratch = <usize>number(plan, SPLITS_SCRATCH);
    addHistogram(thread, threads, bins, stride, columns, offsets, gradients, rows, from, to, fresh, histogram, scratch);
  }
  // The columns that this thread has summed: their histograms are in its cache.
  const last = columns * (thread + 1) / threads;
  for (let column = columns * thread / threads; column < last; column++) {
    for (let i = 0; i < count; i++) splitColumn(plan, column, offsets, searches + <usize>i * (SEARCH_SIZE << 3));
  }
}

// @ts-ignore: decorator
@inline
function number(record: usize, index: i32): f64 {
  return load<f64>(record + (<usize>index << 3));
}

function splitColumn(plan: usize, column: i32, offsets: usize, search: usize): void {
  const begin = <usize>load<u32>(offsets + (<usize>column << 2));
  const end = <usize>load<u32>(offsets + (<usize>column << 2), 4);
  const histogram = <usize>number(search, SEARCH_HISTOGRAM);
  const sibling = <usize>number(search, SEARCH_SIBLING);
  if (sibling != 0) {
    for (let at = begin; at < end; at += 16) {
      v128.store(histogram + at, f64x2.sub(v128.load(histogram + at), v128.load(sibling + at)));
    }
  }
  const result = <usize>number(search, SEARCH_OUT) + <usize>column * (SPLIT_SIZE << 3);
  store<f64>(result, -Infinity);
  const allowed = <usize>number(search, SEARCH_ALLOWED);
  if (allowed != 0 && load<u8>(allowed + column) == 0) return;
  const total = v128.load(search, SEARCH_GRADIENT << 3);
  const rows = number(search, SEARCH_ROWS);
  const hessian = f64x2.extract_lane(total, 1);
  const rowsPerHessian = hessian > 0 ? rows / hessian : 0;
  const base = histogram + begin;
  const bins = load<i32>(<usize>number(plan, SPLITS_VALUE_BINS) + (<usize>column << 2));
  const missing = v128.load(histogram + end - 16);
  const hasMissing = f64x2.extract_lane(missing, 1) > 0;
  const lower = number(search, SEARCH_LOWER);
  const upper = number(search, SEARCH_UPPER);
  const l1 = number(plan, SPLITS_L1);
  const l2 = number(plan, SPLITS_L2);
  const minRows = number(plan, SPLITS_MIN_ROWS);
  const minHessian = number(plan, SPLITS_MIN_HESSIAN);
  const monotone = <usize>number(plan, SPLITS_MONOTONE);
  const direction = monotone == 0 ? 0 : <i32>load<i8>(monotone + column);
  if (l1 == 0 && lower == -Infinity && upper == Infinity && direction == 0) {
    scan(base, bins, total, f64x2.splat(0), missing, rowsPerHessian, l2, minRows, minHessian, result, 0);
    if (!hasMissing) return;
    const highest = v128.load(histogram + end - 32);
    scan(base, bins - 1, total, missing, highest, rowsPerHessian, l2, minRows, minHessian, result, 1);
    return;
  }
  const rule = <f64>direction;
  scanBounded(base, bins, total, f64x2.splat(0), rowsPerHessian, rows, l1, l2, minRows, minHessian, lower, upper, rule, result, 0);
  if (hasMissing) scanBounded(base, bins - 1, total, missing, rowsPerHessian, rows, l1, l2, minRows, minHessian, lower, upper, rule, result, 1);
}

/**
 * The scores of all bins, two at a time, between the first with `minRows` on the left and the last with as many on the right.
 * `left` holds the missing values when they go left, `right` those that go right in any case.
 */
function scan(base: usize, bins: i32, total: v128, left: v128, right: v128, rowsPerHessian: f64, l2: f64, minRows: f64, minHessian: f64, result: usize, missingLeft: i32): void {
  let leftRows = Math.floor(f64x2.extract_lane(left, 1) * rowsPerHessian + 0.5);
  let bin = 0;
  for (; bin < bins; bin++) {
    const pair = v128.load(base + (<usize>bin << 4));
    left = f64x2.add(left, pair);
    leftRows += Math.floor(f64x2.extract_lane(pair, 1) * rowsPerHessian + 0.5);
    if (leftRows >= minRows) break;
  }
  let rightRows = Math.floor(f64x2.extract_lane(right, 1) * rowsPerHessian + 0.5);
  let last = bins - 1;
  for (; last > bin && rightRows < minRows; last--) {
    rightRows += Math.floor(load<f64>(base + (<usize>last << 4), 8) * rowsPerHessian + 0.5);
  }
  if (last < bin || rightRows < minRows) return;
  const totalGradient = v128.shuffle<f64>(total, total, 0, 2);
  const totalHessian = v128.shuffle<f64>(total, total, 1, 3);
  const penalty = f64x2.splat(l2);
  const firm = f64x2.splat(1 - SPLIT_TIE);
  let best = f64x2.splat(load<f64>(result));
  for (; bin <= last; bin += 2) {
    const at = base + (<usize>bin << 4);
    const pair = v128.load(at, 16);
    const next = bin < last ? f64x2.add(left, pair) : left;
    const g = v128.shuffle<f64>(left, next, 0, 2);
    const h = v128.shuffle<f64>(left, next, 1, 3);
    const rightG = f64x2.sub(totalGradient, g);
    const rightH = f64x2.sub(totalHessian, h);
    const leftWeight = f64x2.add(h, penalty);
    const rightWeight = f64x2.add(rightH, penalty);
    // Over a common denominator: one division for two bins.
    const sum = f64x2.add(f64x2.mul(f64x2.mul(g, g), rightWeight), f64x2.mul(f64x2.mul(rightG, rightG), leftWeight));
    const scores = f64x2.div(sum, f64x2.mul(leftWeight, rightWeight));
    if (v128.any_true(f64x2.gt(f64x2.mul(scores, firm), best))) {
      const first = f64x2.extract_lane(scores, 0);
      const second = f64x2.extract_lane(scores, 1);
      let score = f64x2.extract_lane(best, 0);
      if (first * (1 - SPLIT_TIE) > score && isHeavy(f64x2.extract_lane(h, 0), f64x2.extract_lane(rightH, 0), minHessian)) {
        score = first;
        record(result, first, bin, missingLeft, left);
      }
      if (second * (1 - SPLIT_TIE) > score && isHeavy(f64x2.extract_lane(h, 1), f64x2.extract_lane(rightH, 1), minHessian)) {
        score = second;
        record(result, second, bin + 1, missingLeft, next);
      }
      best = f64x2.splat(score);
    }
    left = f64x2.add(left, f64x2.add(pair, v128.load(at, 32)));
  }
}

// @ts-ignore: decorator
@inline
function isHeavy(leftHessian: f64, rightHessian: f64, minHessian: f64): bool {
  return leftHessian >= minHessian && rightHessian >= minHessian && leftHessian > 0 && rightHessian > 0;
}

// @ts-ignore: decorator
@inline
function record(result: usize, score: f64, bin: i32, missingLeft: i32, left: v128): void {
  store<f64>(result, score);
  store<f64>(result, bin, 8);
  store<f64>(result, missingLeft, 16);
  v128.store(result, left, 24);
}

/** The value of a leaf within bounds. */
// @ts-ignore: decorator
@inline
function boundedValue(thresholded: f64, hessian: f64, l2: f64, lower: f64, upper: f64): f64 {
  return Math.min(upper, Math.max(lower, -thresholded / (hessian + l2)));
}

// @ts-ignore: decorator
@inline
function softThreshold(gradient: f64, l1: f64): f64 {
  const rest = Math.abs(gradient) - l1;
  return rest > 0 ? (gradient > 0 ? rest : -rest) : 0;
}

function scanBounded(base: usize, bins: i32, total: v128, start: v128, rowsPerHessian: f64, rows: f64, l1: f64, l2: f64, minRows: f64, minHessian: f64, lower: f64, upper: f64, direction: f64, result: usize, missingLeft: i32): void {
  let best = load<f64>(result);
  let left = start;
  let leftRows = Math.floor(f64x2.extract_lane(start, 1) * rowsPerHessian + 0.5);
  for (let bin = 0; bin < bins; bin++) {
    const pair = v128.load(base);
    base += 16;
    left = f64x2.add(left, pair);
    leftRows += Math.floor(f64x2.extract_lane(pair, 1) * rowsPerHessian + 0.5);
    if (leftRows < minRows) continue;
    const right = f64x2.sub(total, left);
    const leftHessian = f64x2.extract_lane(left, 1);
    const rightHessian = f64x2.extract_lane(right, 1);
    if (rows - leftRows < minRows || rightHessian < minHessian || rightHessian <= 0) break;
    if (leftHessian < minHessian || leftHessian <= 0) continue;
    const leftT = softThreshold(f64x2.extract_lane(left, 0), l1);
    const rightT = softThreshold(f64x2.extract_lane(right, 0), l1);
    const leftValue = boundedValue(leftT, leftHessian, l2, lower, upper);
    const rightValue = boundedValue(rightT, rightHessian, l2, lower, upper);
    if (direction * (rightValue - leftValue) < 0) continue;
    const leftScore = -2 * leftT * leftValue - (leftHessian + l2) * leftValue * leftValue;
    const rightScore = -2 * rightT * rightValue - (rightHessian + l2) * rightValue * rightValue;
    const score = leftScore + rightScore;
    if (score - SPLIT_TIE * Math.abs(score) > best) {
      best = score;
      record(result, score, bin, missingLeft, left);
    }
  }
}
