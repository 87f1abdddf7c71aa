import type { Workers } from './least-squares-problem.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor, transposed } from './product.ts';
import { symmetricEigen } from './symmetric-eigen/symmetric-eigen.ts';

export interface ThinSvd {
  /** Descending, one for each row of the matrix. */
  readonly singularValues: Float64Array;
  /** Right singular vectors as rows, rows × columns, orthonormal. */
  readonly rightVectors: Float64Array;
}

const MOST_SWEEPS = 30;
/** Multiplications of one kernel call, some 5 ms. */
const WORK_PER_CALL = 1 << 24;

/**
 * Singular values and right vectors of a matrix (row-major, rows ≤ columns). The eigenvectors of W Wᵀ make the rows almost orthogonal; one-sided
 * Jacobi rotations do the rest, so that squaring the condition costs no digits.
 */
export function thinSvd(workers: Workers, matrix: Float64Array, rows: number, columns: number): ThinSvd {
  const { team } = workers;
  const { arena } = team;
  return arena.scope(() => {
    const stride = Math.ceil(columns / 4) * 4;
    const size = rows * stride;
    const scale = scaleOf(matrix);
    const source = arena.zeros(size);
    const view = arena.viewF64(source, size);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) view[i * stride + j] = matrix[i * columns + j]! * scale;
    }
    const turned = turnByGram(workers, source, rows, stride);
    orthogonalize(workers, turned, rows, stride);
    return readOff(arena.viewF64(turned, size), rows, columns, stride, scale);
  });
}

/** The power of two that brings the largest entry close to 1. */
function scaleOf(matrix: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < matrix.length; i++) largest = Math.max(largest, Math.abs(matrix[i]!));
  return largest > 0 ? 2 ** -Math.max(-1000, Math.min(1000, Math.ceil(Math.log2(largest)))) : 1;
}

/** Vᵀ W with the eigenvectors V of W Wᵀ, the largest first; at a new address. */
function turnByGram(workers: Workers, source: number, rows: number, stride: number): number {
  const { arena, threads } = workers.team;
  const turned = arena.zeros(rows * stride);
  arena.scope(() => {
    const scratch = arena.f64(threads * PRODUCT_SCRATCH);
    const w = rowMajor(source, stride);
    const gram = rowMajor(arena.zeros(rows * rows), rows);
    const square = { rows, columns: rows, depth: stride, factor: 1 };
    addProduct(workers, scratch, { ...square, a: w, b: transposed(w), c: gram });
    const { vectors } = symmetricEigen(workers, arena.copyF64(gram.address, rows * rows), rows);
    const descending = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++) {
      descending.set(vectors.subarray((rows - 1 - i) * rows, (rows - i) * rows), i * rows);
    }
    const v = rowMajor(arena.place(descending), rows);
    const c = rowMajor(turned, stride);
    addProduct(workers, scratch, { rows, columns: stride, depth: rows, factor: 1, a: v, b: w, c });
  });
  return turned;
}

function orthogonalize(workers: Workers, address: number, rows: number, stride: number): void {
  const { team } = workers;
  const { arena } = team;
  const tolerance = Math.sqrt(stride) * Number.EPSILON;
  arena.scope(() => {
    const squares = arena.f64(rows);
    const turns = arena.f64(1);
    const step = Math.max(1, Math.floor(WORK_PER_CALL / (rows * stride)));
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      const lengths = arena.viewF64(squares, rows);
      for (let i = 0; i < rows; i++) {
        lengths[i] = lengthOf(arena.viewF64(address + 8 * i * stride, stride)) ** 2;
      }
      arena.viewF64(turns, 1)[0] = 0;
      for (let from = 0; from < rows; from += step) {
        const to = Math.min(rows, from + step);
        team.solo('jacobiTurns', address, rows, stride, squares, tolerance, from, to, turns);
        workers.checkpoint();
      }
      if (arena.viewF64(turns, 1)[0] === 0) return;
    }
  });
}

function lengthOf(values: Float64Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i]! * values[i]!;
  return Math.sqrt(square);
}

function readOff(w: Float64Array, rows: number, columns: number, stride: number, scale: number): ThinSvd {
  const lengths = Float64Array.from({ length: rows }, (_, i) =>
    lengthOf(w.subarray(i * stride, i * stride + columns)),
  );
  const order = Array.from(lengths.keys()).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const rightVectors = new Float64Array(rows * columns);
  const negligible = lengths[order[0]!]! * 1e-150;
  for (const [k, i] of order.entries()) {
    const length = lengths[i]!;
    if (!(length > negligible)) {
      completeBasis(rightVectors, k, columns);
      continue;
    }
    for (let j = 0; j < columns; j++) rightVectors[k * columns + j] = w[i * stride + j]! / length;
  }
  return { singularValues: Float64Array.from(order, (i) => lengths[i]! / scale), rightVectors };
}

/** Row k becomes a unit vector orthogonal to the rows before: what is left of the unit vector of which most is left. */
function completeBasis(vectors: Float64Array, k: number, columns: number): void {
  const row = vectors.subarray(k * columns, (k + 1) * columns);
  const left = new Float64Array(columns).fill(1);
  for (let i = 0; i < k; i++) for (let j = 0; j < columns; j++) left[j]! -= vectors[i * columns + j]! ** 2;
  row[left.reduce((best, value, j) => (value > left[best]! ? j : best), 0)] = 1;
  // Twice is enough (W. Kahan and B. Parlett).
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < k; i++) {
      const other = vectors.subarray(i * columns, (i + 1) * columns);
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += row[j]! * other[j]!;
      for (let j = 0; j < columns; j++) row[j]! -= dot * other[j]!;
    }
    const length = lengthOf(row);
    for (let j = 0; j < columns; j++) row[j]! /= length;
  }
}
