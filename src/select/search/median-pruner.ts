import type { Ranking, Trial } from './trial.ts';

/** Complete trials that must be known before any is given up. */
const STARTUP_TRIALS = 5;

/**
 * Whether a trial is hopeless after its first folds: the mean of its scores so far is worse than the median of what the complete
 * trials had after the same folds (the median stopping rule of Golovin et al., "Google Vizier", 2017).
 * @param scores Of its first folds, by the ranking metric.
 * @param known The trials that it may look at.
 */
export function isHopeless(scores: readonly number[], known: readonly Trial[], ranking: Ranking): boolean {
  const others = known
    .filter(({ state }) => state === 'complete')
    .map(({ testScores }) => meanOfFirst(testScores[ranking.metric], scores.length));
  if (others.length < STARTUP_TRIALS) return false;
  const own = meanOfFirst(scores, scores.length);
  return ranking.greaterIsBetter ? own < median(others) : own > median(others);
}

function meanOfFirst(scores: readonly number[], count: number): number {
  return scores.slice(0, count).reduce((sum, score) => sum + score, 0) / count;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
