// Splits of a node whose rows are one list in no order: at a threshold drawn for each column, or between bins.
//
// An entry of the list is 64 bits with the row number below, as in the presorted lists; `x` is the column's float64 by row, `bins` its bytes.
// A row's pair is 16 bytes: weight w and w · y, or w and the class.
import { breaksOrder, directionOf, GINI, momentScore, phi } from './tree-criteria';
import { MISSING_RANK } from './tree-rank-sort';

/** Lists the rows whose weight in `pairs` is above 0. */
export function listRows(thread: i32, threads: i32, pairs: usize, rows: i32, list: usize): void {
  let to = list;
  for (let row = 0; row < rows; row++) {
    if (load<f64>(pairs + (<usize>row << 4)) <= 0) continue;
    store<u64>(to, <u64>row);
    to += 8;
  }
}

/** Reorders a list: first the rows up to the threshold (and those without a value, with `missingLeft`), both parts in their order. */
export function partitionBelow(thread: i32, threads: i32, x: usize, list: usize, count: i32, threshold: f64, missingLeft: i32, scratch: usize, out: usize): void {
  let a = list;
  let b = scratch;
  const end = list + (<usize>count << 3);
  for (let from = list; from < end; from += 8) {
    const entry = load<u64>(from);
    const value = load<f64>(x + (<usize>(entry & 0xffffffff) << 3));
    const goes = <usize>(<i32>(value <= threshold) | (<i32>(value != value) & missingLeft)) << 3;
    store<u64>(a, entry);
    store<u64>(b, entry);
    a += goes;
    b += 8 - goes;
  }
  memory.copy(a, scratch, b - scratch);
  store<f64>(out, <f64>((a - list) >> 3));
}

/** {@link partitionBelow} by ranks (32 bits, `columns` a row): those up to `rank`, and missing ones with `missingLeft`. */
export function partitionRanks(thread: i32, threads: i32, ranks: usize, columns: i32, list: usize, count: i32, rank: u32, missingLeft: i32, scratch: usize, out: usize): void {
  let a = list;
  let b = scratch;
  const end = list + (<usize>count << 3);
  for (let from = list; from < end; from += 8) {
    const entry = load<u64>(from);
    const own = load<u32>(ranks + (<usize>(entry & 0xffffffff) * <usize>columns << 2));
    const goes = <usize>(<i32>(own <= rank) | (<i32>(own == MISSING_RANK) & missingLeft)) << 3;
    store<u64>(a, entry);
    store<u64>(b, entry);
    a += goes;
    b += 8 - goes;
  }
  memory.copy(a, scratch, b - scratch);
  store<f64>(out, <f64>((a - list) >> 3));
}

/** {@link partitionBelow} by bins: those up to `bin`, and `missingBin` with `missingLeft`. */
export function partitionBins(thread: i32, threads: i32, bins: usize, list: usize, count: i32, bin: i32, missingBin: i32, missingLeft: i32, scratch: usize, out: usize): void {
  let a = list;
  let b = scratch;
  const end = list + (<usize>count << 3);
  for (let from = list; from < end; from += 8) {
    const entry = load<u64>(from);
    const own = <i32>load<u8>(bins + <usize>(entry & 0xffffffff));
    const goes = <usize>(<i32>(own <= bin) | (<i32>(own == missingBin) & missingLeft)) << 3;
    store<u64>(a, entry);
    store<u64>(b, entry);
    a += goes;
    b += 8 - goes;
  }
  memory.copy(a, scratch, b - scratch);
  store<f64>(out, <f64>((a - list) >> 3));
}

/** Bytes of a column's result: score, bin or threshold, missing left, whether rows lack a value, whether the column varies (float64 each). */
export const RESULT_BYTES: usize = 40;

/**
 * A regression split of a node on each of the columns numbered in `columns`, at the threshold that the column's number in `uniforms` (float64
 * from 0 to 1) draws between its least and greatest value there. `scratch` holds 24 bytes a row. Other parameters as those of
 * `exactRegressionSplits`.
 */
