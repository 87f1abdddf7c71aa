import type { SmoProblem } from './smo-problem.ts';

/** −b is the mean of f_i ± ε over the variables strictly between bounds, else the middle of what the bounds allow. */
export function smoIntercept(
  { low, high, epsilon }: SmoProblem,
  betas: Float64Array,
  f: Float64Array,
): number {
  let [sum, free, above, below] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < f.length; i++) {
    const beta = betas[i]!;
    const [canRise, canFall] = [beta < high[i]!, beta > low[i]!];
    const rise = f[i]! + (beta < 0 ? -epsilon : epsilon);
    const fall = f[i]! + (beta > 0 ? epsilon : -epsilon);
    if (canRise && canFall && (epsilon === 0 || beta !== 0)) {
      sum += rise;
      free++;
    } else {
      if (canRise) above = Math.min(above, rise);
      if (canFall) below = Math.max(below, fall);
    }
  }
  if (free > 0) return -sum / free;
  if (above === Number.POSITIVE_INFINITY) return below === Number.NEGATIVE_INFINITY ? 0 : -below;
  return below === Number.NEGATIVE_INFINITY ? -above : -(above + below) / 2;
}
