/** QR factorisation with column pivoting of a matrix in kernel memory. */
import type { Workers } from './least-squares-problem.ts';

const STEPS_PER_CALL = 16;
/** Multiplications of one reflection up to which one thread is faster than two. */
const SOLO_WORK = 40_000;

/** A column-major matrix in kernel memory: columns `stride` numbers apart (a multiple of 4), zero beyond `rows`. */
export interface ColumnMatrix {
  readonly pointer: number;
  readonly rows: number;
  /** Columns to factor. */
  readonly columns: number;
  /** Columns after them, to which Qᵀ is applied. */
  readonly extra: number;
  readonly stride: number;
}

/** A Π = Q R up to what lies below the tolerance; the matrix itself now holds R above the diagonal and the reflections below. */
export interface PivotedQr {
  readonly matrix: ColumnMatrix;
  readonly rank: number;
  /** The column of A that each column of R comes from. */
  readonly order: Int32Array;
  readonly diagonal: Float64Array;
  readonly gamma: Float64Array;
}

/**
 * Factors in place.
 * @param tolerance Stops at the first column of which no more than this share of the largest column's norm is left.
 * @param limit The rank is at most this.
 */
export function pivotedQr(
  { team, checkpoint }: Workers,
  matrix: ColumnMatrix,
  tolerance: number,
  limit: number = matrix.columns,
): PivotedQr {
  const { arena } = team;
  const { pointer, rows, columns, extra, stride } = matrix;
  const most = Math.min(rows, columns, limit);
  return arena.scope(() => {
    const squares = arena.f64(columns);
    const norms = arena.viewF64(squares, columns);
    for (let j = 0; j < columns; j++) norms[j] = squaredNorm(arena.viewF64(pointer + 8 * j * stride, rows));
    const floor = tolerance ** 2 * norms.reduce((a, b) => Math.max(a, b), 0);
    const order = arena.place(Int32Array.from({ length: columns }, (_, j) => j));
    const rank = arena.place(Int32Array.of(-1));
    const diagonal = arena.zeros(columns);
    const gamma = arena.zeros(columns);
    for (let from = 0; from < most; from += STEPS_PER_CALL) {
      const to = Math.min(most, from + STEPS_PER_CALL);
      const numbers = [
        ...([pointer, rows, columns, extra, stride, from, to] as const),
        ...([floor, squares, diagonal, gamma, order, rank] as const),
      ] as const;
      if (rows * (columns + extra - from) > SOLO_WORK) team.call('pivotedQr', ...numbers);
      else team.solo('pivotedQr', ...numbers);
      if (arena.viewI32(rank, 1)[0]! >= 0) break;
      checkpoint();
    }
    const found = arena.viewI32(rank, 1)[0]!;
    return {
      matrix,
      rank: found < 0 ? most : found,
      order: arena.viewI32(order, columns).slice(),
      diagonal: arena.copyF64(diagonal, columns),
      gamma: arena.copyF64(gamma, columns),
    };
  });
}

function squaredNorm(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum;
}

/** R as a row-major rank × columns matrix (upper trapezoidal). */
export function trapezoid({ team }: Workers, { matrix, rank, diagonal }: PivotedQr): Float64Array {
  const { pointer, columns, stride } = matrix;
  const r = new Float64Array(rank * columns);
  for (let j = 0; j < columns; j++) {
    const column = team.arena.viewF64(pointer + 8 * j * stride, rank);
    for (let i = 0; i < Math.min(j, rank); i++) r[i * columns + j] = column[i]!;
    if (j < rank) r[j * columns + j] = diagonal[j]!;
  }
  return r;
}

/** The first `count` numbers of extra column `index` after factoring: entries of Qᵀb. */
export function extraColumn(
  { team }: Workers,
  matrix: ColumnMatrix,
  index: number,
  count: number,
): Float64Array {
  return team.arena.copyF64(matrix.pointer + 8 * (matrix.columns + index) * matrix.stride, count);
}

/** Q [w; 0]: the first `rank` reflections applied in reverse order. */
export function applyQ({ team }: Workers, { matrix, rank, gamma }: PivotedQr, w: Float64Array): Float64Array {
  const { pointer, rows, stride } = matrix;
  const out = new Float64Array(rows);
  out.set(w);
  for (let k = rank - 1; k >= 0; k--) {
    const v = team.arena.viewF64(pointer + 8 * k * stride, rows);
    let sum = 0;
    for (let i = k; i < rows; i++) sum += v[i]! * out[i]!;
    const s = gamma[k]! * sum;
    for (let i = k; i < rows; i++) out[i]! -= s * v[i]!;
  }
  return out;
}
