/** Coefficients of Stirling's series, B₂ₖ / (2k(2k − 1)) for k = 1, 2, …. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
/** From here up the eight terms are good to the last bits: the first one left out is below 0.18 / 16¹⁷. */
const LARGE = 16;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * δ(x) = ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π, x > 0: what Stirling's formula leaves out, about 1 / (12x). Logarithms
 * of ratios of factorials are sums of δ and of terms that hardly cancel.
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function stirlingError(x: number): number {
  if (x < LARGE) return logGamma(x + 1) - ((x + 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI);
  const inverse = 1 / x;
  const square = inverse * inverse;
  let sum = 0;
  for (let k = SERIES.length - 1; k >= 0; k--) sum = sum * square + SERIES[k];
  return sum * inverse;
}

/**
 * ln Γ(x) for x > 0, by Γ(x) = Γ(x + k) / (x(x + 1) … (x + k − 1)) and Stirling's series. The absolute error is a few units
 * in the last place of max(1, |ln Γ(x)|).
 */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < LARGE) product *= shifted++;
  const large = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingError(shifted);
  return large - Math.log(product);
}
