import type { PictureShape } from '../picture-format.ts';

/** Steepness from which an edge is black at full strength: a third of the range from pixel to pixel. */
const STEEP = 3;

/**
 * Darkens a picture where it changes from pixel to pixel, by the largest central difference of its channels.
 * @param picture Values within 0 … 1, changed in place.
 * @param strength 0 … 1.
 */
export function drawOutline(
  picture: Float32Array,
  [channels, height, width]: PictureShape,
  strength: number,
): void {
  const plane = height * width;
  const kept = new Float32Array(plane);
  for (let y = 0, p = 0; y < height; y++) {
    const [above, below] = [y > 0 ? -width : 0, y < height - 1 ? width : 0];
    for (let x = 0; x < width; x++, p++) {
      const [left, right] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
      let steepest = 0;
      for (let at = p; at < picture.length; at += plane) {
        const across = picture[at + right]! - picture[at + left]!;
        const down = picture[at + below]! - picture[at + above]!;
        steepest = Math.max(steepest, across * across + down * down);
      }
      kept[p] = 1 - strength * Math.min(1, STEEP * 0.5 * Math.sqrt(steepest));
    }
  }
  for (let c = 0, at = 0; c < channels; c++) for (let p = 0; p < plane; p++) picture[at++]! *= kept[p]!;
}
