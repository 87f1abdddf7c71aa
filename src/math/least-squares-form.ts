/** The strengths of the penalty α‖w‖₁ + ½β‖w‖², and whether w ≥ 0 is demanded. */
export interface Penalty {
  readonly alpha: number;
  readonly beta: number;
  readonly positive: boolean;
}

export interface SweepReport {
  /** Largest change of a coefficient. */
  readonly change: number;
  /** Largest coefficient. */
  readonly largest: number;
}

/** Exact products of the residual r = y − Xw. */
export interface Measures {
  /** Xᵀr, valid until the next call. */
  readonly correlations: Float64Array;
  /** r · r */
  readonly residualSquare: number;
  /** r · y */
  readonly residualTarget: number;
}

/**
 * What coordinate descent needs to know of ½‖y − Xw‖². Two forms: of the Gram matrix for many rows, of the columns for many
 * columns.
 */
export interface LeastSquaresForm {
  readonly columns: number;
  /** ‖x_j‖² */
  readonly norms: Float64Array;
  /** ‖y‖² */
  readonly targetSquare: number;
  /** The coefficients; after writing to them, call {@link measure} before {@link sweep}. */
  readonly w: Float64Array;
  /** Minimises over the listed coordinates one after the other. */
  sweep(list: Int32Array, penalty: Penalty): SweepReport;
  /** Recomputes the products of the residual, free of the rounding errors of sweeps. */
  measure(): Measures;
  /** Row-major Gram matrix of the listed columns. */
  gramOf(list: Int32Array): Float64Array;
  /** Multiplications that {@link gramOf} costs for each of its entries. */
  readonly gramCost: number;
}

/** Values that one kernel call may touch: about 2 ms. */
const VALUES_PER_CALL = 1 << 21;

/** Ranges of a list of vectors of `stride` numbers, each for one kernel call. */
export function* callRanges(count: number, stride: number): Generator<readonly [from: number, to: number]> {
  const step = Math.max(1, Math.floor(VALUES_PER_CALL / stride));
  for (let from = 0; from < count; from += step) yield [from, Math.min(count, from + step)];
}