export function drawnRegressionSplits(thread: i32, threads: i32, x: usize, rows: i32, list: usize, count: i32, columns: usize, columnCount: i32, uniforms: usize, pairs: usize, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, directions: usize, bounds: usize, scratch: usize, out: usize): void {
  const own = scratch + <usize>thread * (<usize>count * 24);
  const gathered = own + (<usize>count << 3);
  gatherPairs(list, count, pairs, gathered);
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    gatherValues(x + (column * <usize>rows << 3), list, count, own, out + <usize>c * RESULT_BYTES);
    const uniform = load<f64>(uniforms + (<usize>c << 3));
    drawnMomentSplit(own, gathered, count, uniform, weight, sum, minRows, minWeight, criterion, directionOf(directions, column), bounds, out + <usize>c * RESULT_BYTES);
  }
}

/** {@link drawnRegressionSplits} into classes, as `exactClassSplits`. `counts` holds 16 bytes a class and thread, rounded up to 64. */
export function drawnClassSplits(thread: i32, threads: i32, x: usize, rows: i32, list: usize, count: i32, columns: usize, columnCount: i32, uniforms: usize, pairs: usize, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, directions: usize, bounds: usize, counts: usize, scratch: usize, out: usize): void {
  const sides = counts + <usize>thread * ((<usize>classes * 16 + 63) & ~63);
  const own = scratch + <usize>thread * (<usize>count * 24);
  const gathered = own + (<usize>count << 3);
  gatherPairs(list, count, pairs, gathered);
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    gatherValues(x + (column * <usize>rows << 3), list, count, own, out + <usize>c * RESULT_BYTES);
    const uniform = load<f64>(uniforms + (<usize>c << 3));
    drawnClassSplit(own, gathered, count, uniform, weight, totals, classes, minRows, minWeight, criterion, table, directionOf(directions, column), bounds, sides, out + <usize>c * RESULT_BYTES);
  }
}

/**
 * The values of a list's rows, from a column (float64 by row); writes the least, the greatest and the number of missing ones (three float64) to
 * `range`.
 */
export function gatherValues(x: usize, list: usize, count: i32, out: usize, range: usize): void {
  let least = f64x2.splat(Infinity);
  let greatest = f64x2.splat(-Infinity);
  let missing = i64x2.splat(0);
  const end = list + (<usize>(count & ~1) << 3);
  for (let at = list; at < end; at += 16) {
    const first = v128.load64_zero(x + (<usize>load<u32>(at) << 3));
    const both = v128.load64_lane(x + (<usize>load<u32>(at, 8) << 3), first, 1);
    v128.store(out, both);
    out += 16;
    // What is missing is neither less nor greater.
    least = f64x2.pmin(least, both);
    greatest = f64x2.pmax(greatest, both);
    missing = i64x2.sub(missing, f64x2.ne(both, both));
  }
  if (count & 1) {
    const last = v128.load64_splat(x + (<usize>load<u32>(end) << 3));
    store<f64>(out, f64x2.extract_lane(last, 0));
    least = f64x2.pmin(least, last);
    greatest = f64x2.pmax(greatest, last);
    missing = i64x2.sub(missing, v128.and(f64x2.ne(last, last), i64x2(-1, 0)));
  }
  store<f64>(range, min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)));
  store<f64>(range, max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1)), 8);
  store<f64>(range, <f64>(i64x2.extract_lane(missing, 0) + i64x2.extract_lane(missing, 1)), 16);
}

/** The pairs of a list's rows. */
export function gatherPairs(list: usize, count: i32, pairs: usize, out: usize): void {
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    v128.store(out, v128.load(pairs + (<usize>load<u32>(at) << 4)));
    out += 16;
  }
}

