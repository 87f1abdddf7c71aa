/**
 * Fills `out` with standard normal numbers, which depend on `key` and the places `from`, `from` + 1, … only: mixed bits of each place
 * (C. Wellons, lowbias32) through the transform of G. Box and M. Muller (1958), the cosine for even places and the sine for odd ones.
 */
export function fillNormal(out: Float32Array, from: number, key: number): void {
  for (let i = 0; i < out.length; i++) {
    const place = from + i;
    const pair = place - (place % 2);
    // Within (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log((mix(pair, key) + 1) / 2 ** 32));
    const angle = (2 * Math.PI * mix(pair + 1, key)) / 2 ** 32;
    out[i] = radius * (place % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }
}

function mix(place: number, key: number): number {
  let x = (Math.imul(place, 0x9e3779b9) + key) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
