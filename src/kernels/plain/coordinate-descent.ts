// Slow oracle of the coordinate descent kernels: each coordinate's minimiser from a residual computed afresh.

export interface PlainLasso {
  /** Rows of numbers. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly alpha: number;
  readonly beta: number;
  readonly positive: boolean;
}

/** y − Xw */
export function plainResidual({ x, y }: PlainLasso, w: ArrayLike<number>): number[] {
  return y.map((yi, i) => x[i]!.reduce((rest, xij, j) => rest - xij * w[j]!, yi));
}

/** ½‖y − Xw‖² + α‖w‖₁ + ½β‖w‖² */
export function plainObjective(problem: PlainLasso, w: ArrayLike<number>): number {
  const { alpha, beta } = problem;
  const squares = plainResidual(problem, w).reduce((sum, r) => sum + r * r, 0);
  return Array.from(w).reduce((sum, wj) => sum + alpha * Math.abs(wj) + 0.5 * beta * wj * wj, 0.5 * squares);
}

/** One sweep over the listed coordinates, in place. */
export function plainSweep(problem: PlainLasso, w: Float64Array, list: Iterable<number>): void {
  const { x, alpha, beta, positive } = problem;
  for (const j of list) {
    const norm = x.reduce((sum, row) => sum + row[j]! ** 2, 0);
    if (norm === 0) continue;
    const residual = plainResidual(problem, w);
    const z = residual.reduce((sum, r, i) => sum + r * x[i]![j]!, 0) + w[j]! * norm;
    const shrunk = Math.sign(z) * Math.max(Math.abs(z) - alpha, 0);
    w[j] = (positive ? Math.max(shrunk, 0) : shrunk) / (norm + beta);
  }
}
