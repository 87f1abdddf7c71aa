// Linear support vector machines: their primal losses in one sweep over the rows, and dual coordinate descent.
import { addRows, marginsOfRows } from './logistic';
import { dotOf } from './vectors';

/**
 * The squared losses Σ s max(0, e)² of margins m = Xw, to the layout and in the shards of `logisticSweep`: e = 1 − y m with targets ±1 where `epsilon` is negative
 * (hinge), else e = |y − m| − epsilon. To each shard's part (2 + stride numbers, zeroed by the caller) adds the loss, an unused number, and the
 * gradient by w. `curvature`, unless 0, receives 2 s where e > 0, else 0.
 */
export function marginSweep(thread: i32, threads: i32, x: usize, stride: i32, y: usize, s: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, w: usize, epsilon: f64, curvature: usize, parts: usize, scratch: usize, block: i32): void {
  const rowBytes = <usize>stride << 3;
  const partBytes = rowBytes + 16;
  scratch += (<usize>thread * block) << 3;
  for (let shard = from + thread; shard < to; shard += threads) {
    const part = parts + <usize>shard * partBytes;
    const end = min(rows, shard * shardRows + last);
    for (let row = shard * shardRows + first; row < end; row += block) {
      const at = <usize>row << 3;
      const data = x + <usize>row * rowBytes;
      marginsOfRows(data, rowBytes, w, scratch, block);
      slopes(scratch, y + at, s + at, epsilon, curvature == 0 ? <usize>0 : curvature + at, part, block);
      addRows(data, rowBytes, scratch, part + 16, block);
    }
  }
}

