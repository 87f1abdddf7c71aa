// Sequential minimal optimisation of the dual problem of kernel machines, with second-order working sets (R.-E. Fan, P.-H. Chen, C.-J. Lin,
// "Working set selection using second order information for training support vector machines", JMLR 6, 2005).
//
//     min_β ½ βᵀKβ + pᵀβ + ε Σ|β_i|   with   Σ β_i fixed,   low_i ≤ β_i ≤ high_i
//
// where β_i = y_i α_i for a classifier. The gradient without ε is f = Kβ + p. Raising β_i changes the objective by f_i + up_i, lowering it by −(f_i + down_i):
// up_i is ±ε by the side of 0 that β_i moves on, +∞ at its upper bound; down_i likewise, −∞ at its lower bound. β is optimal when no f_i + up_i is
// below an f_j + down_j.
//
// All threads walk through the same steps, each on its own panels of 16 variables; thread 0 keeps the books. What is chosen does not depend on the
// split: the extreme value, the first among equals.
import {
  KERNEL_PRECOMPUTED, SVM_BETA, SVM_CACHE, SVM_COEF0, SVM_COLUMNS, SVM_DEGREE, SVM_DIAGONAL, SVM_DONE, SVM_DOWN, SVM_EPSILON, SVM_FIRST_SLOT,
  SVM_GAMMA, SVM_GRADIENT, SVM_GRAM_STRIDE, SVM_HIGH, SVM_INDEX, SVM_ITERATIONS, SVM_KERNEL, SVM_LEAST_UP, SVM_LOW, SVM_MISSED, SVM_MISSES, SVM_MOST_DOWN,
  SVM_NEWER, SVM_NEWEST, SVM_OLDER, SVM_OLDEST, SVM_PANELS, SVM_RESULTS, SVM_ROWS, SVM_ROW_BYTES, SVM_ROW_OF, SVM_SCRATCH, SVM_SECOND_SLOT, SVM_SLOT_OF,
  SVM_SQUARES, SVM_STEP, SVM_TOL, SVM_UP, SVM_WIDE,
} from '../layout';
import { copyPoint32, copyPoint64, rbfRow, wideRow } from './svm-values';
import { barrier } from './team';

/** Stands for a curvature that is not positive. */
const TAU: f64 = 1e-12;
/** A gain is looked at closely when it may exceed the best, rounding allowed for. */
const NEARLY: f64 = 0.999999999999999;

// @ts-ignore: decorator
@inline
function number(p: usize, field: i32): f64 {
  return load<f64>(p + (<usize>field << 3));
}

// @ts-ignore: decorator
@inline
function address(p: usize, field: i32): usize {
  return <usize>number(p, field);
}

// @ts-ignore: decorator
@inline
function whole(p: usize, field: i32): i32 {
  return <i32>number(p, field);
}

// @ts-ignore: decorator
@inline
function put(p: usize, field: i32, value: f64): void {
  store<f64>(p + (<usize>field << 3), value);
}

