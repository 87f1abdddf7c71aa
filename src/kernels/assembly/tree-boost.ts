// Gradients of the losses of boosting, and the scores that trees add to.
import { exp2Lanes } from './exponential';

// @ts-ignore: decorator
@inline
function storePair(out: usize, pair: v128, weight: usize): void {
  if (weight != 0) pair = f64x2.mul(pair, v128.load64_splat(weight));
  v128.store64_lane(out, f32x4.demote_f64x2_zero(pair), 0);
}

/** Squared error: gradient score − y, hessian 1, times the weight (`weights` may be 0), for rows `from` … `to` − 1. */
export function squaredGradients(thread: i32, threads: i32, scores: usize, y: usize, weights: usize, from: i32, to: i32, out: usize): void {
  const count = to - from;
  const end = from + <i32>(<i64>count * (thread + 1) / threads);
  const one = f64x2.splat(1);
  for (let i = from + <i32>(<i64>count * thread / threads); i < end; i++) {
    const at = <usize>i << 3;
    const pair = f64x2.replace_lane(one, 0, load<f64>(scores + at) - load<f64>(y + at));
    storePair(out + at, pair, weights == 0 ? 0 : weights + at);
  }
}

/**
 * Losses of the residual score − y with hessian 1: its product with `slope` between `low` and `high` as gradient; with slope
 * 0 `high` where it is above 0, else `low`.
 */
export function clippedGradients(thread: i32, threads: i32, scores: usize, y: usize, weights: usize, from: i32, to: i32, slope: f64, low: f64, high: f64, out: usize): void {
  const count = to - from;
  const end = from + <i32>(<i64>count * (thread + 1) / threads);
  const one = f64x2.splat(1);
  for (let i = from + <i32>(<i64>count * thread / threads); i < end; i++) {
    const at = <usize>i << 3;
    const residual = load<f64>(scores + at) - load<f64>(y + at);
    const gradient = slope == 0 ? (residual > 0 ? high : low) : Math.min(high, Math.max(low, slope * residual));
    storePair(out + at, f64x2.replace_lane(one, 0, gradient), weights == 0 ? 0 : weights + at);
  }
}

/**
 * Half the Tweedie deviance with variance power p and logarithmic link, e^score the mean: a = y e^((1−p) score), b = e^((2−p)
 * score); gradient b − a, hessian (2 − p) b − (1 − p) a. p = 1 is Poisson's, p = 2 that of the gamma distribution. Two rows at
 * a time: `from` is even, `scores` and `y` have an even length.
 */
export function tweedieGradients(thread: i32, threads: i32, scores: usize, y: usize, weights: usize, from: i32, to: i32, power: f64, out: usize): void {
  const halves = (to - from + 1) >> 1;
  const most = f64x2.splat(700);
  const first = f64x2.splat(1 - power);
  const second = f64x2.splat(2 - power);
  const end = from + 2 * <i32>(<i64>halves * (thread + 1) / threads);
  for (let i = from + 2 * <i32>(<i64>halves * thread / threads); i < end; i += 2) {
    const at = <usize>i << 3;
    const score = v128.load(scores + at);
    const a = f64x2.mul(v128.load(y + at), exp2Lanes(f64x2.pmin(f64x2.mul(first, score), most)));
    const b = exp2Lanes(f64x2.pmin(f64x2.mul(second, score), most));
    const gradient = f64x2.sub(b, a);
    const hessian = f64x2.sub(f64x2.mul(second, b), f64x2.mul(first, a));
    storePair(out + at, v128.shuffle<f64>(gradient, hessian, 0, 2), weights == 0 ? 0 : weights + at);
    if (i + 1 < to) {
      storePair(out + at + 8, v128.shuffle<f64>(gradient, hessian, 1, 3), weights == 0 ? 0 : weights + at + 8);
    }
  }
}

/**
 * Log loss of two classes: p = 1 / (1 + e^−score); gradient p − y, hessian p (1 − p). Two rows at a time: `from` is
 * even, `scores` and `y` have an even length.
 */