/** Replaces margins by the derivatives of the loss by them, adds to the loss, writes second derivatives. */
function slopes(margins: usize, y: usize, s: usize, epsilon: f64, curvature: usize, loss: usize, count: i32): void {
  let sum = f64x2.splat(0);
  const zero = f64x2.splat(0);
  const isHinge = epsilon < 0;
  const limit = f64x2.splat(epsilon);
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const m = v128.load(margins + i);
    const target = v128.load(y + i);
    const weight = v128.load(s + i);
    const twice = f64x2.add(weight, weight);
    // de/dm is −y of the hinge, else −sign(y − m).
    const difference = f64x2.sub(target, m);
    const error = isHinge ? f64x2.sub(one, f64x2.mul(target, m)) : f64x2.sub(f64x2.abs(difference), limit);
    const direction = isHinge ? target : v128.bitselect(f64x2.neg(one), one, f64x2.lt(difference, zero));
    const excess = f64x2.pmax(error, zero);
    const scaled = f64x2.mul(weight, excess);
    sum = f64x2.add(sum, f64x2.mul(scaled, excess));
    v128.store(margins + i, f64x2.neg(f64x2.mul(f64x2.add(scaled, scaled), direction)));
    if (curvature != 0) v128.store(curvature + i, v128.and(twice, f64x2.gt(error, zero)));
  }
  store<f64>(loss, load<f64>(loss) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

// @ts-ignore: decorator
@inline
function addScaled(factor: f64, x: usize, w: usize, bytes: usize): void {
  const f = f64x2.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(w + i, v128.relaxed_madd<f64>(v128.load(x + i), f, v128.load(w + i)));
}

/**
 * Dual coordinate descent for the hinge (C.-J. Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML 2008): for each row `order`[from … to),
 * α minimises ½‖w‖² + ½ Σ d α² − Σ α with w = Σ α y x, 0 ≤ α ≤ upper. Rows lie row-major, `stride` numbers (a multiple of 4) each; `squares` holds ‖x‖² + d.
 * `extremes` holds the largest and the smallest projected gradient seen (updated), and those of the round before: a row at a bound beyond them is settled and its
 * place in `order` becomes −1 − row. One thread.
 */
export function descendHinge(thread: i32, threads: i32, x: usize, stride: i32, y: usize, squares: usize, d: usize, upper: usize, alpha: usize, w: usize, order: usize, from: i32, to: i32, extremes: usize): void {
  if (thread != 0) return;
  const bytes = <usize>stride << 3;
  let most = load<f64>(extremes);
  let least = load<f64>(extremes, 8);
  const mostBefore = load<f64>(extremes, 16);
  const leastBefore = load<f64>(extremes, 24);
  for (let k = from; k < to; k++) {
    const place = order + (<usize>k << 2);
    const i = <usize>load<i32>(place);
    const row = x + i * bytes;
    const sign = load<f64>(y + (i << 3));
    const old = load<f64>(alpha + (i << 3));
    const top = load<f64>(upper + (i << 3));
    const slope = sign * dotOf(row, w, bytes) - 1 + load<f64>(d + (i << 3)) * old;
    let projected = slope;
    if (old == 0) {
      if (slope > mostBefore) {
        store<i32>(place, -1 - <i32>i);
        continue;
      }
      projected = min(slope, 0);
    } else if (old == top) {
      if (slope < leastBefore) {
        store<i32>(place, -1 - <i32>i);
        continue;
      }
      projected = max(slope, 0);
    }
    most = max(most, projected);
    least = min(least, projected);
    if (projected == 0) continue;
    const value = min(max(old - slope / load<f64>(squares + (i << 3)), 0), top);
    if (value == old) continue;
    store<f64>(alpha + (i << 3), value);
    addScaled((value - old) * sign, row, w, bytes);
  }
  store<f64>(extremes, most);
  store<f64>(extremes, least, 8);
}

/**
 * Dual coordinate descent for absolute errors beyond `epsilon` (C.-H. Ho and C.-J. Lin, "Large-scale linear support vector regression", JMLR 13, 2012): β minimises
 * ½‖w‖² + ½ Σ d β² − Σ y β + epsilon Σ|β| with w = Σ β x, |β| ≤ upper. `extremes` holds the largest violation seen and the sum of them (updated), and the largest of the
 * round before, beyond which a settled row's place in `order` becomes −1 − row. One thread.
 */
export function descendAbsolute(thread: i32, threads: i32, x: usize, stride: i32, y: usize, squares: usize, d: usize, upper: usize, epsilon: f64, beta: usize, w: usize, order: usize, from: i32, to: i32, extremes: usize): void {
  if (thread != 0) return;
  const bytes = <usize>stride << 3;
  let most = load<f64>(extremes);
  let sum = load<f64>(extremes, 8);
  const before = load<f64>(extremes, 16);
  for (let k = from; k < to; k++) {
    const place = order + (<usize>k << 2);
    const i = <usize>load<i32>(place);
    const row = x + i * bytes;
    const old = load<f64>(beta + (i << 3));
    const top = load<f64>(upper + (i << 3));
    const curve = load<f64>(squares + (i << 3));
    const slope = dotOf(row, w, bytes) - load<f64>(y + (i << 3)) + load<f64>(d + (i << 3)) * old;
    const rise = slope + epsilon;
    const fall = slope - epsilon;
    let violation: f64 = 0;
    let isSettled = false;
    if (old == 0) {
      if (rise < 0) violation = -rise;
      else if (fall > 0) violation = fall;
      else isSettled = rise > before && fall < -before;
    } else if (old >= top) {
      if (rise > 0) violation = rise;
      else isSettled = rise < -before;
    } else if (old <= -top) {
      if (fall < 0) violation = -fall;
      else isSettled = fall > before;
    } else violation = old > 0 ? abs(rise) : abs(fall);
    if (isSettled) {
      store<i32>(place, -1 - <i32>i);
      continue;
    }
    most = max(most, violation);
    sum += violation;
    if (curve == 0) continue;
    const step = rise < curve * old ? -rise / curve : fall > curve * old ? -fall / curve : -old;
    const value = min(max(old + step, -top), top);
    if (value == old) continue;
    store<f64>(beta + (i << 3), value);
    addScaled(value - old, row, w, bytes);
  }
  store<f64>(extremes, most);
  store<f64>(extremes, sum, 8);
}
