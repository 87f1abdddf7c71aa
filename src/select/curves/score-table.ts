import type { FoldOutcome } from '../cross-validate/fold-runner.ts';

/** Scores by metric; one row per point of a curve, one number per fold. */
export type ScoreTable = Readonly<Record<string, readonly Float64Array[]>>;

/** Outcomes, fold after fold within point after point, as tables of scores. */
export function scoreTable(
  metrics: readonly string[],
  part: 'testScores' | 'trainScores',
  outcomes: readonly FoldOutcome[],
  folds: number,
): ScoreTable {
  const points = Array.from({ length: outcomes.length / folds }, (_, point) =>
    outcomes.slice(point * folds, (point + 1) * folds),
  );
  return Object.fromEntries(
    metrics.map((name) => [
      name,
      points.map((row) => Float64Array.from(row, (outcome) => outcome[part][name])),
    ]),
  );
}
