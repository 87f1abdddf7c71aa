import type { RandomState } from '../../core/random.ts';

/** Which rows a tree of a forest sees. Plain data. */
export interface ForestDraws {
  /** Whether rows are drawn, with replacement; else each tree sees all. */
  readonly isBootstrap: boolean;
  /** Rows drawn. */
  readonly size: number;
  /** Whether the classes of each sample are made to weigh the same. */
  readonly isBalanced: boolean;
}

/** How often each of `rows` rows was drawn. The first numbers that `random` gives. */
export function drawCounts(
  { isBootstrap, size }: ForestDraws,
  rows: number,
  random: RandomState,
): Int32Array {
  const counts = new Int32Array(rows);
  if (!isBootstrap) return counts.fill(1);
  for (const row of random.randint(0, rows, size)) counts[row]!++;
  return counts;
}

/** Weights of the rows in a tree's sample: their own times how often they were drawn. */
export function baggedWeights(
  draws: ForestDraws,
  weights: Float64Array,
  y: Float64Array,
  classes: number,
  random: RandomState,
): Float64Array {
  const bagged = weights.slice();
  const counts = drawCounts(draws, weights.length, random);
  for (let i = 0; i < bagged.length; i++) bagged[i]! *= counts[i]!;
  if (!draws.isBalanced) return bagged;
  // Σ w / (k · Σ_{y = c} w), of the sample.
  const byClass = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < bagged.length; i++) {
    byClass[y[i]!]! += bagged[i]!;
    total += bagged[i]!;
  }
  for (let i = 0; i < bagged.length; i++) bagged[i]! *= total / (classes * byClass[y[i]!]! || 1);
  return bagged;
}
