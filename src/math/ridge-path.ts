/**
 * Ridge regression for many strengths of the penalty from one eigendecomposition, with its leave-one-out errors. With A the rows
 * √s_i (x_i − x̄), b the targets √s_i (y_i − ȳ) and T = A V for AᵀA = V Λ Vᵀ, or T = U Λ^½ for A Aᵀ = U Λ Uᵀ where rows are fewer,
 *
 *     fitted values  ŷ(α) = T (Λ + α)⁻¹ Tᵀb,     leverages  h_i(α) = Σ_k T_ik² / (λ_k + α) + s_i / Σ s
 *
 * (the last term belongs to the intercept), and leaving row i out changes its residual r_i to r_i / (1 − h_i).
 * Source: R. M. Rifkin and R. A. Lippert, "Notes on regularized least squares", MIT-CSAIL-TR-2007-025.
 */
import type { Matrix } from '../core/matrix.ts';
import type { Workers } from './least-squares-problem.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor, type Strided, transposed } from './product.ts';
import { symmetricEigen } from './symmetric-eigen/symmetric-eigen.ts';

export interface RidgePathProblem {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
  readonly fitIntercept: boolean;
}

export interface RidgePath {
  /** √s_i times what row i is missed by when it is left out, for one strength. */
  leaveOneOutErrors(alpha: number): Float64Array;
  /** Coefficients and intercept for one strength. */
  coefficients(alpha: number): { readonly coef: Float64Array; readonly intercept: number };
}

const ROWS_PER_CHECK = 2048;

/** Decomposes the data; takes memory for a copy or two of x until the arena's scope ends. */
export function ridgePath(workers: Workers, problem: RidgePathProblem): RidgePath {
  const { x, y, sampleWeight, fitIntercept } = problem;
  const { rows, columns } = x;
  const { arena, threads } = workers.team;
  const total = sampleWeight?.reduce((sum, s) => sum + s, 0) ?? rows;
  const { mean, center } = fitIntercept
    ? weightedMeans(problem, total)
    : { mean: new Float64Array(columns), center: 0 };
  const stride = Math.ceil(columns / 4) * 4;
  const a = rowMajor(arena.zeros(rows * stride), stride);
  const view = arena.viewF64(a.address, rows * stride);
  const b = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const root = Math.sqrt(sampleWeight?.[i] ?? 1);
    b[i] = root * (y[i]! - center);
    for (let j = 0; j < columns; j++) view[i * stride + j] = root * (x.data[i * columns + j]! - mean[j]!);
    if (i % ROWS_PER_CHECK === 0) workers.checkpoint();
  }
  const scratch = arena.f64(threads * PRODUCT_SCRATCH);
  const { values, basis, size, width } =
    rows < columns
      ? byRows(workers, scratch, a, rows, columns)
      : byColumns(workers, scratch, a, rows, columns);
  const t = arena.viewF64(basis.address, rows * width);
  /** Tᵀb */
  const projected = new Float64Array(size);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < size; k++) projected[k]! += t[i * width + k]! * b[i]!;
  }
  return {
    leaveOneOutErrors(alpha) {
      const inverse = values.map((value) => (value + alpha > 0 ? 1 / (value + alpha) : 0));
      const errors = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        let fitted = 0;
        let leverage = fitIntercept ? (sampleWeight?.[i] ?? 1) / total : 0;
        for (let k = 0, at = i * width; k < size; k++, at++) {
          const share = t[at]! * inverse[k]!;
          fitted += share * projected[k]!;
          leverage += share * t[at]!;
        }
        errors[i] = (b[i]! - fitted) / (1 - leverage);
        if (i % ROWS_PER_CHECK === 0) workers.checkpoint();
      }
      return errors;
    },
    coefficients(alpha) {
      // Aᵀr for the residuals r = b − ŷ(α) is α w, and where α is 0 or tiny that loses digits; w = V (Λ + α)⁻¹ Tᵀb does not.
      const coef = new Float64Array(columns);
      if (rows < columns) {
        // w = Aᵀ u with u = U (Λ + α)⁻¹ Uᵀ b, and U Λ^½ = T.
        const u = new Float64Array(rows);
        for (let k = 0; k < size; k++) {
          const factor = values[k]! > 0 ? projected[k]! / (values[k]! * (values[k]! + alpha)) : 0;
          for (let i = 0; i < rows; i++) u[i]! += t[i * width + k]! * factor;
        }
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) coef[j]! += view[i * stride + j]! * u[i]!;
        }
      } else {
        const vectors = basis.vectors!;
        for (let k = 0; k < size; k++) {
          const factor = values[k]! + alpha > 0 ? projected[k]! / (values[k]! + alpha) : 0;
          for (let j = 0; j < columns; j++) coef[j]! += vectors[k * columns + j]! * factor;
        }
      }
      return { coef, intercept: coef.reduce((rest, w, j) => rest - w * mean[j]!, center) };
    },
  };
}

