// What splits of exact trees are worth. Weight W, S = Σ w y, c_k the weight of class k.

/** Criteria, as the host numbers them. */
export const SQUARED: i32 = 0;
export const POISSON: i32 = 1;
export const GINI: i32 = 2;

// @ts-ignore: decorator
@inline
export function xlogy(x: f64, y: f64): f64 {
  return x > 0 ? x * Math.log(y) : 0;
}

/** What a regression split is worth: Σ S² / W, or for Poisson Σ S log(S / W), over both sides. */
// @ts-ignore: decorator
@inline
export function momentScore(criterion: i32, leftWeight: f64, leftSum: f64, rightWeight: f64, rightSum: f64): f64 {
  if (criterion == SQUARED) {
    const w = f64x2.replace_lane(f64x2.splat(leftWeight), 1, rightWeight);
    const s = f64x2.replace_lane(f64x2.splat(leftSum), 1, rightSum);
    const both = f64x2.div(f64x2.mul(s, s), w);
    return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  }
  // A side without events has no finite rate.
  if (leftSum <= 0 || rightSum <= 0) return -Infinity;
  return xlogy(leftSum, leftSum / leftWeight) + xlogy(rightSum, rightSum / rightWeight);
}

/** φ(c) = c log c, from a table of whole numbers when there is one. */
// @ts-ignore: decorator
@inline
export function phi(c: f64, table: usize): f64 {
  if (table != 0) return load<f64>(table + (<usize>c << 3));
  return c > 0 ? c * Math.log(c) : 0;
}

/** The direction of a column from its byte in `directions` (0: none has one): 1 rising, −1 falling, 0 free. */
// @ts-ignore: decorator
@inline
export function directionOf(directions: usize, column: usize): f64 {
  return directions == 0 ? 0 : <f64>load<i8>(directions + column);
}

/** Whether the predictions of both sides go against the column's direction, or leave the node's bounds (lower, upper). */
// @ts-ignore: decorator
@inline
export function breaksOrder(direction: f64, left: f64, right: f64, bounds: usize): bool {
  if (direction == 0) return false;
  return (right - left) * direction < 0 || min(left, right) < load<f64>(bounds) || max(left, right) > load<f64>(bounds, 8);
}
