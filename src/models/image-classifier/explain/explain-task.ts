import { RandomState } from '../../../core/random.ts';
import { pictureLength } from '../../../data/pictures/picture-format.ts';
import type { Job } from '../../../jobs/job.ts';
import { multiply, sum } from '../../../tensor/functions.ts';
import { gradients } from '../../../tensor/gradients.ts';
import type { ImageState } from '../image-state.ts';
import { standardised } from '../picture-data.ts';
import { explainNetwork } from './explained-network.ts';

/** What the worker threads run to look into a network. */

export interface MaximizePayload {
  readonly state: ImageState;
  /** Number of the layer from 0. */
  readonly layer: number;
  readonly units: readonly number[];
  readonly steps: number;
  readonly randomState: number | null;
}

/** Share of the range of pixels that a step moves at most; what blurring takes away of what is not smooth. */
const STEP = 0.03;
const DECAY = 0.01;
const BLUR_EVERY = 4;
const JITTER = 2;

/** Pictures that make units respond most, [units, …shape], as numbers within 0 … 1. */
export async function maximizeTask(payload: MaximizePayload, job: Job): Promise<Float32Array> {
  const { state, layer, units, steps, randomState } = payload;
  const { shape, moments } = state;
  const size = pictureLength(shape);
  const plane = shape[1] * shape[2];
  let channels = 0;
  const { run, close } = await explainNetwork(state, units.length, ({ graph, x, activations }) => {
    const of = activations[layer]!;
    channels = of.shape[1]!;
    const mask = graph.input('mask', [units.length, channels, ...of.shape.slice(2).map(() => 1)]);
    const [by] = gradients(graph, sum(multiply(of, mask)), [x]);
    return { by: by! };
  });
  try {
    const mask = new Float32Array(units.length * channels);
    for (const [i, unit] of units.entries()) mask[i * channels + unit] = 1;
    const random = new RandomState(randomState);
    let pictures = new Float32Array(units.length * size);
    for (let i = 0; i < pictures.length; i++) pictures[i] = 0.5 + 0.05 * random.standardNormal();
    for (let step = 0; step < steps; step++) {
      job.checkpoint();
      const [dx, dy] = [random.randint(2 * JITTER + 1) - JITTER, random.randint(2 * JITTER + 1) - JITTER];
      const shifted = rolled(pictures, shape, dx, dy);
      const x = Float32Array.from(standardised(shifted, moments, plane));
      const { by } = await run({ x, mask });
      for (let i = 0; i < units.length; i++) {
        const own = by!.subarray(i * size, (i + 1) * size);
        const norm = Math.sqrt(own.reduce((total, value) => total + value * value, 0) / size) || 1;
        for (let j = 0; j < size; j++) {
          const at = i * size + j;
          const moved = shifted[at]! + (STEP * own[j]!) / norm;
          shifted[at] = Math.min(1, Math.max(0, moved + DECAY * (0.5 - moved)));
        }
      }
      pictures = rolled(shifted, shape, -dx, -dy);
      if (step % BLUR_EVERY === 0 && step < steps - BLUR_EVERY) pictures = blurred(pictures, shape);
      job.progress((step + 1) / steps, `step ${step + 1}`);
    }
    return pictures;
  } finally {
    await close();
  }
}

/** Shifted, what leaves on one side coming back on the other. */
function rolled(
  pictures: Float32Array,
  [, height, width]: readonly number[] & { readonly length: 3 },
  dx: number,
  dy: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(pictures.length);
  const plane = height! * width!;
  for (let from = 0; from < pictures.length; from += plane) {
    for (let y = 0; y < height!; y++) {
      const row = from + ((y + dy + height!) % height!) * width!;
      for (let x = 0; x < width!; x++)
        out[row + ((x + dx + width!) % width!)] = pictures[from + y * width! + x]!;
    }
  }
  return out;
}

/** Each pixel a mean of itself, half, and its neighbours. */
function blurred(
  pictures: Float32Array,
  shape: readonly number[] & { readonly length: 3 },
): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(pictures, (value) => 0.5 * value);
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    const side = rolled(pictures, shape, dx, dy);
    for (let i = 0; i < out.length; i++) out[i]! += 0.125 * side[i]!;
  }
  return out;
}

export interface GradCamPayload {
  readonly state: ImageState;
  /** One flat picture, numbers as the model takes them. */
  readonly picture: Float32Array;
  readonly target: number;
  /** Number of the layer from 0. */
  readonly layer: number;
}

export interface GradCamResult {
  readonly height: number;
  readonly width: number;
  /** Not negative, the largest 1 unless all are 0. */
  readonly heat: Float32Array;
}

/** relu(Σ_k α_k A_k) with α_k the mean of ∂ score / ∂ A_k over the places (R. R. Selvaraju et al., ICCV 2017). */
export async function gradCamTask({ state, picture, target, layer }: GradCamPayload): Promise<GradCamResult> {
  const { shape, moments, correction } = state;
  let places = [0, 0, 0];
  const { run, close } = await explainNetwork(state, 1, ({ graph, output, activations }) => {
    const of = activations[layer]!;
    places = [...of.shape.slice(1)];
    const mask = graph.input('mask', [1, correction.length]);
    const [by] = gradients(graph, sum(multiply(output, mask)), [of]);
    return { activation: of, by: by! };
  });
  try {
    const mask = new Float32Array(correction.length);
    mask[target] = 1;
    const x = Float32Array.from(standardised(picture, moments, shape[1] * shape[2]));
    const { activation, by } = await run({ x, mask });
    const [channels, height, width] = places as [number, number, number];
    const plane = height * width;
    const heat = new Float32Array(plane);
    for (let k = 0; k < channels; k++) {
      let alpha = 0;
      for (let p = 0; p < plane; p++) alpha += by![k * plane + p]! / plane;
      for (let p = 0; p < plane; p++) heat[p]! += alpha * activation![k * plane + p]!;
    }
    let most = 0;
    for (let p = 0; p < plane; p++) {
      heat[p] = Math.max(0, heat[p]!);
      most = Math.max(most, heat[p]!);
    }
    if (most > 0) for (let p = 0; p < plane; p++) heat[p]! /= most;
    return { height, width, heat };
  } finally {
    await close();
  }
}
