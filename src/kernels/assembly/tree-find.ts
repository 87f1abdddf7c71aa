// The best split of a node among columns drawn one after another, by what its rows were placed for.
import { directionOf } from './tree-criteria';
import { between, countPresent, cutClasses, cutMoments, thresholdAfter } from './tree-exact';
import { BINNED, Growth, isByMoments, isTwoByGini, PRESORTED, RANKED, UNSORTED } from './tree-growth';
import { MISSING_RANK, sortByRank } from './tree-rank-sort';
import { binnedClassSplits, binnedRegressionSplits, drawnClassSplit, drawnMomentSplit, gatherPairs, gatherValues } from './tree-rows';
import { drawBelow, drawUniform } from './xoshiro';

/** Rows of a node up to which bins are sorted, rather than counted. */
const FEW_BINNED: i32 = 64;
/** Relative difference of scores that rounding can make: of equal splits that of the first column wins. */
const ROUNDING: f64 = 1e-12;

/** Looks for the split of the rows from `begin` on and writes it to the growth; whether there is one. */
export function findSplit(g: Growth, begin: i32, count: i32): bool {
  const order = g.order;
  const columns = g.columns;
  const list = g.lists + (<usize>begin << 3);
  g.bestScore = -Infinity;
  const isGathered = g.kind == RANKED || g.kind == UNSORTED || (g.kind == BINNED && count <= FEW_BINNED);
  if (isGathered) gatherPairs(list, count, g.pairs, gatheredPairs(g));
  if (g.maxFeatures >= columns) {
    for (let column = 0; column < columns; column++) searchColumn(g, column, list, begin, count);
    return g.bestScore != -Infinity;
  }
  const random = changetype<usize>(g) + offsetof<Growth>('random0');
  let found = 0;
  // As many columns that vary in the node as are wanted.
  for (let passed = 0; passed < columns && found < g.maxFeatures; passed++) {
    const drawn = order + (<usize>(passed + drawBelow(random, columns - passed)) << 2);
    const front = order + (<usize>passed << 2);
    const column = load<i32>(drawn);
    store<i32>(drawn, load<i32>(front));
    store<i32>(front, column);
    if (!searchColumn(g, column, list, begin, count)) continue;
    const kept = order + (<usize>found << 2);
    found++;
    store<i32>(front, load<i32>(kept));
    store<i32>(kept, column);
  }
  return g.bestScore != -Infinity;
}

/** The room begins with the pairs of the node's rows; two lists, or values, follow. */
// @ts-ignore: decorator
@inline
function gatheredPairs(g: Growth): usize {
  return g.room;
}

// @ts-ignore: decorator
@inline
function firstRoom(g: Growth): usize {
  return g.room + (<usize>g.length << 4);
}

// @ts-ignore: decorator
@inline
function secondRoom(g: Growth): usize {
  return g.room + (<usize>g.length * 24);
}

/** Whether the column varies in the node; a split that is better than the best so far takes its place. */
function searchColumn(g: Growth, column: i32, list: usize, begin: i32, count: i32): bool {
  if (g.kind == PRESORTED) return searchPresorted(g, column, begin, count);
  if (g.kind == UNSORTED) return searchDrawn(g, column, list, count);
  if (g.kind == BINNED && count > FEW_BINNED) return searchHistogram(g, column, list, count);
  return searchSorted(g, column, list, count);
}

// @ts-ignore: decorator
@inline
function boundsOf(g: Growth): usize {
  return changetype<usize>(g) + offsetof<Growth>('lower');
}

// @ts-ignore: decorator
@inline
function isBetter(g: Growth, score: f64): bool {
  const best = g.bestScore;
  return score != -Infinity && (best == -Infinity || score > best + ROUNDING * Math.abs(best));
}

// @ts-ignore: decorator
@inline
function take(g: Growth, column: i32, threshold: f64, place: i32, present: i32, missingLeft: i32, sawMissing: i32): void {
  g.bestScore = load<f64>(g.result);
  g.bestColumn = column;
  g.bestThreshold = threshold;
  g.bestPlace = place;
  g.bestPresent = present;
  g.bestMissingLeft = missingLeft;
  g.bestSawMissing = sawMissing;
}

function momentCriterion(g: Growth): i32 {
  return isTwoByGini(g) ? 0 : g.criterion;
}

