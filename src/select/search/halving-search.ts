import { OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Specification } from '../../define/specification.ts';
import type { FittedBy } from '../cross-validate/fitted-by.ts';
import type { LabelledRows, Target } from '../cross-validate/labelled-rows.ts';
import { type ParamValues, paramsOf } from './evaluate-trial.ts';
import { type GridSearchOptions, gridCandidates } from './grid-search.ts';
import { listOptions } from './option-paths.ts';
import { randomPoints } from './random-search.ts';
import { type MethodFor, runSearch } from './run-search.ts';
import { checkSearchOptions, requireCount, type SearchOptions } from './search-options.ts';
import type { SearchResult } from './search-result.ts';
import { requireAccepted, resolveSpaces, type SpacesLike } from './search-spaces.ts';
import { subsampleTraining } from './subsample.ts';
import { rankTrials, type Trial } from './trial.ts';
import { seedOf } from './trial-seed.ts';

export interface HalvingSearchOptions<R extends boolean = boolean> extends SearchOptions<R> {
  /** The candidates: every combination of a grid. Not together with `spaces`. */
  readonly grid?: GridSearchOptions['grid'] | undefined;
  /** Where random candidates are drawn from; default: the own spaces of all options that have one. */
  readonly spaces?: SpacesLike | undefined;
  /** Random candidates; default: as many as the first round has room for, maxResource / minResource. */
  readonly nCandidates?: number | undefined;
  /** What the rounds give more and more of: training `rows` (default), or the option of that path, e.g. `nEstimators`. */
  readonly resource?: string | undefined;
  /** Only one in so many candidates goes on to the next round, with so many times the resource. Default 3. */
  readonly factor?: number | undefined;
  /**
   * Resource of the first round. Default: with a known number of candidates such that the last round uses all; else the least: for
   * rows twice the folds (times the classes), for an option 1.
   */
  readonly minResource?: number | undefined;
  /** Resource of the last round at most. Default: all training rows of a fold; an option needs it said. */
  readonly maxResource?: number | undefined;
  /** Seed of the candidates and of the rows; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
}

const optionNames = [
  ...['grid', 'spaces', 'nCandidates', 'resource', 'factor', 'minResource', 'maxResource', 'randomState'],
];

/**
 * Successive halving (Jamieson & Talwalkar 2016): all candidates compete with few training rows (or a small value of a resource
 * option), the best third with three times as many, and so on; the best of the last round wins. Rounds as in scikit-learn's
 * `HalvingGridSearchCV` and `HalvingRandomSearchCV` without aggressive elimination; unlike there the test rows are always all of them.
 * @throws OptionError for a path, value or resource that does not fit; JobError when no candidate gives a score; AbortError.
 */
export async function halvingSearch<Spec extends Specification, Y extends Target, R extends boolean = true>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: HalvingSearchOptions<R> = {},
): Promise<SearchResult<Spec, R extends false ? undefined : FittedBy<Spec, Y>>> {
  checkSearchOptions('halvingSearch', options, optionNames);
  return runSearch(specification, x, y, options, halvingMethod(specification, options));
}

/** A round: so many candidates with so much of the resource. */
export interface Rung {
  readonly candidates: number;
  readonly resource: number;
}

