// Grows one tree on one thread, as `growTree` of the host does with kernels that use all threads.
import { drawBag } from './tree-bag';
import { directionOf, GINI, phi, POISSON, xlogy } from './tree-criteria';
import { nodeClasses, nodeMoments, partitionPresorted, selectPresorted } from './tree-exact';
import { findSplit } from './tree-find';
import { BINNED, Growth, isByMoments, isTwoByGini, Open, OPEN_BYTES, PRESORTED, RANKED } from './tree-growth';
import { listRows, partitionBelow, partitionBins, partitionRanks } from './tree-rows';

/** Impurity up to which a node counts as pure. */
const PURE: f64 = 2.220446049250313e-16;
const LN2: f64 = 0.6931471805599453;

/**
 * Draws the sample of a tree (see {@link drawBag}) by the four words of a random state, and looks at its root. `minWeightShare` of the growth's limits
 * is one of the sample's weight.
 */
export function startTree(thread: i32, threads: i32, growth: usize, size: i32, isBootstrap: i32, isBalanced: i32, random0: i32, random1: i32, random2: i32, random3: i32, drawn: usize): void {
  const g = changetype<Growth>(growth);
  g.random0 = random0;
  g.random1 = random1;
  g.random2 = random2;
  g.random3 = random3;
  const random = growth + offsetof<Growth>('random0');
  // Two classes by moments have their number as target.
  const classes = isTwoByGini(g) ? 0 : g.classes;
  const balanced = isBalanced && classes == 0;
  g.length = drawBag(0, 1, random, g.rows, size, isBootstrap, isBalanced, g.y, g.weights, balanced ? g.classes : classes, g.room, g.totals, g.pairs, drawn, growth + offsetof<Growth>('total'));
  if (balanced) multiplyTargets(g);
  g.minWeight = g.minWeightShare * g.total;
  for (let column = 0; column < g.columns; column++) store<i32>(g.order + (<usize>column << 2), column);
  if (g.kind == PRESORTED) selectPresorted(0, 1, g.sorted, g.rows, g.listCount, g.pairs, g.lists, g.length);
  else listRows(0, 1, g.pairs, g.rows, g.lists);
  g.openCount = 0;
  g.leaves = 1;
  g.nodes = 0;
  g.lower = -Infinity;
  g.upper = Infinity;
  const root = addLeaf(g);
  examine(g, root, 0, 0, g.length, -Infinity, Infinity);
}

/** Pairs of a weight and a class become those of a weight w and w · y. */
function multiplyTargets(g: Growth): void {
  for (let i: usize = 0; i < <usize>g.rows; i++) {
    const pair = g.pairs + (i << 4);
    store<f64>(pair, load<f64>(pair) * <f64>load<u64>(pair, 8), 8);
  }
}

/** Splits nodes until there is none to split, or `budget` rows have been moved; returns the number of nodes, or −1 in the second case. */
export function growNodes(thread: i32, threads: i32, growth: usize, budget: i32): i32 {
  const g = changetype<Growth>(growth);
  let left = budget;
  while (g.openCount > 0 && g.leaves < g.maxLeaves) {
    if (left <= 0) return -1;
    const next = takeNext(g);
    left -= next.count;
    divide(g, next);
    g.leaves++;
  }
  return g.nodes;
}

/** The last of the open nodes, or where leaves are counted the first of those whose split helps most, in the place behind the others. */
function takeNext(g: Growth): Open {
  g.openCount--;
  const last = g.open + <usize>g.openCount * OPEN_BYTES;
  if (g.maxLeaves == i32.MAX_VALUE) return changetype<Open>(last);
  let best = g.open;
  for (let at = g.open + OPEN_BYTES; at <= last; at += OPEN_BYTES) {
    if (changetype<Open>(at).decrease > changetype<Open>(best).decrease) best = at;
  }
  // The others keep their order.
  const taken = last + OPEN_BYTES;
  memory.copy(taken, best, OPEN_BYTES);
  memory.copy(best, best + OPEN_BYTES, last - best);
  return changetype<Open>(taken);
}

