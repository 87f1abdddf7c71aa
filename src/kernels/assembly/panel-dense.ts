// Dense layers in float32, forward and backward, for batches too small for the calls of a library to pay. Rows lie in panels of eight: unit j of
// row r is lane r % 8 of the eight numbers at 32 j bytes in panel r / 8, so that every product below runs over whole vectors of rows and nothing
// needs to be packed. Units that are zero in all rows of a panel, as ReLU makes many, are left out of its products: they would add nothing.
//
// The threads share out the panels, thread t those from panels · t / threads on, or the rows of gradients. Every number is summed in the same order whoever
// does it.

import { activate } from './dense-forward';

const RELU: i32 = 1;
const TANH: i32 = 2;
const LOGISTIC: i32 = 3;

/** Rows of row-major numbers from `x` into panels; those beyond `rows` are zero. */
export function toPanels(thread: i32, threads: i32, x: usize, rows: i32, width: i32, panels: usize, stride: usize): void {
  const count = (rows + 7) >> 3;
  const line = <usize>width << 2;
  const last = count * (thread + 1) / threads;
  for (let p = count * thread / threads; p < last; p++) {
    const panel = panels + <usize>p * stride;
    for (let lane = 0; lane < 8; lane++) {
      const row = (p << 3) + lane;
      let to = panel + (<usize>lane << 2);
      if (row >= rows) {
        for (let j = 0; j < width; j++, to += 32) store<f32>(to, 0);
        continue;
      }
      let from = x + <usize>row * line;
      for (let j = 0; j < width; j++, to += 32, from += 4) store<f32>(to, load<f32>(from));
    }
  }
}

/** Writes the number of units that are not zero in all rows of a panel, and these units. */
function listActive(panel: usize, units: i32, list: usize): void {
  let to = list + 4;
  for (let j = 0; j < units; j++) {
    store<i32>(to, j);
    to += <usize>i32(v128.any_true(v128.or(v128.load(panel), v128.load(panel, 16)))) << 2;
    panel += 32;
  }
  store<i32>(list, <i32>((to - list - 4) >> 2));
}

/**
 * y = activation(x · weights + bias) for panels of `inputs` and `outputs` units and row-major weights. Each output starts with its bias and adds products in
 * the order of the inputs. Panels lie `xStride` and `yStride` bytes apart. Writes the active inputs of each panel to `lists`, 4 (inputs + 1) bytes for each.
 */
export function panelForward(
  thread: i32, threads: i32, x: usize, xStride: usize, panels: i32, inputs: i32, weights: usize, bias: usize, outputs: i32, activation: i32,
  y: usize, yStride: usize, lists: usize,
): void {
  const row = <usize>outputs << 2;
  const listBytes = <usize>(inputs + 1) << 2;
  const first = <usize>(panels * thread / threads);
  const last = <usize>(panels * (thread + 1) / threads);
  for (let p = first; p < last; p++) listActive(x + p * xStride, inputs, lists + p * listBytes);
  if (outputs >= 6) {
    for (let o = 0; o < outputs; o += 6) {
      // The last six overlap with those before, which come out the same again.
      const at = <usize>min(o, outputs - 6);
      for (let p = first; p < last; p++) {
        forwardSix(x + p * xStride, lists + p * listBytes, weights + (at << 2), row, bias + (at << 2), y + p * yStride + (at << 5));
      }
    }
  } else {
    for (let o: usize = 0; o < <usize>outputs; o++) {
      for (let p = first; p < last; p++) {
        forwardOne(x + p * xStride, lists + p * listBytes, weights + (o << 2), row, bias + (o << 2), y + p * yStride + (o << 5));
      }
    }
  }
  if (activation == 0) return;
  for (let p = first; p < last; p++) activate(y + p * yStride, y + p * yStride + (<usize>outputs << 5), activation);
}