/** {@link halvingSearch} as a method. @throws OptionError */
export function halvingMethod(specification: Specification, options: HalvingSearchOptions): MethodFor {
  const { grid, spaces, resource = 'rows', factor = 3, randomState = 0 } = options;
  if (grid !== undefined && (spaces !== undefined || options.nCandidates !== undefined)) {
    throw new OptionError(
      'option/conflict',
      'halvingSearch takes a grid, or spaces and nCandidates, but not both.',
      {
        option: 'grid',
      },
    );
  }
  if (!(factor > 1)) {
    throw new OptionError('option/invalid', `factor must be above 1, got ${factor}.`, { option: 'factor' });
  }
  const seed = seedOf(randomState);
  const fixed = grid === undefined ? undefined : gridCandidates(specification, grid);
  const drawn = grid === undefined ? resolveSpaces(specification, spaces) : undefined;
  return (data, splits) => {
    const limits = limitsOf(specification, options, data, splits);
    const count = options.nCandidates ?? Math.max(1, Math.floor(limits.max / limits.min));
    requireCount('nCandidates', count, 1);
    const candidates = fixed ?? randomPoints(drawn!, count, seed);
    const isCounted = fixed !== undefined || options.nCandidates !== undefined;
    const min =
      isCounted && options.minResource === undefined
        ? exhausting(candidates.length, limits, factor)
        : limits.min;
    const rungs = rungsOf(candidates.length, min, limits.max, factor);
    return {
      settings: { kind: 'halving', candidates: candidates.map(paramsOf), resource, rungs, seed },
      trials: rungs.reduce((sum, rung) => sum + rung.candidates, 0),
      lag: Number.POSITIVE_INFINITY,
      async run(session) {
        let survivors: readonly ParamValues[] = candidates;
        let ranked: Trial[] = [];
        let from = 0;
        for (const [index, rung] of rungs.entries()) {
          const values = survivors.slice(0, rung.candidates);
          const trials = await session.runSeries({
            ...{ from, to: from + values.length, lag: Number.POSITIVE_INFINITY },
            splits: resource === 'rows' ? subsampleTraining(data, splits, rung.resource, seed) : splits,
            rung: { index, resource: rung.resource },
            propose: (number) => {
              const own = values[number - from];
              return resource === 'rows' ? own : { ...own, [resource]: rung.resource };
            },
          });
          const better = rankTrials(trials, session.ranking);
          // A round that the budget cut short, or that all failed, decides nothing: the one before does.
          if (better.length === 0 || (trials.length < values.length && index > 0)) break;
          ranked = better;
          survivors = ranked.map(({ number }) => values[number - from]);
          from += values.length;
          if (session.isSpent) break;
        }
        return ranked;
      },
    };
  };
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

function limitsOf(
  specification: Specification,
  { resource = 'rows', minResource, maxResource }: HalvingSearchOptions,
  { classes }: LabelledRows,
  splits: readonly Split[],
): Limits {
  const rows = Math.min(...splits.map(({ train }) => train.length));
  const isRows = resource === 'rows';
  if (!isRows && maxResource === undefined) {
    throw new OptionError(
      'option/invalid',
      `halvingSearch needs maxResource, the value of '${resource}' in the last round.`,
      { option: 'maxResource' },
    );
  }
  const max = isRows ? Math.min(rows, maxResource ?? rows) : maxResource!;
  const min = minResource ?? (isRows ? Math.min(max, 2 * splits.length * (classes?.length ?? 1)) : 1);
  requireCount('minResource', min, 1);
  requireCount('maxResource', max, min);
  if (!isRows)
    for (const end of [min, max]) requireAccepted(specification, listOptions(specification), resource, end);
  return { min, max };
}

/** The resource of the first round with which the last one uses all. */
function exhausting(candidates: number, { min, max }: Limits, factor: number): number {
  return Math.max(min, Math.floor(max / factor ** (roundsFor(candidates, factor) - 1)));
}

/** Rounds until fewer than `factor` of `count` are left. Rounding keeps exact powers of the factor whole. */
function roundsFor(count: number, factor: number): number {
  return 1 + Math.floor(Math.log(count) / Math.log(factor) + 1e-12);
}

export function rungsOf(candidates: number, min: number, max: number, factor: number): Rung[] {
  const rounds = Math.min(roundsFor(candidates, factor), roundsFor(max / min, factor));
  return Array.from({ length: rounds }, (_, round) => ({
    candidates: Math.ceil(candidates / factor ** round),
    resource: Math.min(max, Math.floor(min * factor ** round)),
  }));
}
