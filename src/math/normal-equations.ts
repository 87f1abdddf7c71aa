/**
 * Least squares from the Gram matrix of the design: one pass over the rows, then work of the size of the columns. Squaring the
 * condition number κ is what it costs, so it is only trusted where the estimate of κ² allows, and refined where that helps.
 */
import { type Cholesky, cholesky } from './cholesky.ts';
import { completeWeights, type Design, isConstant, recentred } from './design.ts';
import type { Workers } from './least-squares-problem.ts';
import { gramOfRows, residualGradient } from './row-pass.ts';

/** Without refinement errors are about κ²ε: 2e-13 here. */
const DIRECT_CONDITION = 1e3;
/** Each refinement divides the error by about 1 / (κ²ε): 1e6 here, so that two or three reach rounding errors. */
const LARGEST_CONDITION = 1e10;
const REFINEMENTS = 4;
const SETTLED = 1e-14;

/** Sums about the (weighted) means of the scaled columns of X and Y. */
export interface CentredGram {
  readonly design: Design;
  readonly columns: number;
  readonly targets: number;
  /** Σ w, or 0 without intercept. */
  readonly total: number;
  /** Means of the columns of Z before centring, `width` numbers; 0 without intercept. */
  readonly means: Float64Array;
  /** Row-major, columns × columns, symmetric. */
  readonly xx: Float64Array;
  /** Row-major, targets × columns. */
  readonly xy: Float64Array;
  /** Columns that are constant to rounding errors; their row and column of `xx` and their `xy` are 0. */
  readonly constant: readonly number[];
}

export async function centredGram(workers: Workers, start: Design): Promise<CentredGram> {
  const first = centre(start, await gramOfRows(workers, start));
  const { columns, means, xx, total } = first;
  const squares = Float64Array.from({ length: columns }, (_, j) => xx[j * columns + j]!);
  const design = recentred(start, means, squares, total);
  return design === undefined ? first : centre(design, await gramOfRows(workers, design));
}

function centre(design: Design, gram: Float64Array): CentredGram {
  const { problem, stride, width } = design;
  const { columns } = problem.x;
  const { targets } = problem;
  const total = problem.fitIntercept ? gram[0]! : 0;
  const means = new Float64Array(width);
  if (total > 0) for (let j = 1; j < width; j++) means[j] = gram[j]! / total;
  const xx = new Float64Array(columns * columns);
  const xy = new Float64Array(targets * columns);
  const constant: number[] = [];
  for (let i = 0; i < columns; i++) {
    const row = (1 + i) * stride + 1;
    const square = gram[row + i]! - total * means[1 + i]! ** 2;
    if (isConstant(design, i, square, means[1 + i]!, total)) {
      constant.push(i);
      continue;
    }
    xx[i * columns + i] = square;
    for (let j = i + 1; j < columns; j++) {
      xx[i * columns + j] = gram[row + j]! - total * means[1 + i]! * means[1 + j]!;
    }
    for (let t = 0; t < targets; t++) {
      const y = columns + t;
      xy[t * columns + i] = gram[row + y]! - total * means[1 + i]! * means[1 + y]!;
    }
  }
  for (const j of constant) for (let i = 0; i < columns; i++) xx[i * columns + j] = 0;
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) xx[i * columns + j] = xx[j * columns + i]!;
  return { design, columns, targets, total, means, xx, xy, constant };
}

/** XᵀX + diag(penalty), with ones for constant columns, whose coefficients it makes 0. */
export function penalisedGram({ columns, xx, constant }: CentredGram, penalty: Float64Array): Float64Array {
  const matrix = Float64Array.from(xx);
  for (let j = 0; j < columns; j++) matrix[j * columns + j]! += penalty[j]!;
  for (const j of constant) matrix[j * columns + j] = 1;
  return matrix;
}

/**
 * Solves (XᵀX + diag(penalty)) B = XᵀY for the scaled, centred columns.
 * @returns coefficients of the scaled columns, targets × columns, or undefined when the condition is too bad for this method.
 */
export async function solveNormalEquations(
  workers: Workers,
  gram: CentredGram,
  penalty: Float64Array,
): Promise<Float64Array | undefined> {
  const { columns, targets, xy } = gram;
  const factor = cholesky(workers, penalisedGram(gram, penalty), columns);
  if (factor === undefined) return undefined;
  const condition = factor.condition();
  if (condition > LARGEST_CONDITION) return undefined;
  const coefficients = new Float64Array(targets * columns);
  addSolutions(factor, coefficients, xy);
  if (condition <= DIRECT_CONDITION) return coefficients;
  let last = Number.POSITIVE_INFINITY;
  for (let round = 0; round < REFINEMENTS; round++) {
    const gradient = await centredGradient(workers, gram, coefficients, penalty);
    const step = addSolutions(factor, coefficients, gradient);
    if (step <= SETTLED) break;
    // Rounding errors of the residual stop the descent at about κε; one that never got going is not to be trusted.
    if (step > 0.1 * last) return step < 1e-9 ? coefficients : undefined;
    last = step;
  }
  return coefficients;
}

/** Adds the solutions for each right-hand side; returns the size of the largest step relative to the result. */
function addSolutions(factor: Cholesky, coefficients: Float64Array, right: Float64Array): number {
  const columns = factor.order;
  let largest = 0;
  for (let at = 0; at < coefficients.length; at += columns) {
    const step = factor.solve(right.subarray(at, at + columns));
    let stepSize = 0;
    let size = 0;
    for (let j = 0; j < columns; j++) {
      coefficients[at + j]! += step[j]!;
      stepSize = Math.max(stepSize, Math.abs(step[j]!));
      size = Math.max(size, Math.abs(coefficients[at + j]!));
    }
    if (size > 0) largest = Math.max(largest, stepSize / size);
  }
  return largest;
}

/** Xᵀ(Y − XB) − penalty ∘ B about the means, from the rows themselves. */
async function centredGradient(
  workers: Workers,
  gram: CentredGram,
  coefficients: Float64Array,
  penalty: Float64Array,
): Promise<Float64Array> {
  const { design, columns, targets, means, constant } = gram;
  const sums = await residualGradient(
    workers,
    design,
    completeWeights(gram.design, gram.means, coefficients),
  );
  const gradient = new Float64Array(targets * columns);
  for (let t = 0; t < targets; t++) {
    const at = t * design.stride;
    for (let j = 0; j < columns; j++) {
      gradient[t * columns + j] =
        sums[at + 1 + j]! - means[1 + j]! * sums[at]! - penalty[j]! * coefficients[t * columns + j]!;
    }
    for (const j of constant) gradient[t * columns + j] = 0;
  }
  return gradient;
}