// @ts-ignore: decorator
@inline
function at64(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

// @ts-ignore: decorator
@inline
function at32(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** Takes a slot out of the list of slots by age and puts it at its newest end. */
function refresh(p: usize, slot: i32): void {
  const newest = whole(p, SVM_NEWEST);
  if (slot == newest) return;
  const newer = address(p, SVM_NEWER);
  const older = address(p, SVM_OLDER);
  const above = load<i32>(at32(newer, slot));
  const below = load<i32>(at32(older, slot));
  store<i32>(at32(older, above), below);
  if (below >= 0) store<i32>(at32(newer, below), above);
  else put(p, SVM_OLDEST, above);
  store<i32>(at32(older, slot), newest);
  store<i32>(at32(newer, slot), -1);
  store<i32>(at32(newer, newest), slot);
  put(p, SVM_NEWEST, slot);
}

/** The cache slot of a row, in place of the row used longest ago when it has none; SVM_MISSED says whether it must be computed. */
function acquire(p: usize, row: i32): i32 {
  const slotOf = address(p, SVM_SLOT_OF);
  let slot = load<i32>(at32(slotOf, row));
  const missed = slot < 0;
  if (missed) {
    slot = whole(p, SVM_OLDEST);
    const rowOf = address(p, SVM_ROW_OF);
    const previous = load<i32>(at32(rowOf, slot));
    if (previous >= 0) store<i32>(at32(slotOf, previous), -1);
    store<i32>(at32(rowOf, slot), row);
    store<i32>(at32(slotOf, row), slot);
    put(p, SVM_MISSES, number(p, SVM_MISSES) + 1);
  }
  put(p, SVM_MISSED, missed ? 1 : 0);
  refresh(p, slot);
  return slot;
}

/** Kernel values of variable `row` with those of panels `from` … `to` − 1. */
function computeRow(p: usize, thread: i32, row: i32, from: i32, to: i32, out: usize): void {
  const kernel = whole(p, SVM_KERNEL);
  const columns = whole(p, SVM_COLUMNS);
  const panels = address(p, SVM_PANELS);
  if (kernel == KERNEL_PRECOMPUTED) {
    const index = address(p, SVM_INDEX);
    const line = panels + (<usize>load<i32>(at32(index, row)) * address(p, SVM_GRAM_STRIDE) << 2);
    for (let t = from << 4; t < to << 4; t++) store<f32>(at32(out, t), load<f32>(at32(line, load<i32>(at32(index, t)))));
    return;
  }
  const point = address(p, SVM_SCRATCH) + <usize>thread * ((<usize>columns * 8 + 127) & ~63);
  const gamma = number(p, SVM_GAMMA);
  if (number(p, SVM_WIDE) == 0) {
    copyPoint32(panels, columns, row, point);
    rbfRow(point, panels, columns, gamma, from, to, out);
  } else {
    copyPoint64(panels, columns, row, point);
    const squares = address(p, SVM_SQUARES);
    const square = load<f64>(at64(squares, row));
    wideRow(point, square, panels, squares, columns, kernel, gamma, number(p, SVM_COEF0), whole(p, SVM_DEGREE), from, to, out);
  }
}

// A thread's results: value, index.

/** min f + up over panels `from` … `to` − 1, and where. */
function leastUp(f: usize, up: usize, from: i32, to: i32, result: usize): void {
  let best = Infinity;
  let index = -1;
  for (let panel = from; panel < to; panel++) {
    const a = f + (<usize>panel << 7);
    const b = up + (<usize>panel << 7);
    let least = f64x2.add(v128.load(a), v128.load(b));
    for (let o: usize = 16; o < 128; o += 16) least = f64x2.pmin(f64x2.add(v128.load(a + o), v128.load(b + o)), least);
    const value = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
    if (value >= best) continue;
    best = value;
    index = panel;
  }
  finishUp(f, up, best, index, result);
}

/** Finds which variable of the panel it is. */
// @ts-ignore: decorator
@inline
function finishUp(f: usize, up: usize, best: f64, panel: i32, result: usize): void {
  let index = -1;
  if (panel >= 0) {
    index = panel << 4;
    while (load<f64>(at64(f, index)) + load<f64>(at64(up, index)) != best) index++;
  }
  store<f64>(result, best);
  store<f64>(result, <f64>index, 8);
}

/** f += step (K_i − K_j), and {@link leastUp} of what comes out. */
function updateGradient(f: usize, up: usize, first: usize, second: usize, step: f64, from: i32, to: i32, result: usize): void {
  let best = Infinity;
  let index = -1;
  const plus = f64x2.splat(step);
  const minus = f64x2.splat(-step);
  for (let panel = from; panel < to; panel++) {
    const a = f + (<usize>panel << 7);
    const b = up + (<usize>panel << 7);
    const c = first + (<usize>panel << 6);
    const d = second + (<usize>panel << 6);
    let least = f64x2.splat(Infinity);
    let other = least;
    for (let o: usize = 0; o < 128; o += 32) {
      const h = o >> 1;
      let v = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.load64_zero(c + h)), plus, v128.load(a + o));
      v = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.load64_zero(d + h)), minus, v);
      v128.store(a + o, v);
      least = f64x2.pmin(least, f64x2.add(v, v128.load(b + o)));
      let w = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.load64_zero(c + h, 8)), plus, v128.load(a + o, 16));
      w = v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.load64_zero(d + h, 8)), minus, w);
      v128.store(a + o, w, 16);
      other = f64x2.pmin(other, f64x2.add(w, v128.load(b + o, 16)));
    }
    least = f64x2.pmin(least, other);
    const value = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
    if (value >= best) continue;
    best = value;
    index = panel;
  }
  finishUp(f, up, best, index, result);
}

/**
 * With i chosen, the j that promises the largest gain b²/a for b = f_j + down_j − (f_i + up_i) > 0 and a = K_ii + K_jj − 2 K_ij; and the largest
 * f + down, which tells how far β is from optimal. Writes gain, j, that largest value.
 */