/** {@link drawnRegressionSplits} of one column, by the values and the pairs of the node's rows in turn; the range of the values is in `result`. */
export function drawnMomentSplit(values: usize, pairs: usize, count: i32, uniform: f64, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, direction: f64, bounds: usize, result: usize): void {
  const threshold = drawThreshold(count, uniform, result);
  if (load<f64>(result, 32) == 0) return;
  const missingRows = <i32>load<f64>(result, 24);
  let below = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let belowBoth = i64x2.splat(0);
  const limit = f64x2.splat(threshold);
  const end = pairs + (<usize>(count & ~1) << 4);
  let at = values;
  for (let pair = pairs; pair < end; pair += 32) {
    const first = f64x2.le(v128.load64_splat(at), limit);
    const second = f64x2.le(v128.load64_splat(at, 8), limit);
    below = f64x2.add(below, v128.and(v128.load(pair), first));
    odd = f64x2.add(odd, v128.and(v128.load(pair, 16), second));
    belowBoth = i64x2.sub(belowBoth, i64x2.add(first, second));
    at += 16;
  }
  if (count & 1) {
    const last = f64x2.le(v128.load64_splat(at), limit);
    below = f64x2.add(below, v128.and(v128.load(end), last));
    belowBoth = i64x2.sub(belowBoth, last);
  }
  below = f64x2.add(below, odd);
  const belowRows = <i32>i64x2.extract_lane(belowBoth, 0);
  let missing = f64x2.splat(0);
  if (missingRows > 0) {
    for (let i = 0; i < count; i++) {
      const value = load<f64>(values + (<usize>i << 3));
      if (value != value) missing = f64x2.add(missing, v128.load(pairs + (<usize>i << 4)));
    }
  }
  let best: f64 = -Infinity;
  let chosenLeft = 0;
  for (let missingLeft = 0; missingLeft <= (missingRows > 0 ? 1 : 0); missingLeft++) {
    const left = missingLeft ? f64x2.add(below, missing) : below;
    const leftRows = belowRows + (missingLeft ? missingRows : 0);
    if (min(leftRows, count - leftRows) < max(1, minRows)) continue;
    const leftWeight = f64x2.extract_lane(left, 0);
    const leftSum = f64x2.extract_lane(left, 1);
    const rightWeight = weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight || rightWeight <= 0) continue;
    const score = momentScore(criterion, leftWeight, leftSum, rightWeight, sum - leftSum);
    if (score > best && !breaksOrder(direction, leftSum / leftWeight, (sum - leftSum) / rightWeight, bounds)) {
      best = score;
      chosenLeft = missingLeft;
    }
  }
  writeSplit(result, best, threshold, chosenLeft, missingRows);
}

/** {@link drawnMomentSplit} into classes; `below` holds 16 bytes a class. */
export function drawnClassSplit(values: usize, pairs: usize, count: i32, uniform: f64, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, direction: f64, bounds: usize, below: usize, result: usize): void {
  const threshold = drawThreshold(count, uniform, result);
  if (load<f64>(result, 32) == 0) return;
  const missingRows = <i32>load<f64>(result, 24);
  const width = <usize>classes << 3;
  memory.fill(below, 0, 2 * width);
  let belowRows = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(values + (<usize>i << 3));
    if (value > threshold) continue;
    const isMissing = <usize>(value != value);
    const pair = pairs + (<usize>i << 4);
    const place = below + (<usize>load<u32>(pair, 8) << 3) + isMissing * width;
    store<f64>(place, load<f64>(place) + load<f64>(pair));
    belowRows += 1 - <i32>isMissing;
  }
  let best: f64 = -Infinity;
  let chosenLeft = 0;
  for (let missingLeft = 0; missingLeft <= (missingRows > 0 ? 1 : 0); missingLeft++) {
    const leftRows = belowRows + (missingLeft ? missingRows : 0);
    if (min(leftRows, count - leftRows) < max(1, minRows)) continue;
    let leftWeight: f64 = 0;
    let leftSum: f64 = 0;
    let rightSum: f64 = 0;
    for (let k: usize = 0; k < width; k += 8) {
      const a = load<f64>(below + k) + (missingLeft ? load<f64>(below + width + k) : 0);
      const b = load<f64>(totals + k) - a;
      leftWeight += a;
      leftSum += criterion == GINI ? a * a : phi(a, table);
      rightSum += criterion == GINI ? b * b : phi(b, table);
    }
    const rightWeight = weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight || leftWeight <= 0 || rightWeight <= 0) continue;
    const score =
      criterion == GINI
        ? leftSum / leftWeight + rightSum / rightWeight
        : leftSum - phi(leftWeight, table) + (rightSum - phi(rightWeight, table));
    const second = load<f64>(below, 8) + (missingLeft ? load<f64>(below + width, 8) : 0);
    if (score > best && !breaksOrder(direction, second / leftWeight, (load<f64>(totals, 8) - second) / rightWeight, bounds)) {
      best = score;
      chosenLeft = missingLeft;
    }
  }
  writeSplit(result, best, threshold, chosenLeft, missingRows);
}

/**
 * The threshold that `uniform` draws between the least and the greatest value, which are in the result with the number of missing ones. Writes to the
 * result, which has no score yet, how many are missing, and whether the column varies.
 */
