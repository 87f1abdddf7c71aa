/** Error function to rounding error: its power series near 0, else one minus the continued fraction of erfc. */
function erf(x: number): number {
  const size = Math.abs(x);
  return size < 2.5 ? series(x) : Math.sign(x) * (1 - erfcTail(size));
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (2n+1)!! (Abramowitz & Stegun 7.1.6). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))) for x ≥ 2.5 (Abramowitz & Stegun 7.1.14), from the far end. */
function erfcTail(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** Probability that a standard normal lies in [a, b]; differences in one tail keep their digits. */
export function normalMass(a: number, b: number): number {
  if (a > 0) return normalMass(-b, -a);
  const [low, high] = [a / Math.SQRT2, b / Math.SQRT2];
  if (high < -2.5) return (erfcTail(-high) - erfcTail(-low)) / 2;
  return (erf(high) - erf(low)) / 2;
}
