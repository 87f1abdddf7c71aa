/**
 * Ridge regression with fewer rows than columns, in its dual form: β = Aᵀu with (A Aᵀ + alpha I) u = b, a system of the size of the rows
 * (C. Saunders, A. Gammerman and V. Vovk, ICML 1998).
 */
import { cholesky } from './cholesky.ts';
import type { Workers } from './least-squares-problem.ts';
import type { ColumnMatrix } from './pivoted-qr.ts';

/** Columns of A folded into A Aᵀ by one kernel call. */
const DEPTH = 128;
const SOLO_WORK = 1e6;
/** Beyond it (as estimated, κ² of the penalised columns) refinement does not make up for squaring the condition number. */
const LARGEST_CONDITION = 1e10;
const REFINEMENTS = 2;

/**
 * @param matrix A (rows × columns, untouched) with right-hand sides as extra columns.
 * @param alpha Strength of the penalty on the coefficients of A's own columns.
 * @returns Row-major, one row of `columns` numbers for each right-hand side; undefined when the condition is too bad.
 */
export function dualRidge(
  workers: Workers,
  { pointer, rows, columns, extra, stride }: ColumnMatrix,
  alpha: number,
): Float64Array | undefined {
  const { arena } = workers.team;
  const kernel = outerGram(workers, pointer, rows, columns, stride);
  for (let i = 0; i < rows; i++) kernel[i * stride + i]! += alpha;
  const factor = cholesky(workers, kernel, rows, stride);
  if (factor === undefined || factor.condition() > LARGEST_CONDITION) return undefined;
  const solution = new Float64Array(extra * columns);
  for (let t = 0; t < extra; t++) {
    const b = arena.viewF64(pointer + 8 * (columns + t) * stride, rows);
    const beta = solution.subarray(t * columns, (t + 1) * columns);
    const u = new Float64Array(rows);
    let left = Float64Array.from(b);
    for (let round = 0; round <= REFINEMENTS; round++) {
      const step = factor.solve(left);
      for (let i = 0; i < rows; i++) u[i]! += step[i]!;
      // b − A(Aᵀu) − alpha u
      left = Float64Array.from(b, (value, i) => value - alpha * u[i]!);
      for (let j = 0; j < columns; j++) {
        const column = arena.viewF64(pointer + 8 * j * stride, rows);
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += column[i]! * u[i]!;
        beta[j] = sum;
        for (let i = 0; i < rows; i++) left[i]! -= column[i]! * sum;
      }
      workers.checkpoint();
    }
  }
  return solution;
}

/** A Aᵀ, upper triangle, `stride` × `stride`: the columns of A are the rows that the Gram kernel sums over. */
function outerGram(
  workers: Workers,
  pointer: number,
  rows: number,
  columns: number,
  stride: number,
): Float64Array {
  const { team } = workers;
  return team.arena.scope(() => {
    const square = team.arena.zeros(stride * stride);
    for (let from = 0; from < columns; from += DEPTH) {
      const depth = Math.min(DEPTH, columns - from);
      const numbers = [pointer + 8 * from * stride, depth, rows, stride, square] as const;
      if (depth * stride ** 2 > SOLO_WORK) team.call('addGram', ...numbers);
      else team.solo('addGram', ...numbers);
      workers.checkpoint();
    }
    return team.arena.copyF64(square, stride * stride);
  });
}
