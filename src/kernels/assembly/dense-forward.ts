// Small dense layers in float32, a row or a few at a time: what an agent needs at every step.

import { exp2Lanes } from './exponential';

const RELU: i32 = 1;
const TANH: i32 = 2;

/**
 * out = activation(x · weights + bias) for rows × inputs and row-major inputs × outputs. The numbers of a row do not depend on the others: each
 * output starts with its bias and adds products in the order of the inputs. Activations: 0 none, 1 ReLU, 2 tanh, 3 logistic.
 */
export function denseForward(
  thread: i32, threads: i32, x: usize, rows: i32, inputs: i32, weights: usize, bias: usize, outputs: i32, activation: i32, out: usize,
): void {
  const xRow = <usize>inputs << 2;
  const outRow = <usize>outputs << 2;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    fourRows(x + <usize>row * xRow, xRow, inputs, weights, bias, outRow, out + <usize>row * outRow);
  }
  for (; row < rows; row++) oneRow(x + <usize>row * xRow, inputs, weights, bias, outRow, out + <usize>row * outRow);
  if (activation != 0) activate(out, out + <usize>rows * outRow, activation);
}

function oneRow(x: usize, inputs: i32, weights: usize, bias: usize, stride: usize, out: usize): void {
  const end = x + (<usize>inputs << 2);
  let j: usize = 0;
  for (; j + 64 <= stride; j += 64) {
    let s0 = v128.load(bias + j);
    let s1 = v128.load(bias + j, 16);
    let s2 = v128.load(bias + j, 32);
    let s3 = v128.load(bias + j, 48);
    let w = weights + j;
    for (let at = x; at < end; at += 4) {
      const value = v128.load32_splat(at);
      s0 = v128.relaxed_madd<f32>(value, v128.load(w), s0);
      s1 = v128.relaxed_madd<f32>(value, v128.load(w, 16), s1);
      s2 = v128.relaxed_madd<f32>(value, v128.load(w, 32), s2);
      s3 = v128.relaxed_madd<f32>(value, v128.load(w, 48), s3);
      w += stride;
    }
    v128.store(out + j, s0);
    v128.store(out + j, s1, 16);
    v128.store(out + j, s2, 32);
    v128.store(out + j, s3, 48);
  }
  lastColumns(x, end, weights, bias, stride, j, out);
}

/** Outputs from byte `j` on, four at a time and then one at a time. */
// @ts-ignore: decorator
@inline
function lastColumns(x: usize, end: usize, weights: usize, bias: usize, stride: usize, j: usize, out: usize): void {
  for (; j + 16 <= stride; j += 16) {
    let sum = v128.load(bias + j);
    let w = weights + j;
    for (let at = x; at < end; at += 4) {
      sum = v128.relaxed_madd<f32>(v128.load32_splat(at), v128.load(w), sum);
      w += stride;
    }
    v128.store(out + j, sum);
  }
  for (; j < stride; j += 4) {
    let sum = load<f32>(bias + j);
    let w = weights + j;
    for (let at = x; at < end; at += 4) {
      sum += load<f32>(at) * load<f32>(w);
      w += stride;
    }
    store<f32>(out + j, sum);
  }
}

/** Weights are read once for four rows. */
function fourRows(x: usize, xRow: usize, inputs: i32, weights: usize, bias: usize, stride: usize, out: usize): void {
  const length = <usize>inputs << 2;
  const x1 = x + xRow;
  const x2 = x1 + xRow;
  const x3 = x2 + xRow;
  let j: usize = 0;
  for (; j + 32 <= stride; j += 32) {
    const first = v128.load(bias + j);
    const second = v128.load(bias + j, 16);
    let a0 = first, b0 = second, a1 = first, b1 = second, a2 = first, b2 = second, a3 = first, b3 = second;
    let w = weights + j;
    for (let at: usize = 0; at < length; at += 4) {
      const wa = v128.load(w);
      const wb = v128.load(w, 16);
      w += stride;
      let value = v128.load32_splat(x + at);
      a0 = v128.relaxed_madd<f32>(value, wa, a0);
      b0 = v128.relaxed_madd<f32>(value, wb, b0);
      value = v128.load32_splat(x1 + at);
      a1 = v128.relaxed_madd<f32>(value, wa, a1);
      b1 = v128.relaxed_madd<f32>(value, wb, b1);
      value = v128.load32_splat(x2 + at);
      a2 = v128.relaxed_madd<f32>(value, wa, a2);
      b2 = v128.relaxed_madd<f32>(value, wb, b2);
      value = v128.load32_splat(x3 + at);
      a3 = v128.relaxed_madd<f32>(value, wa, a3);
      b3 = v128.relaxed_madd<f32>(value, wb, b3);
    }
    let to = out + j;
    v128.store(to, a0);
    v128.store(to, b0, 16);
    to += stride;
    v128.store(to, a1);
    v128.store(to, b1, 16);
    to += stride;
    v128.store(to, a2);
    v128.store(to, b2, 16);
    to += stride;
    v128.store(to, a3);
    v128.store(to, b3, 16);
  }
  lastColumns(x, x + length, weights, bias, stride, j, out);
  lastColumns(x1, x1 + length, weights, bias, stride, j, out + stride);
  lastColumns(x2, x2 + length, weights, bias, stride, j, out + 2 * stride);
  lastColumns(x3, x3 + length, weights, bias, stride, j, out + 3 * stride);
}

/** In place, from address to address. */
export function activate(from: usize, to: usize, activation: i32): void {
  let at = from;
  if (activation == RELU) {
    const zero = f32x4.splat(0);
    for (; at + 16 <= to; at += 16) v128.store(at, f32x4.max(v128.load(at), zero));
    for (; at < to; at += 4) store<f32>(at, max<f32>(load<f32>(at), 0));
    return;
  }
  for (; at + 8 <= to; at += 8) {
    const pair = bent(f64x2.promote_low_f32x4(v128.load64_zero(at)), activation);
    v128.store64_lane(at, f32x4.demote_f64x2_zero(pair), 0);
  }
  if (at < to) {
    const pair = bent(f64x2.splat(<f64>load<f32>(at)), activation);
    store<f32>(at, <f32>f64x2.extract_lane(pair, 0));
  }
}

// @ts-ignore: decorator
@inline
function bent(x: v128, activation: i32): v128 {
  // What is no number stays so; the exponential makes it 0.
  return v128.bitselect(x, curve(x, activation), f64x2.ne(x, x));
}

/** With e = exp(−2|x|): tanh |x| = (1 − e) / (1 + e); with e = exp(−|x|): 1 / (1 + e) and, for x < 0, one less that. */
// @ts-ignore: decorator
@inline
function curve(x: v128, activation: i32): v128 {
  const one = f64x2.splat(1);
  const size = f64x2.neg(f64x2.abs(x));
  if (activation == TANH) {
    const e = exp2Lanes(f64x2.add(size, size));
    const value = f64x2.div(f64x2.sub(one, e), f64x2.add(one, e));
    // The sign bit of x.
    return v128.bitselect(x, value, i64x2.splat(i64.MIN_VALUE));
  }
  const e = exp2Lanes(size);
  const upper = f64x2.div(one, f64x2.add(one, e));
  const lower = f64x2.div(e, f64x2.add(one, e));
  return v128.bitselect(lower, upper, f64x2.lt(x, f64x2.splat(0)));
}
