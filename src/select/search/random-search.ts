import type { SearchSpace } from '../../core/options.ts';
import type { TableLike } from '../../core/table.ts';
import type { Specification } from '../../define/specification.ts';
import type { FittedBy } from '../cross-validate/fitted-by.ts';
import type { Target } from '../cross-validate/labelled-rows.ts';
import { type MethodFor, runSearch } from './run-search.ts';
import { checkSearchOptions, requireCount, type SearchOptions } from './search-options.ts';
import type { SearchResult } from './search-result.ts';
import { type Params, resolveSpaces, type Spaces, type SpacesLike, sampleParams } from './search-spaces.ts';
import { seedOf, trialRandom } from './trial-seed.ts';

export interface RandomSearchOptions<R extends boolean = boolean> extends SearchOptions<R> {
  /** Where to search; default: the own spaces of all options that have one. */
  readonly spaces?: SpacesLike | undefined;
  /** Default 20. */
  readonly nTrials?: number | undefined;
  /** Seed of the draws; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
}

/**
 * Tries random points of the options' search spaces by cross-validation. Point `i` depends on the seed and `i` alone (and on those
 * before it where all spaces are discrete: no point is drawn twice, and the search ends early when all have been).
 * @throws OptionError for a path or space that does not fit; JobError when no point gives a score; AbortError.
 */
export async function randomSearch<Spec extends Specification, Y extends Target, R extends boolean = true>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: RandomSearchOptions<R> = {},
): Promise<SearchResult<Spec, R extends false ? undefined : FittedBy<Spec, Y>>> {
  checkSearchOptions('randomSearch', options, ['spaces', 'nTrials', 'randomState']);
  return runSearch(specification, x, y, options, randomMethod(specification, options));
}

/** Random points as a method. @throws OptionError */
export function randomMethod(
  specification: Specification,
  {
    spaces: given,
    nTrials = 20,
    randomState = 0,
  }: Pick<RandomSearchOptions, 'spaces' | 'nTrials' | 'randomState'>,
): MethodFor {
  requireCount('nTrials', nTrials, 1);
  const spaces = resolveSpaces(specification, given);
  const seed = seedOf(randomState);
  const points = randomPoints(spaces, nTrials, seed);
  return () => ({
    settings: { kind: 'random', spaces, seed },
    trials: points.length,
    lag: Number.POSITIVE_INFINITY,
    run: (session, splits) =>
      session.runSeries({
        ...{ from: 0, to: points.length, lag: Number.POSITIVE_INFINITY, splits },
        propose: (number) => points[number],
      }),
  });
}

/** Draws per point after which a space is taken as exhausted. */
const MOST_DRAWS = 1000;

/** The first `count` points of a seed; asking for more later continues the same sequence. */
export function randomPoints(spaces: Spaces, count: number, seed: number): Params[] {
  const size = Object.values(spaces).reduce((product, space) => product * sizeOf(space), 1);
  const points: Params[] = [];
  const seen = new Set<string>();
  for (let number = 0; number < Math.min(count, size); number++) {
    const random = trialRandom(seed, number);
    let point = sampleParams(spaces, random);
    for (let draw = 1; seen.has(JSON.stringify(point)) && draw < MOST_DRAWS; draw++) {
      point = sampleParams(spaces, random);
    }
    seen.add(JSON.stringify(point));
    points.push(point);
  }
  return points;
}

function sizeOf(space: SearchSpace): number {
  if (space.kind === 'choices') return new Set(space.values).size;
  return space.low === space.high
    ? 1
    : space.kind === 'integers'
      ? space.high - space.low + 1
      : Number.POSITIVE_INFINITY;
}
