// The best split of a node, column by column, from its histogram.

/**
 * For each column the split into "bin ≤ b" and the rest with the largest
 *
 *     G_L² / (H_L + l2) + G_R² / (H_R + l2)
 *
 * with the missing values (bin `valueBins[j]`) on either side. Rows in a bin are counted as its hessian times
 * `rowsPerHessian`, rounded, which is exact where the hessian is 1. Splits that leave fewer than `minRows` rows or a
 * hessian below `minHessian` on a side are passed over; so are columns whose byte in `allowed` (unless 0) is 0. With
 * `other` (unless 0) the histogram is first lessened by that one, column by column while it is in the cache. Writes 6
 * float64 a column to `out`: that sum (−Infinity where there is no split), b, whether missing values go left, G_L, H_L
 * and the rows on the left.
 *
 * With a penalty `l1` on the size of the leaves or bounds `lower` ≤ w ≤ `upper` of them, a side counts
 *
 *     −2 T w − (H + l2) w²,  T = sign(G) max(|G| − l1, 0),  w = −T / (H + l2) within the bounds
 *
 * which is T² / (H + l2) inside them. `monotone` (unless 0) has a signed byte a column: with 1 w must not fall from left to right,
 * with −1 not rise.
 */
export function bestHistogramSplits(thread: i32, threads: i32, histogram: usize, other: usize, offsets: usize, valueBins: usize, columns: i32, allowed: usize, gradient: f64, hessian: f64, rows: f64, l1: f64, l2: f64, minRows: f64, minHessian: f64, lower: f64, upper: f64, monotone: usize, out: usize): void {
  const isPlain = l1 == 0 && lower == -Infinity && upper == Infinity;
  const rowsPerHessian = hessian > 0 ? rows / hessian : 0;
  const total = f64x2.replace_lane(f64x2.splat(gradient), 1, hessian);
  for (let column = thread; column < columns; column += threads) {
    const result = out + <usize>column * 48;
    store<f64>(result, -Infinity);
    const begin = <usize>load<u32>(offsets + (<usize>column << 2));
    const end = <usize>load<u32>(offsets + (<usize>column << 2), 4);
    if (other != 0) {
      for (let at = begin; at < end; at += 16) {
        v128.store(histogram + at, f64x2.sub(v128.load(histogram + at), v128.load(other + at)));
      }
    }
    if (allowed != 0 && load<u8>(allowed + column) == 0) continue;
    const base = histogram + begin;
    const bins = load<i32>(valueBins + (<usize>column << 2));
    const missing = v128.load(histogram + end - 16);
    const direction = monotone == 0 ? 0 : <i32>load<i8>(monotone + column);
    if (!isPlain || direction != 0) {
      const rule = <f64>direction;
      scanBounded(base, bins, total, f64x2.splat(0), rowsPerHessian, rows, l1, l2, minRows, minHessian, lower, upper, rule, result, 0);
      if (f64x2.extract_lane(missing, 1) > 0) {
        scanBounded(base, bins - 1, total, missing, rowsPerHessian, rows, l1, l2, minRows, minHessian, lower, upper, rule, result, 1);
      }
      continue;
    }
    scan(base, bins, total, f64x2.splat(0), rowsPerHessian, rows, l2, minRows, minHessian, result, 0);
    if (f64x2.extract_lane(missing, 1) > 0) {
      scan(base, bins - 1, total, missing, rowsPerHessian, rows, l2, minRows, minHessian, result, 1);
    }
  }
}

function scan(base: usize, bins: i32, total: v128, start: v128, rowsPerHessian: f64, rows: f64, l2: f64, minRows: f64, minHessian: f64, result: usize, missingLeft: i32): void {
  const penalty = f64x2.splat(l2);
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
    const g = v128.shuffle<f64>(left, right, 0, 2);
    const h = v128.shuffle<f64>(left, right, 1, 3);
    const scores = f64x2.div(f64x2.mul(g, g), f64x2.add(h, penalty));
    const score = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1);
    if (score > best) {
      best = score;
      store<f64>(result, score);
      store<f64>(result, bin, 8);
      store<f64>(result, missingLeft, 16);
      v128.store(result, left, 24);
      store<f64>(result, leftRows, 40);
    }
  }
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
    if (score > best) {
      best = score;
      store<f64>(result, score);
      store<f64>(result, bin, 8);
      store<f64>(result, missingLeft, 16);
      v128.store(result, left, 24);
      store<f64>(result, leftRows, 40);
    }
  }
}
