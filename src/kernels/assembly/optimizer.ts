// One step of an optimizer over float32 parameters in one block of memory, in place. What varies from step to step comes in as
// numbers, so that a step is a single pass: gradients of all shards are summed, clipped and decayed, moments and weights updated.
//
// All counts are multiples of 4; padding between parameters is zero and stays so. The threads share out blocks of 4096 numbers, and sums are
// kept for each block, so that results do not depend on the number of threads.

import { patientBarrier } from './team';

const BLOCK: i32 = 4096;
/** About a millisecond. */
const PATIENCE: i32 = 400000;
/** 2⁻¹²⁶ */
const LEAST: f32 = 1.1754943508222875e-38;

/** All threads wait for one another. */
export function meet(thread: i32, threads: i32): void {
  patientBarrier(threads, PATIENCE);
}

// @ts-ignore: decorator
@inline
function firstOf(thread: i32, threads: i32, count: i32): i32 {
  const blocks = (count + BLOCK - 1) / BLOCK;
  return min(count, <i32>(<i64>blocks * thread / threads) * BLOCK);
}

/** Σ over shards of the gradient at byte `at`; shards lie `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function gradientAt(gradients: usize, at: usize, shards: i32, stride: usize): v128 {
  let sum = v128.load(gradients + at);
  let place = gradients + at;
  for (let shard = 1; shard < shards; shard++) {
    place += stride;
    sum = f32x4.add(sum, v128.load(place));
  }
  return sum;
}

/** The squares of four float32 numbers added to two float64 sums. */
// @ts-ignore: decorator
@inline
function addSquares(sum: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f64x2.add(sum, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}

/** Clipped to ±clip (which may be infinite), plus decay times the weight. */
// @ts-ignore: decorator
@inline
function prepared(sum: v128, w: v128, scale: v128, clip: v128, decay: v128): v128 {
  const scaled = f32x4.mul(sum, scale);
  // pmin and pmax are one instruction each, and what is no number stays so.
  const clipped = f32x4.pmax(f32x4.pmin(scaled, clip), f32x4.neg(clip));
  return v128.relaxed_madd<f32>(decay, w, clipped);
}

/**
 * Numbers that float32 holds with fewer digits (below 2⁻¹²⁶) become 0. A moment whose gradient stays away falls to them, would stay there, since
 * 0.9 of the smallest rounds to itself, and processors are slow with them; a step of them would move no weight.
 */
// @ts-ignore: decorator
@inline
function settled(x: v128, least: v128): v128 {
  // What is no number stays so.
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), least));
}

