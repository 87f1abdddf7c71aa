/**
 * Estimates ‖A⁻¹‖₁ of a symmetric matrix from a few solutions of Ax = b (W. Hager, SIAM J. Sci. Stat. Comput. 5 (1984), with
 * the extra test vector of N. Higham, ACM Trans. Math. Softw. 14 (1988)). A lower bound, seldom off by more than a factor of 3.
 */
export function inverseNormEstimate(solve: (b: Float64Array) => Float64Array, order: number): number {
  if (order === 0) return 0;
  let x = new Float64Array(order).fill(1 / order);
  let estimate = 0;
  for (let round = 0; round < 5; round++) {
    const y = solve(x);
    const size = y.reduce((sum, value) => sum + Math.abs(value), 0);
    if (round > 0 && size <= estimate) break;
    estimate = size;
    const z = solve(y.map((value) => (value < 0 ? -1 : 1)));
    let best = 0;
    let along = 0;
    for (let i = 0; i < order; i++) {
      if (Math.abs(z[i]!) > Math.abs(z[best]!)) best = i;
      along += z[i]! * x[i]!;
    }
    if (Math.abs(z[best]!) <= along) break;
    x = new Float64Array(order);
    x[best] = 1;
  }
  const alternating = Float64Array.from(
    { length: order },
    (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(1, order - 1)),
  );
  const other = solve(alternating).reduce((sum, value) => sum + Math.abs(value), 0);
  return Math.max(estimate, (2 * other) / (3 * order));
}
