import { kolmogorovLimitQuantile } from '../../math/kolmogorov.ts';
import type { NumberView } from './column-view.ts';
import { compareCells } from './compare-cells.ts';
import type { Comparison, DriftStatistic } from './comparison.ts';
import { kolmogorovSmirnovFromGap, largestGap } from './kolmogorov-smirnov.ts';
import { drawnPValue } from './null-draws.ts';
import { binByCells } from './quantile-bins.ts';
import { tailQuantile } from './tail-quantile.ts';
import { distanceOfSorted, normalize } from './wasserstein.ts';
import { wassersteinNullDraws } from './wasserstein-null.ts';

export type NumberStatistic = Exclude<DriftStatistic, 'chiSquared' | 'none'>;

/** Beyond this many pairs of rows the exact distribution of D costs more than sorting. */
const EXACT_PAIRS = 1_000_000;

/** Two windows of a column of numbers or dates, each with at least one finite value; `current` is a frame's column. */
export function compareNumbers(
  reference: NumberView,
  current: NumberView,
  statistic: NumberStatistic,
  settings: { readonly tail: number; readonly bins: number; readonly randomState: number | null },
): Comparison {
  const { tail, bins, randomState } = settings;
  if (statistic === 'kolmogorovSmirnov') return compareByKolmogorov(reference, current, tail);
  if (statistic === 'wasserstein') return compareByWasserstein(reference, current, tail, randomState);
  return compareCells(binByCells(cellsOf(reference), current.upper, bins), statistic, tail, randomState);
}

function cellsOf(view: NumberView) {
  return { lower: view.lower, upper: view.upper, counts: view.counts, total: view.present };
}

function compareByKolmogorov(reference: NumberView, current: NumberView, tail: number): Comparison {
  const n = reference.present;
  const m = current.present;
  const gap = largestGap(cellsOf(reference), current.upper as Float64Array);
  const method = n * m <= EXACT_PAIRS ? 'exact' : 'asymptotic';
  const { statistic, pValue } = kolmogorovSmirnovFromGap(gap, n, m, method);
  let errorBound = 0;
  for (let i = 0; i < (reference.counts?.length ?? 0); i++) {
    if (reference.lower[i] < reference.upper[i]) {
      errorBound = Math.max(errorBound, reference.counts![i] / n);
    }
  }
  return {
    value: statistic,
    pValue,
    effect: statistic,
    // The limit lies above the quantile for few rows and for values with ties.
    nullQuantile: Math.min(1, kolmogorovLimitQuantile(tail) * Math.sqrt(1 / n + 1 / m)),
    errorBound,
  };
}

function compareByWasserstein(
  reference: NumberView,
  current: NumberView,
  tail: number,
  randomState: number | null,
): Comparison {
  const value = distanceOfSorted(
    { values: reference.means, weights: reference.counts, total: reference.present },
    { values: current.means, weights: current.counts, total: current.present },
  );
  const effect = normalize(value, reference.deviation);
  const draws = wassersteinNullDraws(reference, current, randomState);
  let spread = 0;
  for (let i = 0; i < (reference.counts?.length ?? 0); i++) {
    spread += (reference.counts![i] / reference.present) * (reference.upper[i] - reference.lower[i]);
  }
  return {
    value,
    pValue: drawnPValue(draws, effect),
    effect,
    nullQuantile: tailQuantile(draws, tail),
    errorBound: normalize(spread, reference.deviation),
  };
}
