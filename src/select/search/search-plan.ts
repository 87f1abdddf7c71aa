import { OptionError, suggestion } from '../../core/errors.ts';
import type { Specification } from '../../define/specification.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import { type BayesSearchOptions, bayesMethod } from './bayes-search.ts';
import { type GridSearchOptions, gridMethod } from './grid-search.ts';
import { type HalvingSearchOptions, halvingMethod } from './halving-search.ts';
import { type RandomSearchOptions, randomMethod } from './random-search.ts';
import type { MethodFor } from './run-search.ts';
import type { SearchOptions } from './search-options.ts';

/** A way to search with its own options, as data. */
export type SearchPlan =
  | ({ readonly kind: 'grid' } & Omit<GridSearchOptions, keyof SearchOptions>)
  | ({ readonly kind: 'random' } & Omit<RandomSearchOptions, keyof SearchOptions>)
  | ({ readonly kind: 'bayes' } & Omit<BayesSearchOptions, keyof SearchOptions>)
  | ({ readonly kind: 'halving' } & Omit<HalvingSearchOptions, keyof SearchOptions>);

type Plans = { readonly [K in SearchPlan['kind']]: Extract<SearchPlan, { kind: K }> };

const methods: { readonly [K in keyof Plans]: (specification: Specification, plan: Plans[K]) => MethodFor } =
  {
    grid: (specification, { grid }) => gridMethod(specification, grid),
    random: randomMethod,
    bayes: bayesMethod,
    halving: halvingMethod,
  };

const planOptions: { readonly [K in keyof Plans]: readonly string[] } = {
  grid: ['grid'],
  random: ['spaces', 'nTrials', 'randomState'],
  bayes: ['spaces', 'nTrials', 'randomState', 'pruner', 'parallelTrials'],
  halving: [
    ...['grid', 'spaces', 'nCandidates', 'resource', 'factor', 'minResource', 'maxResource', 'randomState'],
  ],
};

/** @throws OptionError for an unknown kind or option (with the nearest), and what the method itself refuses. */
export function methodOf(specification: Specification, plan: SearchPlan): MethodFor {
  if (!Object.hasOwn(methods, plan?.kind)) {
    const kinds = Object.keys(methods);
    throw new OptionError(
      'option/invalid',
      `search says how to search, { kind: ${kinds.map((kind) => `'${kind}'`).join(' | ')}, … }, got kind ` +
        `${JSON.stringify(plan?.kind)}.${suggestion(String(plan?.kind), kinds)}`,
      { option: 'search' },
    );
  }
  requireKnownOptions(`search of kind '${plan.kind}'`, plan, ['kind', ...planOptions[plan.kind]]);
  return methods[plan.kind](specification, plan as never);
}
