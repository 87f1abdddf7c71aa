import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Specification } from '../../define/specification.ts';
import {
  requireAnySuccess,
  type ScoringOptions,
  scoringOptionNames,
} from '../cross-validate/cross-validate.ts';
import { type CrossValidation, divideRows } from '../cross-validate/divide-rows.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { type FoldScores, foldScores } from '../cross-validate/fold-scores.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import { encodeRows, type Target } from '../cross-validate/labelled-rows.ts';
import { runFolds } from '../cross-validate/run-folds.ts';
import { resolveScoring } from '../cross-validate/scoring.ts';
import { type Budget, checkBudget, costOf, type Spent } from './budget.ts';
import { searchRows } from './run-search.ts';
import { methodOf, type SearchPlan } from './search-plan.ts';
import type { Findings } from './search-result.ts';

export interface NestedCrossValidateOptions extends ScoringOptions {
  /** How to search within the training rows of each outer fold, e.g. `{ kind: 'grid', grid: { alpha: [0.1, 1, 10] } }`. */
  readonly search: SearchPlan;
  /** Divides the training rows of an outer fold again. Default: 5 folds, stratified for a classifier. */
  readonly innerCv?: Exclude<CrossValidation, readonly unknown[]> | undefined;
  /** The metric that ranks within; default: the first of `scoring`. */
  readonly rankBy?: string | undefined;
  /** Of each inner search. */
  readonly budget?: Budget | undefined;
}

/** Scores by outer fold, of models that were chosen without its test rows. */
export interface NestedCrossValidationResult extends FoldScores {
  /** What each inner search found. */
  readonly searches: readonly Findings[];
  readonly splits: readonly Split[];
  readonly spent: Spent;
}

/**
 * How well a model does whose options are chosen by a search: in every outer fold the search sees the training rows alone, and what it
 * finds is fitted on them and scored on the test rows. The best score of a single search is too good, being the best of many.
 * @throws as the search, and as crossValidate.
 */
export async function nestedCrossValidate(
  specification: Specification,
  x: TableLike,
  y: Target,
  options: NestedCrossValidateOptions,
): Promise<NestedCrossValidationResult> {
  const own = ['search', 'innerCv', 'rankBy', 'budget'];
  requireKnownOptions('nestedCrossValidate', options, [...own, ...scoringOptionNames]);
  const { search, innerCv, onProgress } = options;
  const budget = checkBudget(options.budget ?? {});
  const start = performance.now();
  const methodFor = methodOf(specification, search);
  const data = await encodeRows(specification, x, y, options);
  const scoring = resolveScoring(specification, options.scoring);
  const splits = await divideRows(data, options);
  const searches: Findings[] = [];
  for (const [fold, { train }] of splits.entries()) {
    const report: ScoringOptions['onProgress'] = ({ fraction, message }) =>
      onProgress?.({
        fraction: (fold + fraction) / (splits.length + 1),
        message: `outer fold ${fold + 1} of ${splits.length}, ${message}`,
      });
    const inner = { ...options, cv: innerCv, returnTrainScore: false, onProgress: report };
    searches.push(await searchRows(specification, data, train, inner, methodFor));
  }
  const runner = new FoldRunner({ ...options, data, scoring, width: splits.length });
  const outcomes = await runFolds(
    runner,
    splits.map((split, fold) => ({ specification: searches[fold].bestSpecification, split })),
    {
      signal: options.signal,
      onProgress: ({ fraction, message }) =>
        onProgress?.({ fraction: (splits.length + fraction) / (splits.length + 1), message }),
    },
  );
  requireAnySuccess(specification.name, outcomes);
  const cpuSeconds =
    searches.reduce((sum, { spent }) => sum + spent.cpuSeconds, 0) +
    outcomes.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0);
  return {
    ...foldScores(scoring, outcomes, options.returnTrainScore),
    searches,
    splits,
    spent: {
      trials: searches.reduce((sum, { trials }) => sum + trials.length, 0),
      seconds: (performance.now() - start) / 1000,
      cpuSeconds,
      cost: costOf(cpuSeconds, budget),
    },
  };
}