// @ts-ignore: decorator
@inline
function drawThreshold(count: i32, uniform: f64, result: usize): f64 {
  const least = load<f64>(result);
  const greatest = load<f64>(result, 8);
  const missing = <i32>load<f64>(result, 16);
  const varies = missing < count && (missing > 0 || least < greatest);
  store<f64>(result, -Infinity);
  store<f64>(result, missing, 24);
  store<f64>(result, varies ? 1 : 0, 32);
  const drawn = least + (greatest - least) * uniform;
  // A threshold of the greatest value would send nothing right, unless what is missing goes there.
  return least < greatest && !(drawn < greatest) ? least : drawn;
}

/**
 * The best regression split of a node between the bins of each of the columns numbered in `columns`; bins are bytes, `rows` a column, the bin
 * after its `valueBins` (i32 a column) holds missing values. Other parameters as those of `exactRegressionSplits`. `scratch` holds 256 × 32 bytes
 * a thread.
 */
export function binnedRegressionSplits(thread: i32, threads: i32, bins: usize, rows: i32, valueBins: usize, list: usize, count: i32, columns: usize, columnCount: i32, pairs: usize, weight: f64, sum: f64, minRows: i32, minWeight: f64, criterion: i32, directions: usize, bounds: usize, scratch: usize, out: usize): void {
  const histogram = scratch + (<usize>thread << 13);
  const end = list + (<usize>count << 3);
  const one = f64x2.replace_lane(f64x2.splat(0), 0, 1);
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    const missingBin = load<i32>(valueBins + (column << 2));
    const values = bins + column * <usize>rows;
    memory.fill(histogram, 0, <usize>(missingBin + 1) << 5);
    for (let at = list; at < end; at += 8) {
      const row = <usize>load<u32>(at);
      const place = histogram + (<usize>load<u8>(values + row) << 5);
      v128.store(place, f64x2.add(v128.load(place), v128.load(pairs + (row << 4))));
      v128.store(place, f64x2.add(v128.load(place, 16), one), 16);
    }
    const missing = histogram + (<usize>missingBin << 5);
    const missingRows = <i32>load<f64>(missing, 16);
    const direction = directionOf(directions, column);
    const last = lastFilled(histogram, missingBin, 32, 16);
    let best: f64 = -Infinity;
    let chosen = 0;
    let chosenLeft = 0;
    for (let missingLeft = 0; missingLeft <= (missingRows > 0 ? 1 : 0); missingLeft++) {
      let left = missingLeft ? v128.load(missing) : f64x2.splat(0);
      let leftRows = missingLeft ? missingRows : 0;
      // With missing values on the right all others may go left.
      const stop = missingRows > 0 && !missingLeft ? last + 1 : last;
      for (let bin = 0; bin < stop; bin++) {
        const place = histogram + (<usize>bin << 5);
        const own = <i32>load<f64>(place, 16);
        if (own == 0) continue;
        left = f64x2.add(left, v128.load(place));
        leftRows += own;
        if (leftRows < minRows) continue;
        if (count - leftRows < minRows) break;
        const leftWeight = f64x2.extract_lane(left, 0);
        const leftSum = f64x2.extract_lane(left, 1);
        const rightWeight = weight - leftWeight;
        if (leftWeight < minWeight || rightWeight < minWeight) continue;
        const score = momentScore(criterion, leftWeight, leftSum, rightWeight, sum - leftSum);
        if (score > best && !breaksOrder(direction, leftSum / leftWeight, (sum - leftSum) / rightWeight, bounds)) {
          best = score;
          chosen = bin;
          chosenLeft = missingLeft;
        }
      }
    }
    writeSplit(out + <usize>c * RESULT_BYTES, best, chosen, chosenLeft, missingRows);
    store<f64>(out + <usize>c * RESULT_BYTES, last < 0 || (missingRows == 0 && <i32>load<f64>(histogram + (<usize>last << 5), 16) == count) ? 0 : 1, 32);
  }
}

/**
 * {@link binnedRegressionSplits} into classes, as `exactClassSplits`. `scratch` holds 256 × (1 + `classes`) × 8 bytes and 16 × `classes` a
 * thread, rounded up to 64.
 */
