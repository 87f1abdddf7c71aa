import { OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { Specification } from '../../define/specification.ts';
import type { FittedBy } from '../cross-validate/fitted-by.ts';
import type { Target } from '../cross-validate/labelled-rows.ts';
import { type MethodFor, runSearch } from './run-search.ts';
import { checkSearchOptions, requireCount, type SearchOptions } from './search-options.ts';
import type { SearchResult } from './search-result.ts';
import { type Params, resolveSpaces, type SpacesLike } from './search-spaces.ts';
import { proposeByTpe } from './tpe.ts';
import { lossOf } from './trial.ts';
import { seedOf, trialRandom } from './trial-seed.ts';

export interface BayesSearchOptions<R extends boolean = boolean> extends SearchOptions<R> {
  /** Where to search; default: the own spaces of all options that have one. */
  readonly spaces?: SpacesLike | undefined;
  /** Default 50. */
  readonly nTrials?: number | undefined;
  /** Seed of the draws; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
  /** `median` gives up trials that are worse after some folds than the median of those before; default. */
  readonly pruner?: 'median' | 'none' | undefined;
  /**
   * How many trials may be under way at once: a proposal sees the results of exactly those at least so many before it, on
   * any number of threads. More uses more cores and learns a little later. Default 4.
   */
  readonly parallelTrials?: number | undefined;
}

/**
 * Bayesian search by a tree-structured Parzen estimator ({@link proposeByTpe}): after ten random trials each next point
 * is one where good trials are dense. Hopeless trials are given up after the first folds. The same seed gives the same trials for
 * any number of threads.
 * @throws OptionError for a path or space that does not fit; JobError when no trial gives a score; AbortError.
 */
export async function bayesSearch<Spec extends Specification, Y extends Target, R extends boolean = true>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: BayesSearchOptions<R> = {},
): Promise<SearchResult<Spec, R extends false ? undefined : FittedBy<Spec, Y>>> {
  const own = ['spaces', 'nTrials', 'randomState', 'pruner', 'parallelTrials'];
  checkSearchOptions('bayesSearch', options, own);
  return runSearch(specification, x, y, options, bayesMethod(specification, options));
}

/** {@link bayesSearch} as a method. @throws OptionError */
export function bayesMethod(
  specification: Specification,
  options: Pick<BayesSearchOptions, 'spaces' | 'nTrials' | 'randomState' | 'pruner' | 'parallelTrials'>,
): MethodFor {
  const { nTrials = 50, randomState = 0, pruner = 'median', parallelTrials: lag = 4 } = options;
  requireCount('nTrials', nTrials, 1);
  requireCount('parallelTrials', lag, 1);
  if (pruner !== 'median' && pruner !== 'none') {
    throw new OptionError('option/invalid', `pruner is 'median' or 'none', got ${JSON.stringify(pruner)}.`, {
      option: 'pruner',
    });
  }
  const spaces = resolveSpaces(specification, options.spaces);
  const seed = seedOf(randomState);
  return (_, splits) => ({
    settings: { kind: 'bayes', spaces, seed, pruner, lag },
    trials: nTrials,
    lag,
    run: (session) =>
      session.runSeries({
        ...{ from: 0, to: nTrials, lag, splits, prune: pruner === 'median' },
        propose(number, visible) {
          const observed = visible.map((trial) => ({
            params: trial.params as Params,
            loss: lossOf(trial, session.ranking),
            progress: trial.testScores[session.ranking.metric].length / splits.length,
          }));
          return proposeByTpe(spaces, observed, trialRandom(seed, number));
        },
      }),
  });
}