export function logisticGradients(thread: i32, threads: i32, scores: usize, y: usize, weights: usize, from: i32, to: i32, out: usize): void {
  const halves = (to - from + 1) >> 1;
  const one = f64x2.splat(1);
  const most = f64x2.splat(700);
  const end = from + 2 * <i32>(<i64>halves * (thread + 1) / threads);
  for (let i = from + 2 * <i32>(<i64>halves * thread / threads); i < end; i += 2) {
    const at = <usize>i << 3;
    const p = f64x2.div(one, f64x2.add(one, exp2Lanes(f64x2.pmin(f64x2.neg(v128.load(scores + at)), most))));
    const gradient = f64x2.sub(p, v128.load(y + at));
    const hessian = f64x2.mul(p, f64x2.sub(one, p));
    storePair(out + at, v128.shuffle<f64>(gradient, hessian, 0, 2), weights == 0 ? 0 : weights + at);
    if (i + 1 < to) {
      storePair(out + at + 8, v128.shuffle<f64>(gradient, hessian, 1, 3), weights == 0 ? 0 : weights + at + 8);
    }
  }
}

/**
 * Log loss of several classes: p = softmax of the row's `lanes` scores (the number of classes rounded up to even, padded
 * with −Infinity); gradient p_k − 1[y = k], hessian p_k (1 − p_k). Class k's pairs begin at `out` + k · plane bytes. `y`
 * holds class codes as float64. `scratch` holds lanes numbers a thread.
 */
export function softmaxGradients(thread: i32, threads: i32, scores: usize, y: usize, weights: usize, from: i32, to: i32, classes: i32, lanes: i32, out: usize, plane: i32, scratch: usize): void {
  const count = to - from;
  const end = from + <i32>(<i64>count * (thread + 1) / threads);
  const laneBytes = <usize>lanes << 3;
  scratch += <usize>thread * ((laneBytes + 63) & ~63);
  for (let i = from + <i32>(<i64>count * thread / threads); i < end; i++) {
    const row = scores + <usize>i * laneBytes;
    let largest = v128.load(row);
    for (let c: usize = 16; c < laneBytes; c += 16) largest = f64x2.pmax(largest, v128.load(row + c));
    const top = f64x2.splat(Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1)));
    let sum = f64x2.splat(0);
    for (let c: usize = 0; c < laneBytes; c += 16) {
      const e = exp2Lanes(f64x2.sub(v128.load(row + c), top));
      v128.store(scratch + c, e);
      sum = f64x2.add(sum, e);
    }
    const factor = 1 / (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    const target = <i32>load<f64>(y + (<usize>i << 3));
    for (let k = 0; k < classes; k++) {
      const p = load<f64>(scratch + (<usize>k << 3)) * factor;
      const pair = f64x2.replace_lane(f64x2.splat(p * (1 - p)), 0, p - (k == target ? 1 : 0));
      storePair(out + <usize>k * plane + (<usize>i << 3), pair, weights == 0 ? 0 : weights + (<usize>i << 3));
    }
  }
}

/**
 * Adds to the score of each row the value of its leaf. Leaf l has the row numbers begins[l] … begins[l + 1] − 1 of
 * `rows`; score of row r: `scores` + r · stride bytes.
 */
export function addLeafValues(thread: i32, threads: i32, rows: usize, begins: usize, values: usize, leaves: i32, scores: usize, stride: i32): void {
  const begin0 = load<i32>(begins);
  const count = load<i32>(begins + (<usize>leaves << 2)) - begin0;
  const first = begin0 + <i32>(<i64>count * thread / threads);
  const last = begin0 + <i32>(<i64>count * (thread + 1) / threads);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const from = max(first, load<i32>(begins + (<usize>leaf << 2)));
    const to = min(last, load<i32>(begins + (<usize>leaf << 2), 4));
    const value = load<f64>(values + (<usize>leaf << 3));
    for (let i = from; i < to; i++) {
      const at = scores + <usize>load<u32>(rows + (<usize>i << 2)) * stride;
      store<f64>(at, load<f64>(at) + value);
    }
  }
}
