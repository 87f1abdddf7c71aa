/** log Γ(x) for x > 0 by Stirling's series after shifting x to at least 10; to a few ε. */
export function lnGamma(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < 10) product *= shifted++;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  // B_2k / (2k (2k − 1)) for k = 1 … 7
  const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
  let sum = 0;
  for (const coefficient of series.toReversed()) sum = sum * square + coefficient;
  const stirling =
    (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + sum * inverse;
  return stirling - Math.log(product);
}