/** By the ranks of the rows' values, or by their bins where these are few. */
function searchSorted(g: Growth, column: i32, list: usize, count: i32): bool {
  const first = firstRoom(g);
  const second = secondRoom(g);
  const end = list + (<usize>count << 3);
  const isBinned = g.kind == BINNED;
  const stride = <usize>g.columns << 2;
  const ranks = g.ranks + (<usize>column << 2);
  const bins = g.bins + <usize>column * <usize>g.rows;
  const missingBin = isBinned ? load<u32>(g.valueBins + (<usize>column << 2)) : MISSING_RANK;
  let least: u32 = MISSING_RANK;
  let greatest: u32 = 0;
  let to = first;
  let missing = second + (<usize>count << 3);
  let place: u64 = 0;
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    const rank: u32 = isBinned ? <u32>load<u8>(bins + row) : load<u32>(ranks + row * stride);
    if (rank == missingBin) {
      missing -= 8;
      store<u64>(missing, place | (<u64>MISSING_RANK << 32));
    } else {
      store<u64>(to, place | (<u64>rank << 32));
      to += 8;
      least = min(least, rank);
      greatest = max(greatest, rank);
    }
    place++;
  }
  const present = <i32>((to - first) >> 3);
  if (present == 0 || (present == count && least == greatest)) return false;
  // Missing ones follow those that are present; the other room is free once these are sorted.
  memory.copy(to, missing, <usize>(count - present) << 3);
  const sorted = sortByRank(first, second, present, least, greatest, g.keys);
  if (sorted != first) memory.copy(sorted + (<usize>present << 3), to, <usize>(count - present) << 3);
  const result = g.result;
  cut(g, column, sorted, present, count, gatheredPairs(g));
  if (!isBetter(g, load<f64>(result))) return true;
  const i = <i32>load<f64>(result, 8);
  const last = sorted + (<usize>i << 3);
  const rank = load<u32>(last, 4);
  let threshold: f64 = Infinity;
  if (isBinned) threshold = load<f64>(g.thresholds + ((<usize>column * 256 + <usize>rank) << 3));
  else if (i + 1 < present) {
    const x = g.x + (<usize>column * <usize>g.rows << 3);
    threshold = between(valueAt(x, list, load<u32>(last)), valueAt(x, list, load<u32>(last, 8)));
  }
  take(g, column, threshold, rank, present, <i32>load<f64>(result, 16), <i32>(present < count));
  return true;
}

// @ts-ignore: decorator
@inline
function valueAt(x: usize, list: usize, place: u32): f64 {
  return load<f64>(x + (<usize>load<u32>(list + (<usize>place << 3)) << 3));
}

/** At a threshold that is drawn. */
function searchDrawn(g: Growth, column: i32, list: usize, count: i32): bool {
  const values = firstRoom(g);
  const result = g.result;
  gatherValues(g.x + (<usize>column * <usize>g.rows << 3), list, count, values, result);
  const uniform = drawUniform(changetype<usize>(g) + offsetof<Growth>('random0'));
  const direction = directionOf(g.directions, column);
  if (isByMoments(g)) drawnMomentSplit(values, gatheredPairs(g), count, uniform, g.weight, g.sum, g.minRows, g.minWeight, momentCriterion(g), direction, boundsOf(g), result);
  else drawnClassSplit(values, gatheredPairs(g), count, uniform, g.weight, g.totals, g.classes, g.minRows, g.minWeight, g.criterion, g.table, direction, boundsOf(g), g.sides, result);
  if (isBetter(g, load<f64>(result))) take(g, column, load<f64>(result, 8), 0, 0, <i32>load<f64>(result, 16), <i32>load<f64>(result, 24));
  return load<f64>(result, 32) == 1;
}

/** By the histogram of the column's bins. */
function searchHistogram(g: Growth, column: i32, list: usize, count: i32): bool {
  const result = g.result;
  g.column = column;
  const columns = changetype<usize>(g) + offsetof<Growth>('column');
  if (isByMoments(g)) binnedRegressionSplits(0, 1, g.bins, g.rows, g.valueBins, list, count, columns, 1, g.pairs, g.weight, g.sum, g.minRows, g.minWeight, momentCriterion(g), g.directions, boundsOf(g), g.sides, result);
  else binnedClassSplits(0, 1, g.bins, g.rows, g.valueBins, list, count, columns, 1, g.pairs, g.weight, g.totals, g.classes, g.minRows, g.minWeight, g.criterion, g.table, g.directions, boundsOf(g), g.sides, result);
  if (isBetter(g, load<f64>(result))) {
    const bin = <i32>load<f64>(result, 8);
    const threshold = load<f64>(g.thresholds + ((<usize>column * 256 + <usize>bin) << 3));
    take(g, column, threshold, bin, 0, <i32>load<f64>(result, 16), <i32>load<f64>(result, 24));
  }
  return load<f64>(result, 32) == 1;
}

/** By the column's sorted list. */
function searchPresorted(g: Growth, column: i32, begin: i32, count: i32): bool {
  const list = g.lists + ((<usize>column * <usize>g.length + <usize>begin) << 3);
  // Values and missing ones make a split, missing ones alone do not.
  if (load<u32>(list, 4) == load<u32>(list + (<usize>(count - 1) << 3), 4)) return false;
  const present = countPresent(list, count);
  const result = g.result;
  cut(g, column, list, present, count, g.pairs);
  if (!isBetter(g, load<f64>(result))) return true;
  const i = <i32>load<f64>(result, 8);
  const threshold = thresholdAfter(g.x + (<usize>column * <usize>g.rows << 3), list, i, present);
  take(g, column, threshold, i + 1, present, <i32>load<f64>(result, 16), <i32>(present < count));
  return true;
}

/** The best cut of a sorted list, to the result. */
function cut(g: Growth, column: i32, list: usize, present: i32, count: i32, pairs: usize): void {
  const result = g.result;
  store<f64>(result, -Infinity);
  const direction = directionOf(g.directions, column);
  if (isByMoments(g)) cutMoments(list, present, count, pairs, g.weight, g.sum, g.minRows, g.minWeight, momentCriterion(g), direction, boundsOf(g), result);
  else cutClasses(list, present, count, pairs, g.weight, g.totals, g.classes, g.minRows, g.minWeight, g.criterion, g.table, direction, boundsOf(g), g.sides, result);
}
