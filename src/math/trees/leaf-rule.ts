/** What a leaf's value is made of: penalties on its size and square, and bounds. */
export interface LeafRule {
  readonly l1: number;
  readonly l2: number;
  readonly lower: number;
  readonly upper: number;
}

/** T = sign(G) max(|G| − l1, 0). */
function softThreshold(gradient: number, l1: number): number {
  const rest = Math.abs(gradient) - l1;
  return rest > 0 ? (gradient > 0 ? rest : -rest) : 0;
}

/** The value w that minimises G w + ½ (H + l2) w² + l1 |w| within the bounds; 0 where no hessian is left. */
export function leafValue(gradient: number, hessian: number, { l1, l2, lower, upper }: LeafRule): number {
  const value = -softThreshold(gradient, l1) / (hessian + l2) || 0;
  return Math.min(upper, Math.max(lower, value));
}

/** Twice what that value takes off the loss: T² / (H + l2) inside the bounds. */
export function leafScore(gradient: number, hessian: number, rule: LeafRule): number {
  const thresholded = softThreshold(gradient, rule.l1);
  const { lower, upper, l2 } = rule;
  const value = -thresholded / (hessian + l2);
  if (value >= lower && value <= upper) return thresholded ** 2 / (hessian + l2);
  const bounded = Math.min(upper, Math.max(lower, value));
  return -2 * thresholded * bounded - (hessian + l2) * bounded ** 2;
}