interface Decomposed {
  /** Λ, ascending; rounding below zero is taken off. */
  readonly values: Float64Array;
  /** T, row-major with `width` numbers a row, and V's columns as rows where rows are many. */
  readonly basis: { readonly address: number; readonly vectors?: Float64Array };
  readonly size: number;
  readonly width: number;
}

function byColumns(workers: Workers, scratch: number, a: Strided, rows: number, columns: number): Decomposed {
  const { arena } = workers.team;
  const width = Math.ceil(columns / 4) * 4;
  const address = arena.zeros(rows * width);
  const { values, vectors } = arena.scope(() => {
    const gram = rowMajor(arena.zeros(columns * width), width);
    const square = { rows: columns, columns, depth: rows, factor: 1 };
    addProduct(workers, scratch, { ...square, a: transposed(a), b: a, c: gram });
    const eigen = symmetricEigen(workers, dense(workers, gram, columns, width), columns);
    const v = rowMajor(arena.place(eigen.vectors), columns);
    const turn = { rows, depth: columns, columns, factor: 1 };
    addProduct(workers, scratch, { ...turn, a, b: transposed(v), c: rowMajor(address, width) });
    return eigen;
  });
  return { values: values.map(notNegative), basis: { address, vectors }, size: columns, width };
}

function byRows(workers: Workers, scratch: number, a: Strided, rows: number, columns: number): Decomposed {
  const { arena } = workers.team;
  const width = Math.ceil(rows / 4) * 4;
  const address = arena.zeros(rows * width);
  const eigen = arena.scope(() => {
    const kernel = rowMajor(arena.zeros(rows * width), width);
    const square = { rows, columns: rows, depth: columns, factor: 1 };
    addProduct(workers, scratch, { ...square, a, b: transposed(a), c: kernel });
    return symmetricEigen(workers, dense(workers, kernel, rows, width), rows);
  });
  const values = eigen.values.map(notNegative);
  const t = arena.viewF64(address, rows * width);
  for (let k = 0; k < rows; k++) {
    const root = Math.sqrt(values[k]!);
    for (let i = 0; i < rows; i++) t[i * width + k] = root * eigen.vectors[k * rows + i]!;
  }
  return { values, basis: { address }, size: rows, width };
}

function dense({ team }: Workers, { address }: Strided, order: number, width: number): Float64Array {
  const view = team.arena.viewF64(address, order * width);
  return Float64Array.from(
    { length: order * order },
    (_, at) => view[Math.floor(at / order) * width + (at % order)]!,
  );
}

function notNegative(value: number): number {
  return Math.max(0, value);
}

function weightedMeans({ x, y, sampleWeight }: RidgePathProblem, total: number) {
  const mean = new Float64Array(x.columns);
  let center = 0;
  for (let i = 0; i < x.rows; i++) {
    const weight = (sampleWeight?.[i] ?? 1) / total;
    center += weight * y[i]!;
    for (let j = 0; j < x.columns; j++) mean[j]! += weight * x.data[i * x.columns + j]!;
  }
  return { mean, center };
}
