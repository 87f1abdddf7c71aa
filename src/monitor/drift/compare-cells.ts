import { chiSquaredUpperQuantile } from '../../math/gamma-quantile.ts';
import { chiSquared } from './chi-squared.ts';
import type { Comparison } from './comparison.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { type CountStatistic, drawnPValue, nullDraws } from './null-draws.ts';
import { type CellCounts, poolRareCells } from './pool-rare-cells.ts';
import { populationStability } from './population-stability.ts';
import { tailQuantile } from './tail-quantile.ts';

export type CellStatistic = 'chiSquared' | 'populationStability' | 'jensenShannon';

const statistics: Readonly<Record<Exclude<CellStatistic, 'chiSquared'>, CountStatistic>> = {
  populationStability: (reference, current) => populationStability(reference, current),
  jensenShannon,
};

/**
 * Two windows by their counts over levels or bins, rare cells pooled. χ² and w have their null quantile by theory, the
 * others by simulation from the pooled shares.
 * @param tail probability that the effect may exceed the null quantile without drift.
 */
export function compareCells(
  counts: CellCounts,
  statistic: CellStatistic,
  tail: number,
  randomState: number | null,
): Comparison {
  const { reference, current } = poolRareCells(counts);
  if (reference.length < 2) return { value: 0, pValue: 1, effect: 0, nullQuantile: 0, errorBound: 0 };
  if (statistic === 'chiSquared') {
    const { statistic: value, degreesOfFreedom, pValue, effect } = chiSquared(reference, current);
    // w = √(χ²(1/n + 1/m)), so its quantiles are those of χ².
    const perSquare = sumInverse(reference) + sumInverse(current);
    const nullQuantile = Math.sqrt(chiSquaredUpperQuantile(degreesOfFreedom, tail) * perSquare);
    return { value, pValue, effect, nullQuantile, errorBound: 0 };
  }
  const compute = statistics[statistic];
  const value = compute(reference, current);
  const draws = nullDraws(reference, current, compute, randomState);
  return {
    value,
    pValue: drawnPValue(draws, value),
    effect: value,
    nullQuantile: tailQuantile(draws, tail),
    errorBound: 0,
  };
}

function sumInverse(counts: Float64Array): number {
  return 1 / counts.reduce((sum, count) => sum + count, 0);
}
