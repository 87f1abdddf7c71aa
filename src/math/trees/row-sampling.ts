import type { RandomState } from '../../core/random.ts';
import type { Arena } from '../../kernels/host/arena.ts';

/** Which rows each iteration grows its trees on. */
export type RowSampling =
  | {
      readonly kind: 'uniform';
      /** Share of the rows. */
      readonly share: number;
    }
  | {
      readonly kind: 'goss';
      /** Share of the rows that are taken because their gradients are the largest. */
      readonly topRate: number;
      /** Share of all rows that is drawn from the others. */
      readonly otherRate: number;
    };

/** Gradients as `BoostingRows` places them. */
export interface PlacedGradients {
  readonly training: number;
  readonly outputs: number;
  readonly gradients: number;
  readonly plane: number;
}

export interface DrawnRows {
  /** Row numbers: those drawn in rising order, then the others. */
  readonly list: Int32Array;
  readonly count: number;
}

/** `count` of the rows 0 … `rows` − 1 at random. Selection sampling (Knuth, algorithm S). */
export function drawUniform(rows: number, count: number, random: RandomState): DrawnRows {
  const list = new Int32Array(rows);
  let [taken, passed] = [0, 0];
  for (let i = 0; i < rows; i++) {
    if ((rows - i) * random.randomSample() < count - taken) list[taken++] = i;
    else list[count + passed++] = i;
  }
  return { list, count };
}

/**
 * Gradient-based one-side sampling: the rows with the largest Σ_k |g_k h_k| are kept, of the others `otherRate` is drawn, whose gradients
 * and hessians are multiplied by (1 − topRate) / otherRate so that sums keep their expectation. Source: G. Ke et al.,
 * "LightGBM: a highly efficient gradient boosting decision tree" (2017), algorithm 2.
 */
export function drawByGradient(
  arena: Arena,
  placed: PlacedGradients,
  { topRate, otherRate }: Extract<RowSampling, { kind: 'goss' }>,
  random: RandomState,
): DrawnRows {
  const { training } = placed;
  const sizes = sizesOf(arena, placed);
  const top = Math.max(1, Math.round(topRate * training));
  const other = Math.min(training - top, Math.max(1, Math.round(otherRate * training)));
  const bound = kthLargest(sizes, top);
  let ties = top;
  for (let i = 0; i < training; i++) if (sizes[i]! > bound) ties--;
  const list = new Int32Array(training);
  const count = top + other;
  const small = new Int32Array(other);
  let [drawn, passed, amplified, left] = [0, 0, 0, training - top];
  for (let i = 0; i < training; i++) {
    const isTop = sizes[i]! > bound || (sizes[i] === bound && ties-- > 0);
    if (isTop) list[drawn++] = i;
    else if (left-- * random.randomSample() < other - amplified) {
      small[amplified++] = i;
      list[drawn++] = i;
    } else list[count + passed++] = i;
  }
  amplify(arena, placed, small, (1 - topRate) / otherRate);
  return { list, count };
}

function sizesOf(arena: Arena, { training, outputs, gradients, plane }: PlacedGradients): Float32Array {
  const sizes = new Float32Array(training);
  for (let k = 0; k < outputs; k++) {
    const pairs = arena.viewF32(gradients + k * plane, 2 * training);
    for (let i = 0; i < training; i++) sizes[i]! += Math.abs(pairs[2 * i]! * pairs[2 * i + 1]!);
  }
  return sizes;
}

function amplify(
  arena: Arena,
  { training, outputs, gradients, plane }: PlacedGradients,
  rows: Int32Array,
  factor: number,
): void {
  for (let k = 0; k < outputs; k++) {
    const pairs = arena.viewF32(gradients + k * plane, 2 * training);
    for (const row of rows) {
      pairs[2 * row]! *= factor;
      pairs[2 * row + 1]! *= factor;
    }
  }
}

/** The k-th largest of numbers that are not negative, whose order is that of their bits: by counting the upper, then the lower half. */
function kthLargest(values: Float32Array, k: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const upper = new Uint32Array(1 << 16);
  for (let i = 0; i < bits.length; i++) upper[bits[i]! >>> 16]!++;
  const [high, rest] = placeFromTop(upper, k);
  const lower = new Uint32Array(1 << 16);
  for (let i = 0; i < bits.length; i++) if (bits[i]! >>> 16 === high) lower[bits[i]! & 0xffff]!++;
  const [low] = placeFromTop(lower, rest);
  return new Float32Array(Uint32Array.of(high * 65536 + low).buffer)[0]!;
}

/** Where the k-th counted from the top lies, and which it is there. */
function placeFromTop(counts: Uint32Array, k: number): readonly [place: number, rest: number] {
  let rest = k;
  let place = counts.length - 1;
  while (place > 0 && counts[place]! < rest) rest -= counts[place--]!;
  return [place, rest];
}
