import type { Scorer } from '../../metrics/registry.ts';
import type { FoldOutcome } from './fold-runner.ts';
import { meanAndStd } from './mean-and-std.ts';

/** Scores by metric, one a fold. */
export interface FoldScores {
  readonly testScores: Readonly<Record<string, Float64Array>>;
  /** Empty without `returnTrainScore`. */
  readonly trainScores: Readonly<Record<string, Float64Array>>;
  /** By metric, of the test scores. `std` divides by the number of folds. */
  readonly summary: Readonly<Record<string, { readonly mean: number; readonly std: number }>>;
}

/** The scores of outcomes, each from another fold. */
export function foldScores(
  scoring: readonly Scorer[],
  outcomes: readonly FoldOutcome[],
  returnTrainScore = false,
): FoldScores {
  const scoresOf = (part: 'testScores' | 'trainScores') =>
    Object.fromEntries(
      scoring.map(({ name }) => [name, Float64Array.from(outcomes, (outcome) => outcome[part][name])]),
    );
  const testScores = scoresOf('testScores');
  return {
    testScores,
    trainScores: returnTrainScore ? scoresOf('trainScores') : {},
    summary: Object.fromEntries(
      Object.entries(testScores).map(([name, scores]) => [name, meanAndStd(Array.from(scores))]),
    ),
  };
}