function forwardSix(x: usize, list: usize, w: usize, row: usize, bias: usize, y: usize): void {
  let a0 = v128.load32_splat(bias);
  let a1 = v128.load32_splat(bias, 4);
  let a2 = v128.load32_splat(bias, 8);
  let a3 = v128.load32_splat(bias, 12);
  let a4 = v128.load32_splat(bias, 16);
  let a5 = v128.load32_splat(bias, 20);
  let b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5;
  const end = list + 4 + (<usize>load<u32>(list) << 2);
  for (let at = list + 4; at < end; at += 4) {
    const i = <usize>load<u32>(at);
    const from = x + (i << 5);
    const weights = w + i * row;
    const x0 = v128.load(from);
    const x1 = v128.load(from, 16);
    let s = v128.load32_splat(weights);
    a0 = v128.relaxed_madd<f32>(s, x0, a0);
    b0 = v128.relaxed_madd<f32>(s, x1, b0);
    s = v128.load32_splat(weights, 4);
    a1 = v128.relaxed_madd<f32>(s, x0, a1);
    b1 = v128.relaxed_madd<f32>(s, x1, b1);
    s = v128.load32_splat(weights, 8);
    a2 = v128.relaxed_madd<f32>(s, x0, a2);
    b2 = v128.relaxed_madd<f32>(s, x1, b2);
    s = v128.load32_splat(weights, 12);
    a3 = v128.relaxed_madd<f32>(s, x0, a3);
    b3 = v128.relaxed_madd<f32>(s, x1, b3);
    s = v128.load32_splat(weights, 16);
    a4 = v128.relaxed_madd<f32>(s, x0, a4);
    b4 = v128.relaxed_madd<f32>(s, x1, b4);
    s = v128.load32_splat(weights, 20);
    a5 = v128.relaxed_madd<f32>(s, x0, a5);
    b5 = v128.relaxed_madd<f32>(s, x1, b5);
  }
  v128.store(y, a0);
  v128.store(y, b0, 16);
  v128.store(y, a1, 32);
  v128.store(y, b1, 48);
  v128.store(y, a2, 64);
  v128.store(y, b2, 80);
  v128.store(y, a3, 96);
  v128.store(y, b3, 112);
  v128.store(y, a4, 128);
  v128.store(y, b4, 144);
  v128.store(y, a5, 160);
  v128.store(y, b5, 176);
}

function forwardOne(x: usize, list: usize, w: usize, row: usize, bias: usize, y: usize): void {
  let a = v128.load32_splat(bias);
  let b = a;
  const end = list + 4 + (<usize>load<u32>(list) << 2);
  for (let at = list + 4; at < end; at += 4) {
    const i = <usize>load<u32>(at);
    const from = x + (i << 5);
    const s = v128.load32_splat(w + i * row);
    a = v128.relaxed_madd<f32>(s, v128.load(from), a);
    b = v128.relaxed_madd<f32>(s, v128.load(from, 16), b);
  }
  v128.store(y, a);
  v128.store(y, b, 16);
}

/**
 * dx = (dy · weightsᵀ) ∘ activation′, x being what the activation gave. `lists` is what {@link panelForward} wrote for x; inputs that are not active get
 * zeros, which is what they have where the activation is ReLU. `scratch`, which no other thread has, holds 4 (outputs + 1) bytes.
 */
export function panelBackward(
  thread: i32, threads: i32, dy: usize, dyStride: usize, panels: i32, outputs: i32, weights: usize, inputs: i32, x: usize, xStride: usize, activation: i32,
  dx: usize, dxStride: usize, lists: usize, scratch: usize,
): void {
  const row = <usize>outputs << 2;
  const listBytes = <usize>(inputs + 1) << 2;
  const last = <usize>(panels * (thread + 1) / threads);
  for (let p = <usize>(panels * thread / threads); p < last; p++) {
    const from = dy + p * dyStride;
    const values = x + p * xStride;
    const into = dx + p * dxStride;
    listActive(from, outputs, scratch);
    memory.fill(into, 0, <usize>inputs << 5);
    const list = lists + p * listBytes;
    const active = load<i32>(list);
    for (let k = 0; k < active; k += 6) backwardSix(from, scratch, weights, row, list + 4, k, active - 1, values, activation, into);
  }
}

