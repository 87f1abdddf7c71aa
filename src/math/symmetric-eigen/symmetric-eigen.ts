import type { Workers } from '../least-squares-problem.ts';
import { PRODUCT_SCRATCH } from '../product.ts';
import { applyReflectors } from './apply-reflectors.ts';
import { divideAndConquer } from './divide-and-conquer.ts';
import { tridiagonalize } from './tridiagonalize.ts';

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row i is the unit eigenvector of values[i]; row-major, n × n. */
  readonly vectors: Float64Array;
}

/** A square in kernel memory, `stride` numbers a row: a multiple of 4, so that rows are whole vectors. */
export interface Square {
  readonly address: number;
  readonly order: number;
  readonly stride: number;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (n × n, row-major; the upper triangle is read): Householder reduction to tridiagonal form,
 * divide and conquer, and the reflections applied to its vectors. Errors are some ε ‖A‖, also of the vectors' orthogonality.
 */
export function symmetricEigen(workers: Workers, matrix: Float64Array, order: number): SymmetricEigen {
  const { arena } = workers.team;
  if (order === 0) return { values: new Float64Array(0), vectors: new Float64Array(0) };
  return arena.scope(() => {
    const stride = strideFor(order);
    const square = { address: arena.zeros(order * stride), order, stride };
    const scale = scaleOf(matrix);
    const view = arena.viewF64(square.address, order * stride);
    for (let i = 0; i < order; i++) {
      for (let j = i; j < order; j++) view[i * stride + j] = matrix[i * order + j]! * scale;
    }
    const scratch = arena.f64(workers.team.threads * PRODUCT_SCRATCH);
    const { diagonal, beside, taus, reflectors } = tridiagonalize(workers, square, scratch);
    // The matrix is no longer needed: the vectors take its place.
    const spare = { address: arena.f64(order * stride), order, stride };
    const found = divideAndConquer(workers, diagonal, beside, { vectors: square, spare, scratch });
    applyReflectors(workers, { reflectors, taus, vectors: square, scratch });
    const ascending = Array.from(found.keys()).sort((a, b) => found[a]! - found[b]!);
    const vectors = new Float64Array(order * order);
    for (const [i, from] of ascending.entries()) {
      vectors.set(view.subarray(from * stride, from * stride + order), i * order);
    }
    return { values: Float64Array.from(ascending, (i) => found[i]! / scale), vectors };
  });
}

/** A multiple of 4, and no multiple of 4 KiB from row to row. */
function strideFor(order: number): number {
  const stride = Math.ceil(order / 4) * 4;
  return stride % 128 === 0 ? stride + 4 : stride;
}

/** The power of two that brings the largest entry close to 1, so that no square leaves the range. */
function scaleOf(matrix: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < matrix.length; i++) {
    const size = Math.abs(matrix[i]!);
    if (size > largest) largest = size;
  }
  return largest > 0 && largest < Number.POSITIVE_INFINITY
    ? 2 ** -Math.max(-1000, Math.min(1000, Math.ceil(Math.log2(largest))))
    : 1;
}
