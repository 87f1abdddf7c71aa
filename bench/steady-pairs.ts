import type { RandomState } from '../src/core/random.ts';
import { drawBinomial, drawMultinomial } from '../src/math/multinomial-draw.ts';
import type { LevelView, NumberView } from '../src/monitor/drift/column-view.ts';
import type { ColumnPair } from '../src/monitor/drift/match-columns.ts';
import { standardDeviation } from '../src/monitor/drift/wasserstein.ts';

/**
 * Two windows of `steadyTable` (without its identifiers, which have one row each) drawn from their distributions as views: counts of
 * levels by multinomial draws, numbers in order by exponential spacings. The same laws as drawing the rows and sorting them, in a
 * fraction of the time.
 */
export function steadyPairs(random: RandomState, rows: number): ColumnPair[] {
  const even = (levels: number) => new Float64Array(levels).fill(1);
  // floor(L^u) − 1 is k with probability ln((k + 2)/(k + 1)) / ln L.
  const uneven = (levels: number) =>
    Float64Array.from({ length: levels - 1 }, (_, k) => Math.log((k + 2) / (k + 1)));
  const levels = (name: string, shares: Float64Array): ColumnPair =>
    pair(name, 'string', () => levelView(random, rows, shares));
  const numbers = (name: string, quantile: (u: number) => number, missing = 0): ColumnPair =>
    pair(name, 'number', () => numberView(random, rows, quantile, missing));
  return [
    levels('three', even(3)),
    levels('hundred', even(100)),
    levels('hundred more', even(100)),
    levels('hundred uneven', uneven(100)),
    levels('thirty uneven', uneven(30)),
    levels('rare', uneven(100_000)),
    pair('flag', 'boolean', () => ({
      ...levelView(random, rows, Float64Array.of(0.98, 0.02)),
      kind: 'boolean',
    })),
    numbers('normal', normalQuantile),
    numbers('normal, gaps', normalQuantile, 0.1),
    numbers('few gaps', normalQuantile, 0.003),
    numbers('lognormal', (u) => Math.exp(2 * normalQuantile(u))),
    numbers('integer', (u) => Math.floor(7 * u)),
    numbers('mostly zero', (u) => Math.max(0, normalQuantile(u) - 1)),
  ];
}

function pair(name: string, kind: ColumnPair['kind'], view: () => LevelView | NumberView): ColumnPair {
  return { name, kind, views: () => ({ reference: view(), current: view() }) };
}

function levelView(random: RandomState, rows: number, shares: Float64Array): LevelView {
  const counts = drawMultinomial(random, rows, shares);
  const seen = Array.from(counts.keys()).filter((level) => counts[level]! > 0);
  return {
    kind: 'string',
    missing: 0,
    present: rows,
    levels: seen.map((level) => `level ${level}`),
    counts: seen.map((level) => counts[level]!),
    otherRows: 0,
    otherLevels: 0,
  };
}

function numberView(
  random: RandomState,
  rows: number,
  quantile: (u: number) => number,
  share: number,
): NumberView {
  const missing = drawBinomial(random, rows, share);
  const present = rows - missing;
  // Uniform numbers in order: partial sums of n + 1 exponential numbers over their total.
  const sorted = new Float64Array(present);
  const draws = random.randomSample(present + 1);
  let sum = 0;
  for (let i = 0; i < present; i++) {
    sum -= Math.log(1 - draws[i]!);
    sorted[i] = sum;
  }
  const total = sum - Math.log(1 - draws[present]!);
  for (let i = 0; i < present; i++) sorted[i] = quantile(sorted[i]! / total);
  const deviation = standardDeviation({ values: sorted, weights: undefined, total: present });
  return { kind: 'number', missing, present, deviation, lower: sorted, upper: sorted, means: sorted };
}

/**
 * The quantile of the standard normal distribution to about 4.5e-4, which is all that a benchmark of rank statistics needs.
 * Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 26.2.23.
 */
function normalQuantile(u: number): number {
  const p = Math.min(u, 1 - u);
  const t = Math.sqrt(-2 * Math.log(Math.max(p, 1e-300)));
  const z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return u < 0.5 ? -z : z;
}
