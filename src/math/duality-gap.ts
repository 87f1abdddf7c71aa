import type { LeastSquaresForm, Measures, Penalty } from './least-squares-form.ts';

export interface Certificate {
  /** Upper bound of how far the objective is from its minimum; for α = β = 0 ‖Xᵀr‖², which is 0 at the minimum. */
  readonly gap: number;
  readonly objective: number;
  /** The scaled residual θ = r / max(α, ‖Xᵀr − βw‖_∞) is dual feasible; this is its denominator. */
  readonly dualScale: number;
}

/**
 * The duality gap of ½‖y − Xw‖² + α‖w‖₁ + ½β‖w‖², by the dual point that scaling the residual gives (O. Fercoq, A. Gramfort,
 * J. Salmon, "Mind the duality gap: safer rules for the Lasso", ICML 2015; the elastic net is a lasso of X and y with
 * √β·I and 0 below them). Without an L1 part the residual itself is dual feasible (C. Dünner et al., ICML 2016, section 5).
 */
export function certify(
  form: LeastSquaresForm,
  measures: Measures,
  { alpha, beta, positive }: Penalty,
): Certificate {
  const { correlations, residualSquare, residualTarget } = measures;
  const { w } = form;
  let norm1 = 0;
  let norm2 = 0;
  let steepest = 0;
  let squares = 0;
  for (let j = 0; j < w.length; j++) {
    norm1 += Math.abs(w[j]!);
    norm2 += w[j]! * w[j]!;
    const c = correlations[j]!;
    squares += positive && c < 0 ? 0 : c * c;
    const dual = c - beta * w[j]!;
    steepest = Math.max(steepest, positive ? dual : Math.abs(dual));
  }
  const objective = 0.5 * (residualSquare + beta * norm2) + alpha * norm1;
  const dualScale = Math.max(alpha, steepest);
  if (alpha === 0) {
    if (beta === 0) return { objective, dualScale, gap: squares };
    // D(r) = rᵀy − ½‖r‖² − ‖(Xᵀr)₊‖² / 2β, all of Xᵀr counting unless w ≥ 0 is demanded.
    const dual = residualTarget - 0.5 * residualSquare - squares / (2 * beta);
    return { objective, dualScale, gap: Math.max(0, objective - dual) };
  }
  const shrink = alpha / dualScale;
  const dual = shrink * residualTarget - 0.5 * shrink ** 2 * (residualSquare + beta * norm2);
  return { objective, dualScale, gap: Math.max(0, objective - dual) };
}

/**
 * Coordinates that may be nonzero at the minimum: all but those with |x_jᵀθ| + √(2 gap) / α · √(‖x_j‖² + β) < 1 (the gap-safe
 * sphere test, E. Ndiaye et al., JMLR 18 (2017)).
 */
export function screen(
  candidates: Int32Array,
  form: LeastSquaresForm,
  { correlations }: Measures,
  { gap, dualScale }: Certificate,
  { alpha, beta, positive }: Penalty,
): Int32Array {
  if (alpha === 0) return candidates;
  const radius = Math.sqrt(2 * gap) / alpha;
  return candidates.filter((j) => {
    const norm = form.norms[j]!;
    if (norm === 0) return false;
    const dual = (correlations[j]! - beta * form.w[j]!) / dualScale;
    return (1 - (positive ? dual : Math.abs(dual))) / Math.sqrt(norm + beta) <= radius;
  });
}
