/** Least squares and ridge with coefficients that are at least 0. */
import { cholesky } from './cholesky.ts';
import { padded } from './design.ts';
import { rankTolerance, type Workers } from './least-squares-problem.ts';
import { minimumNorm } from './minimum-norm.ts';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';
import { type CentredGram, penalisedGram } from './normal-equations.ts';
import type { Reduced } from './reduce.ts';

/** Without refinement the errors of normal equations are about κ²ε: 2e-10 here. */
const LARGEST_CONDITION = 1e6;

/** Coefficients of the scaled columns, targets × columns; undefined when the condition is too bad for normal equations. */
export function positiveFromGram(
  workers: Workers,
  gram: CentredGram,
  penalty: Float64Array,
): Float64Array | undefined {
  const { columns, targets, xy } = gram;
  const matrix = penalisedGram(gram, penalty);
  const factor = cholesky(workers, matrix, columns);
  if (factor === undefined || factor.condition() > LARGEST_CONDITION) return undefined;
  const coefficients = new Float64Array(targets * columns);
  for (let t = 0; t < targets; t++) {
    const right = xy.subarray(t * columns, (t + 1) * columns);
    coefficients.set(nonNegativeLeastSquares(workers, matrix, right), t * columns);
  }
  return coefficients;
}

/**
 * The same from a reduced problem: the active set comes from the normal equations, its coefficients from a QR
 * factorisation, where that keeps them positive.
 */
export function positiveFromReduced(
  workers: Workers,
  { design, matrix }: Reduced,
  penalty: Float64Array,
): { readonly coefficients: Float64Array; readonly rank: number } {
  const { arena } = workers.team;
  const { pointer, rows, columns, extra, stride } = matrix;
  const column = (j: number) => arena.viewF64(pointer + 8 * j * stride, rows);
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      gram[i * columns + j] = dot(column(i), column(j)) + (i === j ? penalty[i]! : 0);
      gram[j * columns + i] = gram[i * columns + j]!;
    }
    workers.checkpoint();
  }
  const coefficients = new Float64Array(extra * columns);
  let rank = 0;
  for (let t = 0; t < extra; t++) {
    const b = column(columns + t);
    const beta = nonNegativeLeastSquares(
      workers,
      gram,
      Float64Array.from({ length: columns }, (_, j) => dot(column(j), b)),
    );
    const passive = [...beta.keys()].filter((j) => beta[j]! > 0);
    rank = Math.max(rank, passive.length);
    const refined = arena.scope(() => {
      const height = rows + passive.length;
      const ld = padded(height);
      const sub = arena.zeros((passive.length + 1) * ld);
      passive.forEach((j, k) => {
        arena.viewF64(sub + 8 * k * ld, rows).set(column(j));
        arena.viewF64(sub + 8 * k * ld, height)[rows + k] = Math.sqrt(penalty[j]!);
      });
      arena.viewF64(sub + 8 * passive.length * ld, rows).set(b);
      const few = { pointer: sub, rows: height, columns: passive.length, extra: 1, stride: ld };
      const units = new Float64Array(passive.length).fill(1);
      const tolerance = rankTolerance(design.problem);
      return minimumNorm(workers, few, { units, tolerance, limit: passive.length, alpha: 0 }).solution;
    });
    if (refined.every((value) => value > 0)) {
      passive.forEach((j, k) => {
        beta[j] = refined[k]!;
      });
    }
    coefficients.set(beta, t * columns);
  }
  return { coefficients, rank };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