function backwardSix(
  dy: usize, list: usize, weights: usize, row: usize, units: usize, k: i32, last: i32, x: usize, activation: i32, dx: usize,
): void {
  // Beyond the last unit it comes again.
  const i0 = <usize>load<u32>(units + (<usize>k << 2));
  const i1 = <usize>load<u32>(units + (<usize>min(k + 1, last) << 2));
  const i2 = <usize>load<u32>(units + (<usize>min(k + 2, last) << 2));
  const i3 = <usize>load<u32>(units + (<usize>min(k + 3, last) << 2));
  const i4 = <usize>load<u32>(units + (<usize>min(k + 4, last) << 2));
  const i5 = <usize>load<u32>(units + (<usize>min(k + 5, last) << 2));
  const w0 = weights + i0 * row;
  const w1 = weights + i1 * row;
  const w2 = weights + i2 * row;
  const w3 = weights + i3 * row;
  const w4 = weights + i4 * row;
  const w5 = weights + i5 * row;
  let a0 = f32x4.splat(0);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  const end = list + 4 + (<usize>load<u32>(list) << 2);
  for (let at = list + 4; at < end; at += 4) {
    const o = <usize>load<u32>(at);
    const from = dy + (o << 5);
    const column = o << 2;
    const x0 = v128.load(from);
    const x1 = v128.load(from, 16);
    let s = v128.load32_splat(w0 + column);
    a0 = v128.relaxed_madd<f32>(s, x0, a0);
    b0 = v128.relaxed_madd<f32>(s, x1, b0);
    s = v128.load32_splat(w1 + column);
    a1 = v128.relaxed_madd<f32>(s, x0, a1);
    b1 = v128.relaxed_madd<f32>(s, x1, b1);
    s = v128.load32_splat(w2 + column);
    a2 = v128.relaxed_madd<f32>(s, x0, a2);
    b2 = v128.relaxed_madd<f32>(s, x1, b2);
    s = v128.load32_splat(w3 + column);
    a3 = v128.relaxed_madd<f32>(s, x0, a3);
    b3 = v128.relaxed_madd<f32>(s, x1, b3);
    s = v128.load32_splat(w4 + column);
    a4 = v128.relaxed_madd<f32>(s, x0, a4);
    b4 = v128.relaxed_madd<f32>(s, x1, b4);
    s = v128.load32_splat(w5 + column);
    a5 = v128.relaxed_madd<f32>(s, x0, a5);
    b5 = v128.relaxed_madd<f32>(s, x1, b5);
  }
  storeSlope(a0, b0, x, i0, activation, dx);
  storeSlope(a1, b1, x, i1, activation, dx);
  storeSlope(a2, b2, x, i2, activation, dx);
  storeSlope(a3, b3, x, i3, activation, dx);
  storeSlope(a4, b4, x, i4, activation, dx);
  storeSlope(a5, b5, x, i5, activation, dx);
}

// @ts-ignore: decorator
@inline
function storeSlope(a: v128, b: v128, x: usize, unit: usize, activation: i32, dx: usize): void {
  const at = unit << 5;
  v128.store(dx + at, sloped(a, v128.load(x + at), activation));
  v128.store(dx + at, sloped(b, v128.load(x + at, 16), activation), 16);
}

/** d times the derivative of the activation where it gave x: ReLU 1 or 0, tanh 1 − x², logistic x (1 − x). */
// @ts-ignore: decorator
@inline
function sloped(d: v128, x: v128, activation: i32): v128 {
  if (activation == RELU) return v128.and(d, f32x4.gt(x, f32x4.splat(0)));
  if (activation == TANH) return f32x4.mul(d, f32x4.sub(f32x4.splat(1), f32x4.mul(x, x)));
  if (activation == LOGISTIC) return f32x4.mul(d, f32x4.mul(x, f32x4.sub(f32x4.splat(1), x)));
  return d;
}

/**
 * dWeights = xᵀ · dy and dBias = Σ dy over the rows of all panels. The threads share out the inputs. `scratch`, which no other thread
 * has, holds 4 (inputs + outputs + 2) bytes.
 */
export function panelGradient(
  thread: i32, threads: i32, x: usize, xStride: usize, dy: usize, dyStride: usize, panels: i32, inputs: i32, outputs: i32, dWeights: usize, dBias: usize,
  scratch: usize,
): void {
  const row = <usize>outputs << 2;
  const lines = scratch;
  const columns = lines + (<usize>(inputs + 1) << 2);
  const first = inputs * thread / threads;
  const last = inputs * (thread + 1) / threads;
  memory.fill(dWeights + <usize>first * row, 0, <usize>(last - first) * row);
  listUsed(x, xStride, panels, first, last, lines);
  listUsed(dy, dyStride, panels, 0, outputs, columns);
  const height = load<i32>(lines);
  const width = load<i32>(columns);
  for (let k = 0; k < height; k += 2) {
    const i0 = <usize>load<u32>(lines + (<usize>(k + 1) << 2));
    const i1 = <usize>load<u32>(lines + (<usize>min(k + 2, height) << 2));
    for (let c = 0; c < width; c += 6) {
      twoBySix(x + (i0 << 5), x + (i1 << 5), xStride, dy, dyStride, panels, columns + 4, c, width - 1, dWeights + i0 * row, dWeights + i1 * row);
    }
  }
  const end = outputs * (thread + 1) / threads;
  for (let o = outputs * thread / threads; o < end; o++) {
    let from = dy + (<usize>o << 5);
    let sum = f32x4.splat(0);
    for (let p = 0; p < panels; p++, from += dyStride) sum = f32x4.add(sum, f32x4.add(v128.load(from), v128.load(from, 16)));
    store<f32>(dBias + (<usize>o << 2), (f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)));
  }
}

