import { DataError } from '../core/errors.ts';
import { pairwiseSum } from './sum.ts';
import { checkSameLength, type Numbers, toFiniteNumbers } from './validate.ts';

/**
 * The area under the points (x, y) by the trapezoidal rule, positive for ascending and descending `x` alike.
 * @throws DataError for fewer than two points, or an `x` that turns back.
 */
export function auc(x: Numbers, y: Numbers): number {
  const xs = toFiniteNumbers(x, 'x');
  const ys = toFiniteNumbers(y, 'y');
  checkSameLength('x', xs.length, 'y', ys.length);
  if (xs.length < 2)
    throw new DataError('data/too-few', 'An area needs at least 2 points.', { points: xs.length });
  let rises = false;
  let falls = false;
  for (let i = 1; i < xs.length; i++) {
    if (xs[i] > xs[i - 1]) rises = true;
    if (xs[i] < xs[i - 1]) falls = true;
    if (rises && falls) {
      const message = `x turns back at point ${i}: sort the points so that x only rises or only falls.`;
      throw new DataError('data/not-monotonic', message, { point: i });
    }
  }
  return (falls ? -1 : 1) * trapezoid(xs, ys);
}

/** Σ (xᵢ − xᵢ₋₁)(yᵢ + yᵢ₋₁) / 2. */
export function trapezoid(x: Float64Array, y: Float64Array): number {
  const strips = new Float64Array(x.length - 1);
  for (let i = 0; i < strips.length; i++) strips[i] = ((x[i + 1] - x[i]) * (y[i + 1] + y[i])) / 2;
  return pairwiseSum(strips);
}
