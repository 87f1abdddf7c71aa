/** What the kernel `dropoutMask` writes: 1 / keep where the mixed number is below keep, else 0. */
export function dropoutMask(from: number, count: number, key: number, keep: number): Float32Array {
  const bound = Math.floor(Math.fround(keep) * 2 ** 31);
  const value = Math.fround(1 / Math.fround(keep));
  return Float32Array.from({ length: count }, (_, i) => (mix(from + i, key) >>> 1 < bound ? value : 0));
}

/** C. Wellons, "Prospecting for hash functions" (2018), lowbias32. */
function mix(place: number, key: number): number {
  let x = (Math.imul(place, 0x9e3779b9) + key) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
