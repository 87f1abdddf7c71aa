/**
 * The augmented design matrix Z = √w · [1, (X − m) ∘ s, (Y − m) ∘ s] that least squares works on. The shift m is the mean of a
 * sample of rows: close to the mean, so that subtracting it later in the normal equations cancels no digits. The
 * scale s is a power of two close to 1 / the largest |x − m| in the sample: exact to apply and to undo, and no square overflows.
 */
import type { LeastSquaresProblem } from './least-squares-problem.ts';
import { tooLarge } from './refuse-overflow.ts';

export interface Design {
  readonly problem: LeastSquaresProblem;
  /** Columns of Z in use: 1 + columns + targets. */
  readonly width: number;
  /** Numbers from one row of Z to the next: a multiple of 12, the tile of the kernels. */
  readonly stride: number;
  /** m and s in the order of Z's columns, `stride` numbers each. */
  readonly shift: Float64Array;
  readonly scale: Float64Array;
}

const SAMPLE_ROWS = 512;

export function padded(width: number): number {
  const stride = Math.ceil(width / 12) * 12;
  // Rows a multiple of 4 KiB apart would share cache sets.
  return stride % 256 === 0 ? stride + 12 : stride;
}

export function makeDesign(problem: LeastSquaresProblem): Design {
  const { x, y, targets } = problem;
  const width = 1 + x.columns + targets;
  const stride = padded(width);
  const shift = new Float64Array(stride);
  const scale = new Float64Array(stride).fill(1);
  const rows = sampleRows(problem);
  measure(problem, rows, x.data, x.columns, shift.subarray(1), scale.subarray(1));
  const at = 1 + x.columns;
  measure(problem, rows, y, targets, shift.subarray(at), scale.subarray(at));
  return { problem, width, stride, shift, scale };
}

/** The same design with one scale for all columns of X, so that a penalty weighs them alike. */
export function withEqualScales(design: Design): Design {
  const { columns } = design.problem.x;
  const scale = design.scale.slice();
  const smallest = scale.subarray(1, 1 + columns).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return { ...design, scale: scale.fill(smallest, 1, 1 + columns) };
}

/**
 * The design about its means, when the sample of rows missed one by more than ten standard deviations (as where the sampled rows
 * weigh next to nothing): what is subtracted would then cost digits.
 * @param means Of Z's columns about the shift. @param squares Sums about the means of the columns of X.
 * @param total Σw; 0 without intercept.
 */
export function recentred(
  design: Design,
  means: Float64Array,
  squares: ArrayLike<number>,
  total: number,
): Design | undefined {
  const { shift, scale, problem } = design;
  for (let j = 0; j < problem.x.columns; j++) {
    if (means[1 + j]! ** 2 * total <= 100 * squares[j]!) continue;
    return { ...design, shift: shift.map((m, i) => m + (means[i] ?? 0) / scale[i]!) };
  }
  return undefined;
}

/** Rows spread over the table, of those that weigh something. */
function sampleRows({ x, sampleWeight }: LeastSquaresProblem): number[] {
  const count = Math.min(x.rows, SAMPLE_ROWS);
  const rows = Array.from({ length: count }, (_, k) => Math.floor((k * x.rows) / count));
  if (sampleWeight === undefined) return rows;
  const heavy = rows.filter((row) => sampleWeight[row]! > 0);
  return heavy.length > 0
    ? heavy
    : [
        Math.max(
          0,
          sampleWeight.findIndex((weight) => weight > 0),
        ),
      ];
}