export function binnedClassSplits(thread: i32, threads: i32, bins: usize, rows: i32, valueBins: usize, list: usize, count: i32, columns: usize, columnCount: i32, pairs: usize, weight: f64, totals: usize, classes: i32, minRows: i32, minWeight: f64, criterion: i32, table: usize, directions: usize, bounds: usize, scratch: usize, out: usize): void {
  const stride = (<usize>classes + 1) << 3;
  const histogram = scratch + <usize>thread * ((stride * 256 + (<usize>classes << 4) + 63) & ~63);
  const sides = histogram + (stride << 8);
  const end = list + (<usize>count << 3);
  for (let c = thread; c < columnCount; c += threads) {
    const column = <usize>load<i32>(columns + (<usize>c << 2));
    const missingBin = load<i32>(valueBins + (column << 2));
    const values = bins + column * <usize>rows;
    memory.fill(histogram, 0, <usize>(missingBin + 1) * stride);
    for (let at = list; at < end; at += 8) {
      const row = <usize>load<u32>(at);
      const place = histogram + <usize>load<u8>(values + row) * stride;
      const pair = pairs + (row << 4);
      const own = place + (<usize>load<u32>(pair, 8) << 3);
      store<f64>(own, load<f64>(own, 8) + load<f64>(pair), 8);
      store<f64>(place, load<f64>(place) + 1);
    }
    const missing = histogram + <usize>missingBin * stride;
    const missingRows = <i32>load<f64>(missing);
    const direction = directionOf(directions, column);
    const last = lastFilled(histogram, missingBin, stride, 0);
    let best: f64 = -Infinity;
    let chosen = 0;
    let chosenLeft = 0;
    for (let missingLeft = 0; missingLeft <= (missingRows > 0 ? 1 : 0); missingLeft++) {
      let leftRows = missingLeft ? missingRows : 0;
      let leftWeight: f64 = 0;
      for (let k = 0; k < classes; k++) {
        const start = missingLeft ? load<f64>(missing + (<usize>k << 3), 8) : 0;
        store<f64>(sides + (<usize>k << 4), start);
        store<f64>(sides + (<usize>k << 4), load<f64>(totals + (<usize>k << 3)) - start, 8);
        leftWeight += start;
      }
      const stop = missingRows > 0 && !missingLeft ? last + 1 : last;
      for (let bin = 0; bin < stop; bin++) {
        const place = histogram + <usize>bin * stride;
        const own = <i32>load<f64>(place);
        if (own == 0) continue;
        let leftSum: f64 = 0;
        let rightSum: f64 = 0;
        for (let k = 0; k < classes; k++) {
          const w = load<f64>(place + (<usize>k << 3), 8);
          const at = sides + (<usize>k << 4);
          const a = load<f64>(at) + w;
          const b = load<f64>(at, 8) - w;
          store<f64>(at, a);
          store<f64>(at, b, 8);
          leftWeight += w;
          leftSum += criterion == GINI ? a * a : phi(a, table);
          rightSum += criterion == GINI ? b * b : phi(b, table);
        }
        leftRows += own;
        if (leftRows < minRows) continue;
        if (count - leftRows < minRows) break;
        const rightWeight = weight - leftWeight;
        if (leftWeight < minWeight || rightWeight < minWeight || rightWeight <= 0) continue;
        const score =
          criterion == GINI
            ? leftSum / leftWeight + rightSum / rightWeight
            : leftSum - phi(leftWeight, table) + (rightSum - phi(rightWeight, table));
        if (score > best && !breaksOrder(direction, load<f64>(sides, 16) / leftWeight, load<f64>(sides, 24) / rightWeight, bounds)) {
          best = score;
          chosen = bin;
          chosenLeft = missingLeft;
        }
      }
    }
    writeSplit(out + <usize>c * RESULT_BYTES, best, chosen, chosenLeft, missingRows);
    store<f64>(out + <usize>c * RESULT_BYTES, last < 0 || (missingRows == 0 && <i32>load<f64>(histogram + <usize>last * stride) == count) ? 0 : 1, 32);
  }
}

/** The last bin of values that holds rows, −1 for none. */
function lastFilled(histogram: usize, valueBins: i32, stride: usize, offset: usize): i32 {
  let bin = valueBins - 1;
  while (bin >= 0 && load<f64>(histogram + <usize>bin * stride + offset) == 0) bin--;
  return bin;
}

function writeSplit(result: usize, score: f64, threshold: f64, missingLeft: i32, missingRows: i32): void {
  store<f64>(result, score);
  store<f64>(result, threshold, 8);
  store<f64>(result, missingLeft, 16);
  store<f64>(result, missingRows > 0 ? 1 : 0, 24);
}
