/** Numbers within [0, 1), one after another. */
export type Draws = () => number;

/**
 * Draws that depend on the keys only, so that any thread can draw what belongs to a picture without asking the others: a counter whose bits are
 * mixed (C. Wellons, lowbias32).
 */
export function drawsOf(...keys: readonly number[]): Draws {
  let state = 0x9e3779b9;
  for (const key of keys) state = mix((state ^ key) + 0x85ebca6b);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

function mix(bits: number): number {
  let x = bits | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A number from −1 to 1. */
export const either = (draw: Draws): number => 2 * draw() - 1;

/** A normal number by G. Box and M. Muller (1958). */
function normal(draw: Draws): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** A number of the gamma distribution of that shape (G. Marsaglia and W. Tsang, ACM TOMS 26 (2000)). */
function gamma(draw: Draws, shape: number): number {
  if (shape < 1) return gamma(draw, shape + 1) * (1 - draw()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(draw);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - draw()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A number of Beta(a, a). */
export function beta(draw: Draws, a: number): number {
  const [x, y] = [gamma(draw, a), gamma(draw, a)];
  // Both underflow for tiny a, where the distribution is a coin.
  return x + y > 0 ? x / (x + y) : Math.round(draw());
}
