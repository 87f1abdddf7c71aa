import { OptionError } from '../../core/errors.ts';
import type { Scorer } from '../../metrics/registry.ts';
import { type ScoringOptions, scoringOptionNames } from '../cross-validate/cross-validate.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import type { StudyPlace } from '../study/study-file.ts';
import { type Budget, checkBudget } from './budget.ts';
import type { Ranking, Trial } from './trial.ts';

/** What every search may be told. */
export interface SearchOptions<R extends boolean = boolean> extends ScoringOptions {
  /** The metric that ranks, of those in `scoring`; default: the first. */
  readonly rankBy?: string | undefined;
  /** Whether to fit the best specification on all rows at the end. Default true. */
  readonly refit?: R | undefined;
  readonly budget?: Budget | undefined;
  /** Keeps trials in a file: a search that was stopped or killed goes on where it was, with the same result. */
  readonly study?: StudyPlace | undefined;
  /** Called after each trial. */
  readonly onTrial?: ((trial: Trial) => void) | undefined;
}

const searchOptionNames = [...scoringOptionNames, 'rankBy', 'refit', 'budget', 'study', 'onTrial'];

/** @throws OptionError for an unknown option or an unfit budget. */
export function checkSearchOptions(owner: string, options: SearchOptions, own: readonly string[]): void {
  requireKnownOptions(owner, options, [...own, ...searchOptionNames]);
  checkBudget(options.budget ?? {});
}

/** @throws OptionError when the ranking metric is not measured. */
export function rankingOf(scoring: readonly Scorer[], rankBy = scoring[0].name): Ranking {
  const scorer = scoring.find(({ name }) => name === rankBy);
  if (scorer !== undefined) return { metric: scorer.name, greaterIsBetter: scorer.greaterIsBetter };
  throw new OptionError(
    'option/invalid',
    `rankBy is '${rankBy}', which is not measured; scoring has ${scoring.map(({ name }) => name).join(', ')}.`,
    { option: 'rankBy' },
  );
}

/** @throws OptionError naming the option that is no whole number of at least `least`. */
export function requireCount(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new OptionError(
    'option/invalid',
    `${option} must be a whole number of at least ${least}, got ${value}.`,
    {
      option,
    },
  );
}
