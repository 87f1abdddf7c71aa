import type { Ranking, Trial } from '../search/trial.ts';
import { lossOf } from '../search/trial.ts';
import type { CandidateSearch } from './candidate-search.ts';

export interface Winner {
  readonly search: CandidateSearch;
  readonly trial: Trial;
  /** Why it was taken, in words. */
  readonly reason: string;
}

/**
 * The candidate with the best mean over the folds; but where one that people can read (`readable` in its definition) is no worse by more
 * than one standard error of the difference, fold by fold, that one: the data do not say that more is gained (the one-standard-error
 * rule of Breiman et al., "Classification and Regression Trees", 1984, with paired differences).
 * @param mayFit Whether a model of that trial can be fitted on all rows in time.
 * @returns undefined when no candidate has a score.
 */
export function pickWinner(
  searches: readonly CandidateSearch[],
  ranking: Ranking,
  mayFit: (trial: Trial) => boolean,
): Winner | undefined {
  const scored = searches
    .flatMap((search) => (search.best === undefined ? [] : [{ search, trial: search.best }]))
    .sort((a, b) => lossOf(a.trial, ranking) - lossOf(b.trial, ranking));
  const inTime = scored.filter(({ trial }) => mayFit(trial));
  const [leader] = inTime.length > 0 ? inTime : scored.toSorted((a, b) => a.trial.seconds - b.trial.seconds);
  if (leader === undefined) return undefined;
  const only = `the only one of ${searches.length} candidates with a score`;
  const best = `the best of ${scored.length} candidates by cross-validated ${ranking.metric}`;
  if (isReadable(leader.search)) return { ...leader, reason: scored.length === 1 ? only : best };
  const plain = inTime.find(
    ({ search, trial }) => isReadable(search) && !isBetter(leader.trial, trial, ranking),
  );
  if (plain === undefined) return { ...leader, reason: scored.length === 1 ? only : best };
  return {
    ...plain,
    reason: `within one standard error of the best, ${leader.search.candidate.family}, and people can read it`,
  };
}

function isReadable({ candidate }: CandidateSearch): boolean {
  return candidate.model.definition.readable === true;
}

/** Whether `one` beats `other` by more than one standard error of the mean of their paired differences. */
export function isBetter(one: Trial, other: Trial, { metric, greaterIsBetter }: Ranking): boolean {
  const a = one.testScores[metric]!;
  const b = other.testScores[metric]!;
  const gains = a.map((score, fold) => (greaterIsBetter ? score - b[fold]! : b[fold]! - score));
  const n = gains.length;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / n;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return mean > Math.sqrt(squares / (n - 1) / n);
}
