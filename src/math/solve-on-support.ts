import type { LeastSquaresForm, Measures, Penalty } from './least-squares-form.ts';
import type { LinearSolver } from './newton-cholesky.ts';

/** Factorises a symmetric matrix, or says that it is not positive definite. */
export type Factorize = (matrix: Float64Array, size: number) => LinearSolver | undefined;

/** Largest system that is solved. */
const MOST_SUPPORT = 2000;
/** What the systems of one call may cost, in sweeps; a multiplication in a factorisation takes a tenth of one in a sweep. */
const MOST_SWEEPS = 400;
const SINGULAR_RIDGE = 1e-9;

/**
 * With the support S and the signs σ held, the objective is a quadratic whose minimum is w_S + δ with
 * (X_SᵀX_S + βI) δ = X_Sᵀr − βw_S − ασ. Goes there, or as far as the first coefficient that would change its sign; that one
 * becomes 0 and leaves S, and the rest is solved again. The objective falls all the way. Returns whether w moved.
 */
export function solveOnSupport(
  form: LeastSquaresForm,
  measures: Measures,
  { alpha, beta, positive, factorize }: Penalty & { readonly factorize: Factorize },
): boolean {
  const { w } = form;
  let support = Int32Array.from(w.keys()).filter((j) => w[j] !== 0);
  const size = support.length;
  if (size === 0 || size > MOST_SUPPORT) return false;
  let budget = MOST_SWEEPS * form.columns * Math.max(form.gramCost, size) - size * size * form.gramCost;
  if (budget < size ** 3 / 3) return false;
  let matrix = form.gramOf(support);
  for (let i = 0; i < size; i++) matrix[i * (size + 1)]! += beta;
  // −∇ of the quadratic on S.
  let descent = Float64Array.from(
    support,
    (j) => measures.correlations[j]! - beta * w[j]! - alpha * Math.sign(w[j]!),
  );
  let moved = false;
  // Without a penalty on |w| signs are free, unless they must be positive.
  const signed = alpha > 0 || positive;
  for (; budget > 0; budget -= support.length ** 3 / 3) {
    const solve =
      factorize(matrix, support.length) ?? factorize(ridged(matrix, support.length), support.length);
    if (solve === undefined) return moved;
    const step = solve(descent);
    let share = 1;
    let crossing = -1;
    for (let i = 0; signed && i < step.length; i++) {
      const old = w[support[i]!]!;
      const until = -old / step[i]!;
      if (old * (old + step[i]!) <= 0 && until <= share) {
        share = until;
        crossing = i;
      }
    }
    for (let i = 0; i < step.length; i++) w[support[i]!]! += share * step[i]!;
    moved = true;
    if (crossing < 0 || support.length === 1) {
      if (crossing >= 0) w[support[crossing]!] = 0;
      return moved;
    }
    w[support[crossing]!] = 0;
    const fall = times(matrix, step);
    descent = descent.map((g, i) => g - share * fall[i]!).filter((_, i) => i !== crossing);
    matrix = withoutRow(matrix, support.length, crossing);
    support = support.filter((_, i) => i !== crossing);
  }
  return moved;
}

/**
 * A singular system has directions along which the squares do not change but the penalty does. With a trace of ridge the
 * step runs far along them, until a coefficient becomes 0.
 */
function ridged(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, at) => (at % (size + 1) === 0 ? value * (1 + SINGULAR_RIDGE) : value));
}

function times(matrix: Float64Array, v: Float64Array): Float64Array {
  const size = v.length;
  return v.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += matrix[i * size + k]! * v[k]!;
    return sum;
  });
}

/** A square matrix without one row and its column. */
function withoutRow(matrix: Float64Array, size: number, dropped: number): Float64Array<ArrayBuffer> {
  const rest = new Float64Array((size - 1) ** 2);
  for (let i = 0, to = 0; i < size; i++) {
    if (i === dropped) continue;
    const row = i * size;
    rest.set(matrix.subarray(row, row + dropped), to);
    rest.set(matrix.subarray(row + dropped + 1, row + size), to + dropped);
    to += size - 1;
  }
  return rest;
}
