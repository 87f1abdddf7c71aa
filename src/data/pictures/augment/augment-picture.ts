import type { PictureShape } from '../picture-format.ts';
import type { Augmentation } from './augmentation.ts';
import { drawOutline } from './draw-outline.ts';
import { beta, type Draws, drawsOf } from './draws.ts';
import { shiftColours } from './shift-colours.ts';
import { drawWarp, warpPicture } from './warp-picture.ts';

/** A side from which on a picture has a geometry that is worth changing. */
const LEAST_SIDE = 8;

export interface AugmentRequest {
  readonly shape: PictureShape;
  readonly augmentation: Augmentation;
  /** What a picture is drawn by: the same key, the same result. */
  readonly key: number;
  /** What an erased place becomes, one number a channel. */
  readonly blank: ArrayLike<number>;
}

/**
 * Writes a picture to `out` as training sees it. Bytes become numbers from 0 to 1; other numbers stay as they are, and their colours too.
 * Pictures of less than 8 pixels in height or width keep their geometry.
 * @param source [channels, height, width].
 */
export function augmentPicture(
  source: Uint8Array | Float32Array,
  { shape, augmentation, key, blank }: AugmentRequest,
  out: Float32Array,
): void {
  const draw = drawsOf(key);
  const isBytes = source instanceof Uint8Array;
  const scale = isBytes ? 1 / 255 : 1;
  const [channels, height, width] = shape;
  const { flip, shift, rotate, zoom, crop, colour, outline, erase } = augmentation;
  const isLarge = Math.min(height, width) >= LEAST_SIDE;
  if (isLarge && (flip !== 'none' || shift + rotate + zoom + crop > 0))
    warpPicture(source, scale, shape, drawWarp(augmentation, shape, draw), out);
  else for (let i = 0; i < out.length; i++) out[i] = source[i]! * scale;
  if (isBytes && isLarge && outline > 0) drawOutline(out, shape, outline * draw());
  if (isBytes && colour > 0) shiftColours(out, channels, colour, draw);
  if (isLarge && erase > 0) eraseRectangle(out, shape, erase, blank, draw);
}

function eraseRectangle(
  picture: Float32Array,
  [channels, height, width]: PictureShape,
  erase: number,
  blank: ArrayLike<number>,
  draw: Draws,
): void {
  const [h, w] = [Math.round(erase * draw() * height), Math.round(erase * draw() * width)];
  const [top, left] = [Math.floor(draw() * (height - h + 1)), Math.floor(draw() * (width - w + 1))];
  for (let c = 0; c < channels; c++) {
    for (let y = top; y < top + h; y++) {
      const from = (c * height + y) * width + left;
      picture.fill(blank[c]!, from, from + w);
    }
  }
}

/**
 * Lays two pictures over one another, both ways: a ← λ a + (1 − λ) b and b ← λ b + (1 − λ) a with λ from Beta(α, α); the same for their
 * targets (H. Zhang et al., mixup, arXiv:1710.09412).
 */
export function mixRows(
  [a, b]: readonly [Float32Array, Float32Array],
  [targetA, targetB]: readonly [Float32Array, Float32Array],
  alpha: number,
  key: number,
): void {
  const part = Math.fround(beta(drawsOf(key), alpha));
  mix(a, b, part);
  mix(targetA, targetB, part);
}

function mix(a: Float32Array, b: Float32Array, part: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = part * x + (1 - part) * y;
    b[i] = part * y + (1 - part) * x;
  }
}
