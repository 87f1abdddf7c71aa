import type { PictureShape } from '../picture-format.ts';
import type { Augmentation } from './augmentation.ts';
import { type Draws, either } from './draws.ts';

/** The place in the source, [column, row] = [a x + b y + c, d x + e y + f], of column x and row y of the result. */
export type Warp = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Draws flip, turn, enlargement, cut and shift as one map, about the middle. */
export function drawWarp(
  { flip, shift, rotate, zoom, crop }: Augmentation,
  [, height, width]: PictureShape,
  draw: Draws,
): Warp {
  const mirrors = (axis: 'horizontal' | 'vertical') => {
    const isMirrored = draw() < 0.5;
    return isMirrored && (flip === axis || flip === 'both') ? -1 : 1;
  };
  const [sx, sy] = [mirrors('horizontal'), mirrors('vertical')];
  const angle = (either(draw) * rotate * Math.PI) / 180;
  // As likely to double as to halve.
  const factor = (1 + zoom) ** either(draw);
  const kept = 1 - crop * draw();
  const scale = kept / factor;
  const dx = (either(draw) * shift + (either(draw) * (1 - kept)) / 2) * width;
  const dy = (either(draw) * shift + (either(draw) * (1 - kept)) / 2) * height;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [mx, my] = [(width - 1) / 2, (height - 1) / 2];
  const [a, b, d, e] = [sx * cos, -sx * sin, sy * sin, sy * cos];
  return [a, b, mx + dx - a * mx - b * my, d, e, my + dy - d * mx - e * my];
}

/**
 * A picture under a map, by bilinear interpolation; beyond its border it goes on as at the border.
 * @param source Numbers of the picture, [channels, height, width], times 1 / `scale`.
 */
export function warpPicture(
  source: ArrayLike<number>,
  scale: number,
  [channels, height, width]: PictureShape,
  [a, b, c, d, e, f]: Warp,
  out: Float32Array,
): void {
  const plane = height * width;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const column = Math.min(width - 1, Math.max(0, a * x + b * y + c));
      const row = Math.min(height - 1, Math.max(0, d * x + e * y + f));
      const [left, top] = [Math.floor(column), Math.floor(row)];
      const [u, v] = [column - left, row - top];
      const at = top * width + left;
      const right = u > 0 ? 1 : 0;
      const below = v > 0 ? width : 0;
      for (
        let channel = 0, base = at, place = to;
        channel < channels;
        channel++, base += plane, place += plane
      ) {
        const upper = source[base]! * (1 - u) + source[base + right]! * u;
        const lower = source[base + below]! * (1 - u) + source[base + below + right]! * u;
        out[place] = scale * (upper * (1 - v) + lower * v);
      }
    }
  }
}
