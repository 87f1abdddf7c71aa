/**
 * Least squares with coefficients that are at least 0, by the active-set method of C. Lawson and R. Hanson (Solving Least
 * Squares Problems, 1974, chapter 23) on the normal equations (R. Bro and S. De Jong, J. Chemometrics 11 (1997)).
 */
import { cholesky } from './cholesky.ts';
import type { Workers } from './least-squares-problem.ts';

/**
 * Minimises βᵀ gram β − 2 rightᵀβ over β ≥ 0.
 * @param gram Row-major, order × order, positive semidefinite. A column with a zero diagonal gets coefficient 0.
 * @param right `order` numbers.
 */
export function nonNegativeLeastSquares(
  workers: Workers,
  gram: Float64Array,
  right: Float64Array,
): Float64Array {
  const order = right.length;
  const beta = new Float64Array(order);
  const passive = new Set<number>();
  const barred = new Set<number>();
  // Each round lowers the objective, and no passive set returns; 3 · order rounds are customary and almost never reached.
  for (let round = 0; round < 3 * order + 10; round++) {
    const entering = steepest(gram, right, beta, passive, barred);
    if (entering === undefined) break;
    passive.add(entering);
    let target = solvePassive(workers, gram, right, passive);
    if (target === undefined || !(target[entering]! > 0)) {
      // Dependent on the columns already in, or its gradient was a rounding error.
      passive.delete(entering);
      barred.add(entering);
      continue;
    }
    while (target !== undefined && stepTowards(beta, target, passive)) {
      target = solvePassive(workers, gram, right, passive);
    }
    barred.clear();
    workers.checkpoint();
  }
  return beta;
}

/** The column with the largest positive gradient per unit of its norm, among those at 0. */
function steepest(
  gram: Float64Array,
  right: Float64Array,
  beta: Float64Array,
  passive: ReadonlySet<number>,
  barred: ReadonlySet<number>,
): number | undefined {
  const order = right.length;
  let best: number | undefined;
  let most = 0;
  for (let j = 0; j < order; j++) {
    const square = gram[j * order + j]!;
    if (passive.has(j) || barred.has(j) || !(square > 0)) continue;
    let gradient = right[j]!;
    let size = Math.abs(gradient);
    for (const k of passive) {
      const term = gram[j * order + k]! * beta[k]!;
      gradient -= term;
      size += Math.abs(term);
    }
    if (gradient <= 4 * (passive.size + 1) * Number.EPSILON * size) continue;
    const steepness = gradient / Math.sqrt(square);
    if (steepness > most) {
      most = steepness;
      best = j;
    }
  }
  return best;
}

/** The unconstrained minimum over the passive columns, `order` numbers; undefined when they are dependent. */
function solvePassive(
  workers: Workers,
  gram: Float64Array,
  right: Float64Array,
  passive: ReadonlySet<number>,
): Float64Array | undefined {
  const order = right.length;
  const columns = [...passive].sort((a, b) => a - b);
  const size = columns.length;
  const matrix = new Float64Array(size * size);
  columns.forEach((row, i) => {
    columns.forEach((column, j) => {
      matrix[i * size + j] = gram[row * order + column]!;
    });
  });
  const factor = cholesky(workers, matrix, size);
  const solved = factor?.solve(Float64Array.from(columns, (j) => right[j]!));
  if (solved === undefined) return undefined;
  const out = new Float64Array(order);
  columns.forEach((j, i) => {
    out[j] = solved[i]!;
  });
  return out;
}

/**
 * Moves β towards `target` until a coefficient reaches 0, and drops those that did; or all the way when none would.
 * @returns whether some were dropped.
 */
function stepTowards(beta: Float64Array, target: Float64Array, passive: Set<number>): boolean {
  let share = 1;
  for (const j of passive) {
    if (target[j]! <= 0) share = Math.min(share, beta[j]! / (beta[j]! - target[j]!));
  }
  let dropped = false;
  for (const j of [...passive]) {
    const reaches = target[j]! <= 0 && beta[j]! / (beta[j]! - target[j]!) <= share;
    beta[j]! += share * (target[j]! - beta[j]!);
    if (reaches || beta[j]! <= 0) {
      beta[j] = 0;
      passive.delete(j);
      dropped = true;
    }
  }
  return dropped;
}
