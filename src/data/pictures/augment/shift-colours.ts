import { type Draws, either } from './draws.ts';

/** Luma of red, green and blue (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * Changes brightness and contrast by factors, and of colours saturation by a factor and hue by an angle: one map of the
 * channels, colour ← gain (M colour − ½) + ½ + offset.
 * @param picture [channels, …] with values within 0 … 1, to which the result is cut.
 * @param amount 0 … 1: factors of up to 2 and 1 / 2, a turn of up to 120°, brightness by up to ½.
 */
export function shiftColours(picture: Float32Array, channels: number, amount: number, draw: Draws): void {
  const gain = (1 + amount) ** either(draw);
  const offset = 0.5 * amount * either(draw);
  const saturation = (1 + amount) ** either(draw);
  const angle = (either(draw) * amount * 2 * Math.PI) / 3;
  const plane = picture.length / channels;
  const map = channels === 3 ? colourMap(saturation, angle) : undefined;
  for (let p = 0; p < plane; p++) {
    if (map === undefined) {
      for (let at = p; at < picture.length; at += plane) picture[at] = within(gain, picture[at]!, offset);
      continue;
    }
    const [r, g, b] = [picture[p]!, picture[p + plane]!, picture[p + 2 * plane]!];
    for (let c = 0; c < 3; c++) {
      const value = map[3 * c]! * r + map[3 * c + 1]! * g + map[3 * c + 2]! * b;
      picture[p + c * plane] = within(gain, value, offset);
    }
  }
}

function within(gain: number, value: number, offset: number): number {
  return Math.min(1, Math.max(0, gain * (value - 0.5) + 0.5 + offset));
}

/** Row-major 3 × 3: a turn about the axis of greys (O. Rodrigues), then towards or away from the luma. Greys stay. */
function colourMap(saturation: number, angle: number): Float64Array {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [same, next] = [(1 - cos) / 3, sin / Math.sqrt(3)];
  const turn = [
    [cos + same, same - next, same + next],
    [same + next, cos + same, same - next],
    [same - next, same + next, cos + same],
  ] as const;
  const map = new Float64Array(9);
  for (let j = 0; j < 3; j++) {
    const luma = LUMA.reduce((sum, weight, k) => sum + weight * turn[k]![j]!, 0);
    for (let i = 0; i < 3; i++) map[3 * i + j] = saturation * turn[i]![j]! + (1 - saturation) * luma;
  }
  return map;
}
