import { OptionError } from '../../core/errors.ts';
import { checkCounts, sum } from './sample.ts';

export interface PopulationStabilityOptions {
  /**
   * Rows added to every cell of both windows before shares are taken, so that an empty cell gives a finite value. Default ½
   * (Jeffreys' prior). With 0 a cell that only one window has gives Infinity.
   */
  readonly smoothing?: number;
}

/**
 * The population stability index Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ) of the shares p of the reference and q of the current window over
 * the same cells, in nats: pᵢ = (aᵢ + s) / (n + s · cells). Cells that are empty on both sides are left out.
 * Without drift its mean is about (cells − 1)(1/n + 1/m): compare it with a null quantile, not only with 0.1 or 0.25.
 * @throws DataError when lengths differ, a count is negative or a window has no rows; OptionError for a negative smoothing.
 */
export function populationStability(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { smoothing = 0.5 }: PopulationStabilityOptions = {},
): number {
  if (!(smoothing >= 0 && smoothing < Infinity)) {
    throw new OptionError(
      'option/invalid',
      `smoothing is ${smoothing}: it is a number of rows, at least 0.`,
      {
        option: 'smoothing',
      },
    );
  }
  checkCounts(reference, current);
  let cells = 0;
  for (let i = 0; i < reference.length; i++) if (reference[i] + current[i] > 0) cells++;
  const n = sum(reference) + smoothing * cells;
  const m = sum(current) + smoothing * cells;
  let index = 0;
  for (let i = 0; i < reference.length; i++) {
    if (reference[i] + current[i] === 0) continue;
    const p = (reference[i] + smoothing) / n;
    const q = (current[i] + smoothing) / m;
    index += (q - p) * Math.log(q / p);
  }
  return index;
}