/** Measures the rows of a node: their weight, sum, impurity, and the score that a split must exceed. */
function measure(g: Growth, begin: i32, count: i32): void {
  const list = g.lists + (<usize>begin << 3);
  if (isTwoByGini(g)) {
    let both = f64x2.splat(0);
    const end = list + (<usize>count << 3);
    for (let at = list; at < end; at += 8) both = f64x2.add(both, v128.load(g.pairs + (<usize>load<u32>(at) << 4)));
    const weight = f64x2.extract_lane(both, 0);
    const second = f64x2.extract_lane(both, 1);
    const first = weight - second;
    g.weight = weight;
    g.sum = second;
    g.impurity = max(0, 1 - (first * first + second * second) / weight / weight);
    g.score = (second * second) / weight;
  } else if (g.classes == 0) {
    nodeMoments(0, 1, list, count, g.pairs, g.criterion, g.result);
    const weight = load<f64>(g.result);
    const sum = load<f64>(g.result, 8);
    g.weight = weight;
    g.sum = sum;
    g.impurity = max(0, load<f64>(g.result, 16) / weight);
    g.score = g.criterion == POISSON ? xlogy(sum, sum / weight) : (sum * sum) / weight;
  } else {
    const classes = g.classes;
    nodeClasses(0, 1, list, count, g.pairs, classes, g.totals);
    let weight: f64 = 0;
    let sum: f64 = 0;
    for (let k = 0; k < classes; k++) {
      const own = load<f64>(g.totals + (<usize>k << 3));
      weight += own;
      sum += g.criterion == GINI ? own * own : phi(own, g.table);
    }
    g.weight = weight;
    g.sum = load<f64>(g.totals, 8);
    g.score = g.criterion == GINI ? sum / weight : sum - phi(weight, g.table);
    g.impurity = max(0, g.criterion == GINI ? 1 - g.score / weight : -g.score / weight / LN2);
  }
}

/** Measures a node, records it, and looks for its split. */
function examine(g: Growth, node: i32, depth: i32, begin: i32, count: i32, lower: f64, upper: f64): void {
  measure(g, begin, count);
  record(g, node, count, lower, upper);
  if (depth >= g.maxDepth || count < g.minSplit || count < 2 * g.minRows || g.weight < 2 * g.minWeight || g.impurity <= PURE) return;
  g.lower = lower;
  g.upper = upper;
  if (!findSplit(g, begin, count)) return;
  let decrease = (g.bestScore - g.score) / g.weight;
  if (isTwoByGini(g)) decrease *= 2;
  else if (!isByMoments(g) && g.criterion != GINI) decrease /= LN2;
  decrease *= g.weight / g.total;
  if (decrease + PURE < g.minDecrease) return;
  const open = changetype<Open>(g.open + <usize>g.openCount * OPEN_BYTES);
  g.openCount++;
  open.node = node;
  open.depth = depth;
  open.begin = begin;
  open.count = count;
  open.lower = lower;
  open.upper = upper;
  open.decrease = decrease;
  open.threshold = g.bestThreshold;
  open.column = g.bestColumn;
  open.place = g.bestPlace;
  open.present = g.bestPresent;
  open.missingLeft = g.bestMissingLeft;
  open.sawMissing = g.bestSawMissing;
}

// @ts-ignore: decorator
@inline
function within(value: f64, lower: f64, upper: f64): f64 {
  return min(max(value, lower), upper);
}

/** What a node predicts, within its bounds. */
function record(g: Growth, node: i32, count: i32, lower: f64, upper: f64): void {
  const at = <usize>node;
  store<i32>(g.samples + (at << 2), count);
  store<f64>(g.weightOf + (at << 3), g.weight);
  const classes = g.classes;
  if (classes == 0) {
    store<f64>(g.values + (at << 3), within(g.sum / g.weight, lower, upper) + g.center);
    return;
  }
  const values = g.values + (at * <usize>classes << 3);
  if (classes == 2 && (lower != -Infinity || upper != Infinity)) {
    const second = within(g.sum / g.weight, lower, upper);
    store<f64>(values, 1 - second);
    store<f64>(values, second, 8);
  } else if (isTwoByGini(g)) {
    store<f64>(values, (g.weight - g.sum) / g.weight);
    store<f64>(values, g.sum / g.weight, 8);
  } else for (let k: usize = 0; k < <usize>classes; k++) store<f64>(values + (k << 3), load<f64>(g.totals + (k << 3)) / g.weight);
}

