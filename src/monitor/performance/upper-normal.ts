import { chiSquaredUpperQuantile } from '../../math/gamma-quantile.ts';

/** The value that a standard normal variable exceeds with probability `tail`, at most ½. */
export function upperNormal(tail: number): number {
  return Math.sqrt(chiSquaredUpperQuantile(1, Math.min(1, 2 * tail)));
}