function bestDown(f: usize, down: usize, diagonal: usize, row: usize, own: f64, ownDiagonal: f64, from: i32, to: i32, result: usize): void {
  let best: f64 = 0;
  let index = -1;
  let most = f64x2.splat(-Infinity);
  const zero = f64x2.splat(0);
  const start = f64x2.splat(own);
  const twice = f64x2.splat(-2);
  const both = f64x2.splat(ownDiagonal);
  const tau = f64x2.splat(TAU);
  let limit = zero;
  for (let panel = from; panel < to; panel++) {
    const a = f + (<usize>panel << 7);
    const b = down + (<usize>panel << 7);
    const c = diagonal + (<usize>panel << 7);
    const d = row + (<usize>panel << 6);
    let hits = zero;
    for (let o: usize = 0; o < 128; o += 16) {
      const value = f64x2.add(v128.load(a + o), v128.load(b + o));
      most = f64x2.pmax(most, value);
      const gap = f64x2.pmax(f64x2.sub(value, start), zero);
      const sum = f64x2.add(both, v128.load(c + o));
      const curve = f64x2.pmax(v128.relaxed_madd<f64>(f64x2.promote_low_f32x4(v128.load64_zero(d + (o >> 1))), twice, sum), tau);
      hits = v128.or(hits, f64x2.gt(f64x2.mul(gap, gap), f64x2.mul(limit, curve)));
    }
    if (!v128.any_true(hits)) continue;
    for (let t = panel << 4; t < (panel + 1) << 4; t++) {
      const gap = load<f64>(at64(f, t)) + load<f64>(at64(down, t)) - own;
      if (!(gap > 0)) continue;
      const curve = curvature(ownDiagonal, load<f64>(at64(diagonal, t)), load<f32>(at32(row, t)));
      const gain = (gap * gap) / curve;
      if (gain <= best) continue;
      best = gain;
      index = t;
    }
    limit = f64x2.splat(best * NEARLY);
  }
  store<f64>(result, best);
  store<f64>(result, <f64>index, 8);
  store<f64>(result, max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1)), 16);
}

// @ts-ignore: decorator
@inline
function curvature(first: f64, second: f64, value: f32): f64 {
  const curve = first + second - 2 * <f64>value;
  return curve > TAU ? curve : TAU;
}

/** The thread whose result is best: the smallest value (`sign` 1) or the largest (−1), the first thread among equals. */
function winner(results: usize, threads: i32, sign: f64): usize {
  let best = results;
  for (let t = 1; t < threads; t++) {
    const other = results + (<usize>t << 7);
    if (load<f64>(other, 8) < 0) continue;
    if (load<f64>(best, 8) < 0 || sign * load<f64>(other) < sign * load<f64>(best)) best = other;
  }
  return best;
}

/** Moves β_i up and β_j down to the minimum along that line or to the first bound, 0 included where the objective has a kink. Returns by how much. */
function moveAlong(p: usize, i: i32, j: i32, kij: f32): f64 {
  const beta = address(p, SVM_BETA);
  const epsilon = number(p, SVM_EPSILON);
  const f = address(p, SVM_GRADIENT);
  const diagonal = address(p, SVM_DIAGONAL);
  const bi = load<f64>(at64(beta, i));
  const bj = load<f64>(at64(beta, j));
  const gap =
    load<f64>(at64(f, j)) + load<f64>(at64(address(p, SVM_DOWN), j)) - (load<f64>(at64(f, i)) + load<f64>(at64(address(p, SVM_UP), i)));
  let step = gap / curvature(load<f64>(at64(diagonal, i)), load<f64>(at64(diagonal, j)), kij);
  const top = epsilon > 0 && bi < 0 ? 0 : load<f64>(at64(address(p, SVM_HIGH), i));
  const bottom = epsilon > 0 && bj > 0 ? 0 : load<f64>(at64(address(p, SVM_LOW), j));
  const room = top - bi;
  const below = bj - bottom;
  const limit = min(room, below);
  if (step > limit) step = limit;
  setBeta(p, i, step >= room ? top : min(bi + step, top));
  setBeta(p, j, step >= below ? bottom : max(bj - step, bottom));
  return step;
}