function measure(
  { fitIntercept, sampleWeight }: LeastSquaresProblem,
  rows: readonly number[],
  data: Float64Array,
  columns: number,
  shift: Float64Array,
  scale: Float64Array,
): void {
  const weights = Float64Array.from(rows, (row) => sampleWeight?.[row] ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Row by row, as they lie in memory. Differences from the first value: a constant column gets exactly that value as its mean.
  const first = data.slice(rows[0]! * columns, (rows[0]! + 1) * columns);
  const sums = new Float64Array(columns);
  const largest = new Float64Array(columns);
  if (fitIntercept) {
    for (const [k, row] of rows.entries()) {
      const share = weights[k]!;
      const at = row * columns;
      for (let j = 0; j < columns; j++) sums[j]! += ((data[at + j]! - first[j]!) * share) / total;
    }
  }
  const centre = fitIntercept ? first.map((value, j) => value + sums[j]!) : sums;
  for (const row of rows) {
    const at = row * columns;
    for (let j = 0; j < columns; j++) {
      // As Math.max does, NaN stays.
      const distance = Math.abs(data[at + j]! - centre[j]!);
      if (!(distance <= largest[j]!)) largest[j] = distance;
    }
  }
  for (let j = 0; j < columns; j++) {
    shift[j] = centre[j]!;
    scale[j] = powerOfTwoNear(1 / (largest[j]! || Math.abs(centre[j]!) || 1));
  }
}

function powerOfTwoNear(value: number): number {
  // Within 2^±500, so that products of two scales stay finite.
  return 2 ** Math.max(-500, Math.min(500, Math.round(Math.log2(value))));
}

/** Rounding errors of a sum over many rows: a few ε, observed up to 10. */
const NOISE = 32 * Number.EPSILON;

/**
 * Whether the sum of squares about the mean of column j is no more than the rounding errors of its values.
 * @param square In the units of Z, as `total` (Σw) weights rows.
 * @param mean About the shift, in the units of Z.
 * @throws DataError when the sum is not finite.
 */
export function isConstant(
  { shift, scale, problem }: Design,
  j: number,
  square: number,
  mean: number,
  total: number,
): boolean {
  if (!Number.isFinite(square)) throw tooLarge(problem.x, j);
  const size = Math.abs(shift[1 + j]!) * scale[1 + j]! + Math.abs(mean);
  return square <= total * (NOISE * size) ** 2;
}

/**
 * Weights as the kernel `addResidualGradient` and {@link toUnits} take them, targets × stride: the intercept that belongs to the
 * coefficients of the scaled columns (targets × columns), these, and −1 for the target itself.
 * @param means Means of Z's columns about the shift, `width` numbers.
 */
export function completeWeights(
  { problem, stride }: Design,
  means: Float64Array,
  coefficients: Float64Array,
): Float64Array {
  const { targets, x } = problem;
  const weights = new Float64Array(targets * stride);
  for (let t = 0; t < targets; t++) {
    const at = t * stride;
    weights[at] = means[1 + x.columns + t]!;
    for (let j = 0; j < x.columns; j++) {
      const value = coefficients[t * x.columns + j]!;
      weights[at + 1 + j] = value;
      weights[at]! -= value * means[1 + j]!;
    }
    weights[at + 1 + x.columns + t] = -1;
  }
  return weights;
}

/**
 * Coefficients and intercepts in the units of the data, from those of Z's columns.
 * @param weights Per target `stride` numbers: the intercept b′, then the coefficients of the scaled columns.
 */
export function toUnits(
  { problem, stride, shift, scale }: Design,
  weights: Float64Array,
): { coef: Float64Array; intercept: Float64Array } {
  const { columns } = problem.x;
  const coef = new Float64Array(problem.targets * columns);
  const intercept = new Float64Array(problem.targets);
  for (let target = 0; target < problem.targets; target++) {
    const y = 1 + columns + target;
    let constant = shift[y]! + weights[target * stride]! / scale[y]!;
    for (let j = 0; j < columns; j++) {
      const value = (weights[target * stride + 1 + j]! * scale[1 + j]!) / scale[y]!;
      coef[target * columns + j] = value;
      constant -= value * shift[1 + j]!;
    }
    intercept[target] = problem.fitIntercept ? constant : 0;
  }
  return { coef, intercept };
}
