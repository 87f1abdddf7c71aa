// Splits of a node whose rows are one list in no order: at a given threshold, or between bins.
//
// An entry of the list is 64 bits with the row number below, as in the presorted lists; `x` is the column's float64 by row, `bins` its bytes.
// A row's pair is 16 bytes: weight w and w · y, or w and the class.
import { breaksOrder, directionOf, GINI, momentScore, phi } from './tree-criteria';

/** Lists the rows whose weight in `pairs` is above 0. */
export function listRows(thread: i32, threads: i32, pairs: usize, rows: i32, list: usize): void {
  let to = list;
  for (let row = 0; row < rows; row++) {
    if (load<f64>(pairs + (<usize>row << 4)) <= 0) continue;
    store<u64>(to, <u64>row);
    to += 8;
  }
}

/** The least and the greatest value of a column among the rows of a list, and how many are missing, to `out` (float64 each). */
export function columnRange(thread: i32, threads: i32, x: usize, list: usize, count: i32, out: usize): void {
  let least: f64 = Infinity;
  let greatest: f64 = -Infinity;
  let missing = 0;
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const value = load<f64>(x + (<usize>load<u32>(at) << 3));
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    missing += <i32>(value != value);
  }
  store<f64>(out, least);
  store<f64>(out, greatest, 8);
  store<f64>(out, missing, 16);
}

/** Σ w, Σ w y of the rows up to a threshold, the same of those without a value, and the numbers of both, to `out` (6 float64). */
export function momentsBelow(thread: i32, threads: i32, x: usize, list: usize, count: i32, threshold: f64, pairs: usize, out: usize): void {
  let left = f64x2.splat(0);
  let missing = f64x2.splat(0);
  let leftRows = 0;
  let missingRows = 0;
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    const value = load<f64>(x + (row << 3));
    const pair = v128.load(pairs + (row << 4));
    if (value <= threshold) {
      left = f64x2.add(left, pair);
      leftRows++;
    } else if (value != value) {
      missing = f64x2.add(missing, pair);
      missingRows++;
    }
  }
  v128.store(out, left);
  v128.store(out, missing, 16);
  store<f64>(out, leftRows, 32);
  store<f64>(out, missingRows, 40);
}

/** The weight of each class among the rows up to a threshold, then among those without a value, then the numbers of both, to `out`. */
export function classesBelow(thread: i32, threads: i32, x: usize, list: usize, count: i32, threshold: f64, pairs: usize, classes: i32, out: usize): void {
  const width = <usize>classes << 3;
  memory.fill(out, 0, 2 * width);
  let leftRows = 0;
  let missingRows = 0;
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    const value = load<f64>(x + (row << 3));
    if (value > threshold) continue;
    const isMissing = <usize>(value != value);
    const pair = pairs + (row << 4);
    const place = out + (<usize>load<u32>(pair, 8) << 3) + isMissing * width;
    store<f64>(place, load<f64>(place) + load<f64>(pair));
    missingRows += <i32>isMissing;
    leftRows += 1 - <i32>isMissing;
  }
  store<f64>(out + 2 * width, leftRows);
  store<f64>(out + 2 * width, missingRows, 8);
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

/** Bytes of a column's result: score, bin, missing left, whether rows lack a value, whether the column varies (float64 each). */
const RESULT_BYTES: usize = 40;

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
    writeBinned(out + <usize>c * RESULT_BYTES, best, chosen, chosenLeft, missingRows, last < 0 || (missingRows == 0 && <i32>load<f64>(histogram + (<usize>last << 5), 16) == count));
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
    writeBinned(out + <usize>c * RESULT_BYTES, best, chosen, chosenLeft, missingRows, last < 0 || (missingRows == 0 && <i32>load<f64>(histogram + <usize>last * stride) == count));
  }
}

/** The last bin of values that holds rows, −1 for none. */
function lastFilled(histogram: usize, valueBins: i32, stride: usize, offset: usize): i32 {
  let bin = valueBins - 1;
  while (bin >= 0 && load<f64>(histogram + <usize>bin * stride + offset) == 0) bin--;
  return bin;
}

function writeBinned(result: usize, score: f64, bin: i32, missingLeft: i32, missingRows: i32, isConstant: bool): void {
  store<f64>(result, score);
  store<f64>(result, bin, 8);
  store<f64>(result, missingLeft, 16);
  store<f64>(result, missingRows > 0 ? 1 : 0, 24);
  store<f64>(result, isConstant ? 0 : 1, 32);
}