/** Sums the shards into the first and writes Σ g² of each block to `squares`. */
export function gradientSquares(
  thread: i32, threads: i32, gradients: usize, shards: i32, stride: usize, count: i32, squares: usize,
): void {
  const end = firstOf(thread + 1, threads, count);
  for (let from = firstOf(thread, threads, count); from < end; from += BLOCK) {
    let sum = f64x2.splat(0);
    const to = <usize>min(end, from + BLOCK) << 2;
    for (let at = <usize>from << 2; at < to; at += 16) {
      const g = gradientAt(gradients, at, shards, stride);
      v128.store(gradients + at, g);
      sum = addSquares(sum, g);
    }
    store<f64>(squares + (<usize>(from / BLOCK) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/**
 * g = clip(scale Σ gradients) + decay w; v ← momentum v + before g; w ← (1 − shrink) w − after u with u = v, or before g + momentum v
 * when `nesterov` is not 0. Writes Σ w² of each block before the step to `squares`, unless that is 0.
 */
export function momentumStep(
  thread: i32, threads: i32, weights: usize, gradients: usize, shards: i32, stride: usize, velocity: usize, count: i32,
  scale: f32, clip: f32, decay: f32, before: f32, momentum: f32, nesterov: i32, after: f32, shrink: f32, squares: usize,
): void {
  const end = firstOf(thread + 1, threads, count);
  const scales = f32x4.splat(scale);
  const clips = f32x4.splat(clip);
  const decays = f32x4.splat(decay);
  const befores = f32x4.splat(before);
  const momenta = f32x4.splat(momentum);
  const afters = f32x4.splat(after);
  const keep = f32x4.splat(<f32>1 - shrink);
  const least = f32x4.splat(LEAST);
  for (let from = firstOf(thread, threads, count); from < end; from += BLOCK) {
    let sum = f64x2.splat(0);
    const to = <usize>min(end, from + BLOCK) << 2;
    for (let at = <usize>from << 2; at < to; at += 16) {
      const w = v128.load(weights + at);
      const g = f32x4.mul(befores, prepared(gradientAt(gradients, at, shards, stride), w, scales, clips, decays));
      const v = settled(f32x4.add(f32x4.mul(momenta, v128.load(velocity + at)), g), least);
      v128.store(velocity + at, v);
      const u = nesterov != 0 ? f32x4.add(g, f32x4.mul(momenta, v)) : v;
      v128.store(weights + at, f32x4.sub(f32x4.mul(keep, w), f32x4.mul(afters, u)));
      if (squares != 0) sum = addSquares(sum, w);
    }
    if (squares != 0) store<f64>(squares + (<usize>(from / BLOCK) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/**
 * g as above; m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← (1 − shrink) w − rate m / (√v root + ε). The corrections of
 * the moments are in `rate` and `root`. Complements of β come in by themselves, since 1 − β in float32 loses digits.
 */
export function adamStep(
  thread: i32, threads: i32, weights: usize, gradients: usize, shards: i32, stride: usize, first: usize, second: usize, count: i32,
  scale: f32, clip: f32, decay: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, root: f32, epsilon: f32, rate: f32, shrink: f32, squares: usize,
): void {
  const end = firstOf(thread + 1, threads, count);
  const scales = f32x4.splat(scale);
  const clips = f32x4.splat(clip);
  const decays = f32x4.splat(decay);
  const betas1 = f32x4.splat(beta1);
  const betas2 = f32x4.splat(beta2);
  const rests1 = f32x4.splat(rest1);
  const rests2 = f32x4.splat(rest2);
  const roots = f32x4.splat(root);
  const epsilons = f32x4.splat(epsilon);
  const rates = f32x4.splat(rate);
  const keep = f32x4.splat(<f32>1 - shrink);
  const least = f32x4.splat(LEAST);
  for (let from = firstOf(thread, threads, count); from < end; from += BLOCK) {
    let sum = f64x2.splat(0);
    const to = <usize>min(end, from + BLOCK) << 2;
    for (let at = <usize>from << 2; at < to; at += 16) {
      const w = v128.load(weights + at);
      const g = prepared(gradientAt(gradients, at, shards, stride), w, scales, clips, decays);
      const m = settled(v128.relaxed_madd<f32>(betas1, v128.load(first + at), f32x4.mul(rests1, g)), least);
      const v = settled(v128.relaxed_madd<f32>(betas2, v128.load(second + at), f32x4.mul(f32x4.mul(rests2, g), g)), least);
      v128.store(first + at, m);
      v128.store(second + at, v);
      const divisor = v128.relaxed_madd<f32>(f32x4.sqrt(v), roots, epsilons);
      v128.store(weights + at, f32x4.sub(f32x4.mul(keep, w), f32x4.mul(rates, f32x4.div(m, divisor))));
      if (squares != 0) sum = addSquares(sum, w);
    }
    if (squares != 0) store<f64>(squares + (<usize>(from / BLOCK) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/**
 * g as above; s ← ρ s + (1 − ρ) g²; v ← momentum v + g / (√s + ε); w ← (1 − shrink) w − rate v.
 */
export function rmsStep(
  thread: i32, threads: i32, weights: usize, gradients: usize, shards: i32, stride: usize, velocity: usize, second: usize, count: i32,
  scale: f32, clip: f32, decay: f32, rho: f32, rest: f32, epsilon: f32, momentum: f32, rate: f32, shrink: f32, squares: usize,
): void {
  const end = firstOf(thread + 1, threads, count);
  const scales = f32x4.splat(scale);
  const clips = f32x4.splat(clip);
  const decays = f32x4.splat(decay);
  const rhos = f32x4.splat(rho);
  const rests = f32x4.splat(rest);
  const epsilons = f32x4.splat(epsilon);
  const momenta = f32x4.splat(momentum);
  const rates = f32x4.splat(rate);
  const keep = f32x4.splat(<f32>1 - shrink);
  const least = f32x4.splat(LEAST);
  for (let from = firstOf(thread, threads, count); from < end; from += BLOCK) {
    let sum = f64x2.splat(0);
    const to = <usize>min(end, from + BLOCK) << 2;
    for (let at = <usize>from << 2; at < to; at += 16) {
      const w = v128.load(weights + at);
      const g = prepared(gradientAt(gradients, at, shards, stride), w, scales, clips, decays);
      const s = settled(f32x4.add(f32x4.mul(rhos, v128.load(second + at)), f32x4.mul(rests, f32x4.mul(g, g))), least);
      const u = f32x4.div(g, f32x4.add(f32x4.sqrt(s), epsilons));
      const v = settled(f32x4.add(f32x4.mul(momenta, v128.load(velocity + at)), u), least);
      v128.store(second + at, s);
      v128.store(velocity + at, v);
      v128.store(weights + at, f32x4.sub(f32x4.mul(keep, w), f32x4.mul(rates, v)));
      if (squares != 0) sum = addSquares(sum, w);
    }
    if (squares != 0) store<f64>(squares + (<usize>(from / BLOCK) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/**
 * Writes 1 / keep where a number is kept and 0 where it is dropped. What becomes of a place depends on `key` and its number `from` + i only.
 * Mixing of bits: C. Wellons, "Prospecting for hash functions" (2018), lowbias32.
 */
export function dropoutMask(thread: i32, threads: i32, out: usize, from: i32, count: i32, key: i32, keep: f32): void {
  // keep · 2^31 as a bound for 31 bits.
  const bound = <u32>(<f64>keep * 2147483648.0);
  const value = <f32>1 / keep;
  for (let i = 0; i < count; i++) {
    let x = <u32>(from + i) * 0x9e3779b9 + <u32>key;
    x ^= x >> 16;
    x *= 0x7feb352d;
    x ^= x >> 15;
    x *= 0x846ca68b;
    x ^= x >> 16;
    store<f32>(out + (<usize>i << 2), x >> 1 < bound ? value : 0);
  }
}
