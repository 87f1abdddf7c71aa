import type { SpecificationJson } from '../../define/specification.ts';
import type { ParamValue } from './search-spaces.ts';

/** One set of option values that a search tried, as plain data. */
export interface Trial {
  readonly number: number;
  /** By option path; a step that was replaced as a whole appears as its JSON. */
  readonly params: Readonly<Record<string, ParamValue | SpecificationJson>>;
  /** `pruned`: given up after some folds, being worse than the median of the trials before. */
  readonly state: 'complete' | 'pruned' | 'failed';
  /** Mean of the ranking metric over the folds that were run; NaN for a failure. */
  readonly score: number;
  /** Scores of every metric on the test rows of the folds that were run. */
  readonly testScores: Readonly<Record<string, readonly number[]>>;
  /** With `returnTrainScore`. */
  readonly trainScores: Readonly<Record<string, readonly number[]>>;
  /** Wall-clock seconds of its fits and scores, added up. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Why a fit or metric failed. */
  readonly error: string | undefined;
  /** Successive halving: which round, and how much of the resource each fit had. */
  readonly rung?: { readonly index: number; readonly resource: number } | undefined;
}

/** The metric that ranks trials. */
export interface Ranking {
  readonly metric: string;
  readonly greaterIsBetter: boolean;
}

/** The lower, the better; NaN for a failure. */
export function lossOf(trial: Trial, { greaterIsBetter }: Ranking): number {
  return greaterIsBetter ? -trial.score : trial.score;
}

/** Complete trials from best to worst, equal ones by number; trials without a score are left out. */
export function rankTrials(trials: readonly Trial[], ranking: Ranking): Trial[] {
  return trials
    .filter(({ state, score }) => state === 'complete' && !Number.isNaN(score))
    .toSorted((a, b) => lossOf(a, ranking) - lossOf(b, ranking) || a.number - b.number);
}
