/**
 * Least squares by complete orthogonal decomposition (G. Golub and C. Van Loan, Matrix Computations, §5.5): the solution of
 * smallest norm when columns depend on each other, or of smallest penalised error.
 *
 * The rank is decided on columns scaled to norm 1, so that units do not matter; the norm that is made smallest is that of the
 * coefficients in the units of the caller. With A Π = Q R D for the scaled pivoted factorisation, all β with T β = c
 * fit equally well, where T = R D Πᵀ (rank × columns) and c the head of Qᵀb; Tᵀ = V U gives β = V U⁻ᵀ c.
 */
import { solveUpper, solveUpperTransposed } from './cholesky.ts';
import { padded } from './design.ts';
import type { Workers } from './least-squares-problem.ts';
import {
  applyQ,
  type ColumnMatrix,
  extraColumn,
  type PivotedQr,
  pivotedQr,
  trapezoid,
} from './pivoted-qr.ts';

export interface MinimumNormOptions {
  /** The coefficient of column j in the caller's units ÷ that of the matrix's own column; the solution is in the caller's. */
  readonly units: Float64Array;
  readonly tolerance: number;
  readonly limit: number;
  /** Strength of the penalty on ‖β‖². */
  readonly alpha: number;
}

export interface MinimumNorm {
  /** Row-major, one row of `columns` numbers for each right-hand side, in the caller's units. */
  readonly solution: Float64Array;
  readonly rank: number;
}

/**
 * Solves A β ≈ b for each extra column b; A and b are overwritten. A column of zeros gets coefficient 0.
 */
export function minimumNorm(
  workers: Workers,
  matrix: ColumnMatrix,
  { units, tolerance, limit, alpha }: MinimumNormOptions,
): MinimumNorm {
  const { columns, extra } = matrix;
  const norms = scaleToUnitNorm(workers, matrix);
  const qr = pivotedQr(workers, matrix, tolerance, limit);
  const { rank, order } = qr;
  const solution = new Float64Array(extra * columns);
  if (rank === 0) return { solution, rank };
  const r = trapezoid(workers, qr);
  const right = Array.from({ length: extra }, (_, t) => extraColumn(workers, matrix, t, rank));
  if (rank === columns && alpha === 0) {
    right.forEach((c, t) => {
      const z = solveUpper(r, rank, c);
      for (let j = 0; j < columns; j++) {
        const column = order[j]!;
        solution[t * columns + column] = (z[j]! / norms[column]!) * units[column]!;
      }
    });
    return { solution, rank };
  }
  // T in the caller's units.
  for (let j = 0; j < columns; j++) {
    const column = order[j]!;
    const factor = norms[column]! === 0 ? 0 : norms[column]! / units[column]!;
    for (let i = 0; i <= Math.min(j, rank - 1); i++) r[i * columns + j]! *= factor;
  }
  const found = smallest(workers, r, rank, columns, right, alpha);
  found.forEach((beta, t) => {
    for (let j = 0; j < columns; j++) solution[t * columns + order[j]!] = beta[j]!;
  });
  return { solution, rank };
}

function scaleToUnitNorm({ team }: Workers, { pointer, rows, columns, stride }: ColumnMatrix): Float64Array {
  const norms = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const column = team.arena.viewF64(pointer + 8 * j * stride, rows);
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += column[i]! ** 2;
    norms[j] = Math.sqrt(sum);
    if (sum > 0) for (let i = 0; i < rows; i++) column[i]! /= norms[j]!;
  }
  return norms;
}

/**
 * The β of smallest norm with T β = c, or of smallest ‖T β − c‖² + alpha ‖β‖², for each c. Rows of Tᵀ go in by decreasing size, which
 * with column pivoting makes Householder's method stable row by row (A. Cox and N. Higham, 1998): badly scaled columns
 * of T do no harm to the others.
 */
function smallest(
  workers: Workers,
  t: Float64Array,
  rank: number,
  columns: number,
  right: readonly Float64Array[],
  alpha: number,
): Float64Array[] {
  const { arena } = workers.team;
  const size = new Float64Array(columns);
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < columns; j++) size[j] = Math.max(size[j]!, Math.abs(t[i * columns + j]!));
  }
  const rows = Array.from(size.keys()).sort((a, b) => size[b]! - size[a]! || a - b);
  return arena.scope(() => {
    const stride = padded(columns);
    const pointer = arena.zeros(rank * stride);
    for (let i = 0; i < rank; i++) {
      const column = arena.viewF64(pointer + 8 * i * stride, columns);
      for (let j = 0; j < columns; j++) column[j] = t[i * columns + rows[j]!]!;
    }
    const qr = pivotedQr(workers, { pointer, rows: columns, columns: rank, extra: 0, stride }, 0);
    const u = trapezoid(workers, qr);
    const penalised = alpha > 0 ? penalisedSolver(workers, u, qr.rank, alpha) : undefined;
    const solve = (c: Float64Array) => {
      const permuted = Float64Array.from({ length: rank }, (_, k) => c[qr.order[k]!]!);
      const w = penalised?.(permuted) ?? solveUpperTransposed(u, qr.rank, permuted, rank);
      return applyQ(workers, qr, w);
    };
    return right.map((c) => {
      const beta = solve(c);
      if (penalised === undefined) refine(t, rank, columns, rows, c, beta, solve);
      const out = new Float64Array(columns);
      rows.forEach((row, j) => {
        out[row] = beta[j]!;
      });
      return out;
    });
  });
}

/** One step of iterative refinement of T β = c. */
function refine(
  t: Float64Array,
  rank: number,
  columns: number,
  rows: readonly number[],
  c: Float64Array,
  beta: Float64Array,
  solve: (c: Float64Array) => Float64Array,
): void {
  const left = Float64Array.from(c);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < columns; j++) left[i]! -= t[i * columns + rows[j]!]! * beta[j]!;
  }
  solve(left).forEach((step, j) => {
    beta[j]! += step;
  });
}

/** w of smallest ‖Uᵀw − c‖² + alpha ‖w‖², by a QR factorisation of [Uᵀ; √alpha I]. */
function penalisedSolver(workers: Workers, u: Float64Array, rank: number, alpha: number) {
  return (c: Float64Array): Float64Array =>
    workers.team.arena.scope(() => {
      const { arena } = workers.team;
      const stride = padded(2 * rank);
      const pointer = arena.zeros((rank + 1) * stride);
      for (let j = 0; j < rank; j++) {
        const column = arena.viewF64(pointer + 8 * j * stride, 2 * rank);
        for (let i = j; i < rank; i++) column[i] = u[j * rank + i]!;
        column[rank + j] = Math.sqrt(alpha);
      }
      arena.viewF64(pointer + 8 * rank * stride, rank).set(c);
      const matrix = { pointer, rows: 2 * rank, columns: rank, extra: 1, stride };
      const qr: PivotedQr = pivotedQr(workers, matrix, 0);
      const w = solveUpper(trapezoid(workers, qr), qr.rank, extraColumn(workers, matrix, 0, qr.rank), rank);
      const out = new Float64Array(rank);
      for (let k = 0; k < qr.rank; k++) out[qr.order[k]!] = w[k]!;
      return out;
    });
}