/** Units from `first` to `last` − 1 that are not zero in all rows. */
function listUsed(x: usize, stride: usize, panels: i32, first: i32, last: i32, list: usize): void {
  let to = list + 4;
  for (let j = first; j < last; j++) {
    let at = x + (<usize>j << 5);
    let any = v128.or(v128.load(at), v128.load(at, 16));
    for (let p = 1; p < panels; p++) {
      at += stride;
      any = v128.or(any, v128.or(v128.load(at), v128.load(at, 16)));
    }
    store<i32>(to, j);
    to += <usize>i32(v128.any_true(any)) << 2;
  }
  store<i32>(list, <i32>((to - list - 4) >> 2));
}

/** Two inputs by six outputs, those at `c` and after in the list. */
function twoBySix(
  x0: usize, x1: usize, xStride: usize, dy: usize, dyStride: usize, panels: i32, units: usize, c: i32, last: i32, out0: usize, out1: usize,
): void {
  const o0 = <usize>load<u32>(units + (<usize>c << 2));
  const o1 = <usize>load<u32>(units + (<usize>min(c + 1, last) << 2));
  const o2 = <usize>load<u32>(units + (<usize>min(c + 2, last) << 2));
  const o3 = <usize>load<u32>(units + (<usize>min(c + 3, last) << 2));
  const o4 = <usize>load<u32>(units + (<usize>min(c + 4, last) << 2));
  const o5 = <usize>load<u32>(units + (<usize>min(c + 5, last) << 2));
  let d0 = dy + (o0 << 5);
  let d1 = dy + (o1 << 5);
  let d2 = dy + (o2 << 5);
  let d3 = dy + (o3 << 5);
  let d4 = dy + (o4 << 5);
  let d5 = dy + (o5 << 5);
  let a0 = f32x4.splat(0);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < 32; half += 16) {
      const p0 = v128.load(x0 + half);
      const p1 = v128.load(x1 + half);
      let d = v128.load(d0 + half);
      a0 = v128.relaxed_madd<f32>(p0, d, a0);
      b0 = v128.relaxed_madd<f32>(p1, d, b0);
      d = v128.load(d1 + half);
      a1 = v128.relaxed_madd<f32>(p0, d, a1);
      b1 = v128.relaxed_madd<f32>(p1, d, b1);
      d = v128.load(d2 + half);
      a2 = v128.relaxed_madd<f32>(p0, d, a2);
      b2 = v128.relaxed_madd<f32>(p1, d, b2);
      d = v128.load(d3 + half);
      a3 = v128.relaxed_madd<f32>(p0, d, a3);
      b3 = v128.relaxed_madd<f32>(p1, d, b3);
      d = v128.load(d4 + half);
      a4 = v128.relaxed_madd<f32>(p0, d, a4);
      b4 = v128.relaxed_madd<f32>(p1, d, b4);
      d = v128.load(d5 + half);
      a5 = v128.relaxed_madd<f32>(p0, d, a5);
      b5 = v128.relaxed_madd<f32>(p1, d, b5);
    }
    x0 += xStride;
    x1 += xStride;
    d0 += dyStride;
    d1 += dyStride;
    d2 += dyStride;
    d3 += dyStride;
    d4 += dyStride;
    d5 += dyStride;
  }
  let sums = fourSums(a0, a1, a2, a3);
  v128.store32_lane(out0 + (o0 << 2), sums, 0);
  v128.store32_lane(out0 + (o1 << 2), sums, 1);
  v128.store32_lane(out0 + (o2 << 2), sums, 2);
  v128.store32_lane(out0 + (o3 << 2), sums, 3);
  sums = fourSums(b0, b1, b2, b3);
  v128.store32_lane(out1 + (o0 << 2), sums, 0);
  v128.store32_lane(out1 + (o1 << 2), sums, 1);
  v128.store32_lane(out1 + (o2 << 2), sums, 2);
  v128.store32_lane(out1 + (o3 << 2), sums, 3);
  sums = fourSums(a4, a5, b4, b5);
  v128.store32_lane(out0 + (o4 << 2), sums, 0);
  v128.store32_lane(out0 + (o5 << 2), sums, 1);
  v128.store32_lane(out1 + (o4 << 2), sums, 2);
  v128.store32_lane(out1 + (o5 << 2), sums, 3);
}

/** The sums of the lanes of four vectors. */
// @ts-ignore: decorator
@inline
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}