/** Stores β_i and what its moves cost beside the gradient. */
function setBeta(p: usize, i: i32, value: f64): void {
  const epsilon = number(p, SVM_EPSILON);
  store<f64>(at64(address(p, SVM_BETA), i), value);
  store<f64>(at64(address(p, SVM_UP), i), value >= load<f64>(at64(address(p, SVM_HIGH), i)) ? Infinity : value < 0 ? -epsilon : epsilon);
  store<f64>(at64(address(p, SVM_DOWN), i), value <= load<f64>(at64(address(p, SVM_LOW), i)) ? -Infinity : value > 0 ? epsilon : -epsilon);
}

/**
 * Up to `steps` steps on the problem whose record lies at `p` (see layout.ts). Variables that pad the last panel have up = ∞ and down = −∞.
 * Sets SVM_DONE when no pair violates optimality by `tol` or more.
 */
export function svmSteps(thread: i32, threads: i32, p: usize, steps: i32): void {
  const panels = whole(p, SVM_ROWS) >> 4;
  const from = panels * thread / threads;
  const to = panels * (thread + 1) / threads;
  const f = address(p, SVM_GRADIENT);
  const up = address(p, SVM_UP);
  const down = address(p, SVM_DOWN);
  const diagonal = address(p, SVM_DIAGONAL);
  const cache = address(p, SVM_CACHE);
  const rowBytes = address(p, SVM_ROW_BYTES);
  // Two lines a thread: what the next pass writes must not overwrite what others still read.
  const ups = address(p, SVM_RESULTS);
  const downs = ups + 64;
  const offset = <usize>thread << 7;
  const tol = number(p, SVM_TOL);
  leastUp(f, up, from, to, ups + offset);
  barrier(threads);
  for (let step = 0; step < steps; step++) {
    const least = winner(ups, threads, 1);
    const own = load<f64>(least);
    const i = <i32>load<f64>(least, 8);
    if (i < 0) {
      if (thread == 0) {
        put(p, SVM_DONE, 1);
        put(p, SVM_LEAST_UP, Infinity);
      }
      return;
    }
    if (thread == 0) put(p, SVM_FIRST_SLOT, acquire(p, i));
    barrier(threads);
    const first = cache + address(p, SVM_FIRST_SLOT) * rowBytes;
    if (number(p, SVM_MISSED) != 0) computeRow(p, thread, i, from, to, first);
    bestDown(f, down, diagonal, first, own, load<f64>(at64(diagonal, i)), from, to, downs + offset);
    barrier(threads);
    const best = winner(downs, threads, -1);
    const j = <i32>load<f64>(best, 8);
    let most = load<f64>(downs, 16);
    for (let t = 1; t < threads; t++) most = max(most, load<f64>(downs + (<usize>t << 7), 16));
    const isDone = j < 0 || most - own < tol;
    if (thread == 0) {
      put(p, SVM_LEAST_UP, own);
      put(p, SVM_MOST_DOWN, most);
      if (isDone) put(p, SVM_DONE, 1);
    }
    if (isDone) return;
    if (thread == 0) {
      put(p, SVM_SECOND_SLOT, acquire(p, j));
      put(p, SVM_STEP, moveAlong(p, i, j, load<f32>(at32(first, j))));
      put(p, SVM_ITERATIONS, number(p, SVM_ITERATIONS) + 1);
    }
    barrier(threads);
    const second = cache + address(p, SVM_SECOND_SLOT) * rowBytes;
    if (number(p, SVM_MISSED) != 0) computeRow(p, thread, j, from, to, second);
    updateGradient(f, up, first, second, number(p, SVM_STEP), from, to, ups + offset);
    barrier(threads);
  }
}

/** {@link svmSteps} on several problems, each by one thread: `list` holds pairs of 32-bit integers, a problem's record and how many steps at most. */
export function svmStepsEach(thread: i32, threads: i32, list: usize, count: i32): void {
  for (let k = thread; k < count; k += threads) {
    const entry = list + (<usize>k << 3);
    svmSteps(0, 1, <usize>load<i32>(entry), load<i32>(entry, 4));
  }
}

/**
 * Cached rows with fewer variables, each in its place: row `slots`[k] keeps the values at `kept`[0 … count), ascending. The rows are shared out.
 */
export function svmNarrowRows(thread: i32, threads: i32, cache: usize, rowBytes: i32, slots: usize, rows: i32, kept: usize, count: i32): void {
  for (let k = thread; k < rows; k += threads) {
    const line = cache + <usize>load<i32>(at32(slots, k)) * <usize>rowBytes;
    for (let t = 0; t < count; t++) store<f32>(at32(line, t), load<f32>(at32(line, load<i32>(at32(kept, t)))));
  }
}
