import { sharedArray } from '../../core/shared.ts';
import type { PictureFormat, PictureShape } from '../../data/pictures/picture-format.ts';

/** Pictures of one size with their classes, on shared memory. */
export interface PictureData {
  readonly shape: PictureShape;
  /** [count, channels, height, width]: bytes, or numbers of any kind. */
  readonly pixels: Uint8Array | Float32Array;
  /** Class number of each picture. */
  readonly codes: Int32Array;
  readonly weight: Float64Array | undefined;
  /** How files became these pictures; null for rows of numbers. */
  readonly format: PictureFormat | null;
}

/** Mean and standard deviation of each channel. */
export interface Moments {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** A number as training sees it before it is standardised: bytes count as shares of 255. */
export function unitOf(pixels: Uint8Array | Float32Array): number {
  return pixels instanceof Uint8Array ? 1 / 255 : 1;
}

/** Moments over all places of the pictures at `indices`; the scale of a channel of one value is 1. */
export function momentsOf(
  { pixels, shape: [channels, height, width] }: Pick<PictureData, 'pixels' | 'shape'>,
  indices: Int32Array,
): Moments {
  const [mean, scale] = [new Float64Array(channels), new Float64Array(channels)];
  const plane = height * width;
  const unit = unitOf(pixels);
  for (let c = 0; c < channels; c++) {
    let [sum, squares] = [0, 0];
    const first = pixels[indices[0]! * channels * plane + c * plane]! * unit;
    for (const i of indices) {
      const from = (i * channels + c) * plane;
      for (let at = from; at < from + plane; at++) {
        // About the first number, so that little is lost where they all lie far from 0.
        const value = pixels[at]! * unit - first;
        sum += value;
        squares += value * value;
      }
    }
    const count = indices.length * plane;
    mean[c] = first + sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    // What rounding leaves of a channel of one value is no spread.
    scale[c] = deviation > 1e-7 * Math.abs(mean[c]!) ? deviation : 1;
  }
  return { mean, scale };
}

/** Rows as a network takes them: (unit x − mean) / scale of the channel. */
export function standardised(
  rows: ArrayLike<number>,
  { mean, scale }: Moments,
  plane: number,
  unit = 1,
): Float64Array {
  const out = sharedArray(Float64Array, rows.length);
  const channels = mean.length;
  for (let at = 0, c = 0; at < out.length; c = (c + 1) % channels) {
    const [m, s] = [mean[c]!, scale[c]!];
    for (const end = at + plane; at < end; at++) out[at] = (rows[at]! * unit - m) / s;
  }
  return out;
}
