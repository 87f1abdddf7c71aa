import { OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { Specification } from '../../define/specification.ts';
import type { FittedBy } from '../cross-validate/fitted-by.ts';
import type { Target } from '../cross-validate/labelled-rows.ts';
import { type ParamValues, paramsOf } from './evaluate-trial.ts';
import { listOptions } from './option-paths.ts';
import { type MethodFor, runSearch } from './run-search.ts';
import { checkSearchOptions, type SearchOptions } from './search-options.ts';
import type { SearchResult } from './search-result.ts';
import { type ParamValue, requireAccepted } from './search-spaces.ts';

/** Values by option path (`alpha`, `ridge.alpha`); under the path of a step alone, specifications to put in its place. */
export type Grid = Readonly<Record<string, readonly (ParamValue | Specification)[]>>;

export interface GridSearchOptions<R extends boolean = boolean> extends SearchOptions<R> {
  /** One grid, or several that are tried one after the other. */
  readonly grid: Grid | readonly Grid[];
}

/**
 * Tries every combination of a grid by cross-validation, as scikit-learn's `GridSearchCV`: the last option of the grid changes
 * fastest, and of equal scores the first counts.
 * @throws OptionError for a path or value that does not exist; JobError when no combination gives a score; AbortError.
 */
export async function gridSearch<Spec extends Specification, Y extends Target, R extends boolean = true>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: GridSearchOptions<R>,
): Promise<SearchResult<Spec, R extends false ? undefined : FittedBy<Spec, Y>>> {
  checkSearchOptions('gridSearch', options, ['grid']);
  return runSearch(specification, x, y, options, gridMethod(specification, options.grid));
}

/** All combinations of a grid as a method. @throws OptionError */
export function gridMethod(specification: Specification, grid: GridSearchOptions['grid']): MethodFor {
  const candidates = gridCandidates(specification, grid);
  return () => ({
    settings: { kind: 'grid', candidates: candidates.map(paramsOf) },
    trials: candidates.length,
    lag: Number.POSITIVE_INFINITY,
    run: (session, splits) =>
      session.runSeries({
        ...{ from: 0, to: candidates.length, lag: Number.POSITIVE_INFINITY, splits },
        propose: (number) => candidates[number],
      }),
  });
}

/** @throws OptionError for an empty grid, a path that leads nowhere or a value that its option does not take. */
export function gridCandidates(specification: Specification, grid: GridSearchOptions['grid']): ParamValues[] {
  const grids = (Array.isArray(grid) ? grid : [grid]) as readonly Grid[];
  const options = listOptions(specification);
  for (const [path, values] of grids.flatMap((one) => Object.entries(one ?? {}))) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new OptionError('search/bad-space', `The grid needs a list of values for '${path}'.`, {
        option: path,
      });
    }
    for (const value of values) requireAccepted(specification, options, path, value);
  }
  if (grids.length === 0 || grids.some((one) => Object.keys(one ?? {}).length === 0)) {
    throw new OptionError(
      'search/no-space',
      'The grid is empty: give values by option, e.g. { alpha: [0.1, 1] }.',
      {
        option: 'grid',
      },
    );
  }
  return grids.flatMap((one) =>
    Object.entries(one).reduce<ParamValues[]>(
      (combinations, [path, values]) =>
        combinations.flatMap((before) => values.map((value) => ({ ...before, [path]: value }))),
      [{}],
    ),
  );
}
