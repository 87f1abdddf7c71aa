import { OptionError } from '../../core/errors.ts';
import { kolmogorovSurvival } from '../../math/kolmogorov.ts';
import { greatestCommonDivisor, twoSampleKolmogorovSurvival } from '../../math/kolmogorov-two-sample.ts';
import { sortedSample } from './sample.ts';

export type KolmogorovSmirnovMethod = 'auto' | 'exact' | 'asymptotic';

export interface KolmogorovSmirnovResult {
  /** D = sup |F(x) − G(x)| of the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** P(D ≥ statistic) when both windows come from one continuous distribution; with ties it is too large, never too small. */
  readonly pValue: number;
  /** How the p-value was computed. */
  readonly method: 'exact' | 'asymptotic';
}

/** Beyond this many rows in a window 'auto' is asymptotic. */
const EXACT_ROWS = 10_000;

/**
 * The two-sample, two-sided Kolmogorov–Smirnov test. O(n log n).
 *
 * `method` (default 'auto': exact up to 10,000 rows in the longer window) — 'exact' counts lattice paths, O(n·m·D);
 * 'asymptotic' takes the one-sample distribution for round(nm / (n + m)) rows. Agrees with `scipy.stats.ks_2samp`.
 * @throws DataError when a window is empty or holds NaN; OptionError for an unknown method.
 */
export function kolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { method = 'auto' }: { readonly method?: KolmogorovSmirnovMethod } = {},
): KolmogorovSmirnovResult {
  if (!['auto', 'exact', 'asymptotic'].includes(method)) {
    throw new OptionError(
      'option/invalid',
      `method is '${method}': it is one of 'auto', 'exact', 'asymptotic'.`,
      { option: 'method' },
    );
  }
  const a = sortedSample(reference, 'reference', 'allowed');
  const b = sortedSample(current, 'current', 'allowed');
  const gap = largestGap({ lower: a, upper: a, counts: undefined, total: a.length }, b);
  return kolmogorovSmirnovFromGap(gap, a.length, b.length, method);
}

/** @param gap D·n·m, an integer. */
export function kolmogorovSmirnovFromGap(
  gap: number,
  n: number,
  m: number,
  method: KolmogorovSmirnovMethod,
): KolmogorovSmirnovResult {
  const statistic = gap / (n * m);
  const exact = method === 'exact' || (method === 'auto' && Math.max(n, m) <= EXACT_ROWS);
  const pValue = exact
    ? twoSampleKolmogorovSurvival(n, m, gap / greatestCommonDivisor(n, m))
    : kolmogorovSurvival(Math.max(1, roundHalfToEven((n * m) / (n + m))), statistic);
  return { statistic, pValue, method: exact ? 'exact' : 'asymptotic' };
}

/** Cells of sorted values: cell i holds `counts[i]` (undefined: 1 each) values from `lower[i]` to `upper[i]`. */
export interface SortedCells {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly counts: ArrayLike<number> | undefined;
  readonly total: number;
}

/**
 * max |F − G| · n · m over the places where F is known: just below each cell's `lower` and at its `upper`. Where each cell
 * holds one distinct value (or several equal cells follow one another) that is the maximum over all x: F is constant between its
 * values, so F − G is largest at one of them and G − F just below one. Otherwise it is short by at most the largest
 * cell's share (times n · m).
 */
export function largestGap(cells: SortedCells, sorted: Float64Array): number {
  const { lower, upper, counts, total } = cells;
  const m = sorted.length;
  let below = 0;
  let passed = 0;
  let gap = 0;
  for (let i = 0; i < upper.length; i++) {
    const from = lower[i];
    while (passed < m && sorted[passed] < from) passed++;
    // With equal values one by one, only the first sees "just below" and only the last sees "at".
    if (i === 0 || upper[i - 1] !== from) gap = Math.max(gap, passed * total - below * m);
    below += counts === undefined ? 1 : counts[i];
    const to = upper[i];
    while (passed < m && sorted[passed] <= to) passed++;
    gap = Math.max(gap, below * m - passed * total);
  }
  return gap;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