function addLeaf(g: Growth): i32 {
  const node = g.nodes;
  g.nodes++;
  const at = <usize>node;
  store<i32>(g.feature + (at << 2), -1);
  store<f64>(g.threshold + (at << 3), Infinity);
  store<i32>(g.left + (at << 2), node);
  store<u8>(g.missingLeft + at, 1);
  store<f64>(g.gain + (at << 3), 0);
  return node;
}

/** Makes the split of a node; the records of its children may take the place of its own. */
function divide(g: Growth, open: Open): void {
  const node = <usize>open.node;
  const depth = open.depth + 1;
  const begin = open.begin;
  const count = open.count;
  const column = open.column;
  const lower = open.lower;
  const upper = open.upper;
  const leftCount = part(g, open);
  const left = addLeaf(g);
  addLeaf(g);
  store<i32>(g.feature + (node << 2), column);
  store<f64>(g.threshold + (node << 3), open.threshold);
  store<i32>(g.left + (node << 2), left);
  // Where training saw no missing value, one goes the way of most rows.
  store<u8>(g.missingLeft + node, open.sawMissing ? <u8>open.missingLeft : <u8>(leftCount > count - leftCount));
  store<f64>(g.gain + (node << 3), open.decrease);
  const direction = directionOf(g.directions, column);
  let leftLower = lower;
  let leftUpper = upper;
  let rightLower = lower;
  let rightUpper = upper;
  if (direction != 0) {
    // The middle between both predictions parts what the two sides may predict.
    measure(g, begin, leftCount);
    const a = g.sum / g.weight;
    measure(g, begin + leftCount, count - leftCount);
    const middle = within(a / 2 + g.sum / g.weight / 2, lower, upper);
    if (direction > 0) {
      leftUpper = middle;
      rightLower = middle;
    } else {
      leftLower = middle;
      rightUpper = middle;
    }
  }
  examine(g, left, depth, begin, leftCount, leftLower, leftUpper);
  const opened = g.openCount;
  examine(g, left + 1, depth, begin + leftCount, count - leftCount, rightLower, rightUpper);
  // The left one is split next.
  if (opened > 0 && g.openCount > opened && isOf(g, opened - 1, left)) swapOpen(g, opened - 1);
}

// @ts-ignore: decorator
@inline
function isOf(g: Growth, place: i32, node: i32): bool {
  return changetype<Open>(g.open + <usize>place * OPEN_BYTES).node == node;
}

/** Swaps an open node and the next. The place behind both is free. */
// @ts-ignore: decorator
@inline
function swapOpen(g: Growth, place: i32): void {
  const first = g.open + <usize>place * OPEN_BYTES;
  const spare = first + 2 * OPEN_BYTES;
  memory.copy(spare, first, OPEN_BYTES);
  memory.copy(first, first + OPEN_BYTES, OPEN_BYTES);
  memory.copy(first + OPEN_BYTES, spare, OPEN_BYTES);
}

/** Puts the rows that go left before the others; returns their number. */
function part(g: Growth, open: Open): i32 {
  const list = g.lists + (<usize>open.begin << 3);
  const column = <usize>open.column;
  const count = open.count;
  const missingLeft = open.missingLeft;
  if (g.kind == PRESORTED) {
    partitionPresorted(0, 1, g.lists, g.length, g.listCount, open.begin, count, open.column, open.place, open.present, missingLeft, g.marks, g.room);
    return open.place + (missingLeft ? count - open.present : 0);
  }
  if (g.kind == RANKED) partitionRanks(0, 1, g.ranks + (column << 2), g.columns, list, count, open.place, missingLeft, g.room, g.result);
  else if (g.kind == BINNED) partitionBins(0, 1, g.bins + column * <usize>g.rows, list, count, open.place, load<i32>(g.valueBins + (column << 2)), missingLeft, g.room, g.result);
  else partitionBelow(0, 1, g.x + (column * <usize>g.rows << 3), list, count, open.threshold, missingLeft, g.room, g.result);
  return <i32>load<f64>(g.result);
}
