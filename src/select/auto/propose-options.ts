import { choices } from '../../core/options.ts';
import type { RandomState } from '../../core/random.ts';
import type { Params, ParamValue, Spaces } from '../search/search-spaces.ts';
import { type Observation, proposeByTpe } from '../search/tpe.ts';

/** What a trial sets: options by path; those that are left out keep their defaults. */
export type SetOptions = Readonly<Record<string, ParamValue>>;

const flagOf = (path: string) => `set ${path}`;
const isSet = choices(true, false);

/**
 * The next options to try by {@link proposeByTpe}, each of which may also stay at its default: whether it does is one more choice
 * that the estimator learns. Defaults are good starts (and often, such as no bound, not in the space), and the more options a
 * model has, the less likely are random values of all of them to be any good.
 * @param observed Trials with the options that they set.
 */
export function proposeOptions(
  spaces: Spaces,
  observed: readonly (Omit<Observation, 'params'> & { readonly params: SetOptions })[],
  random: RandomState,
): SetOptions {
  const paths = Object.keys(spaces);
  // A single option at its default is the trial that comes first.
  if (paths.length === 1) {
    const values = observed.filter(({ params }) => Object.hasOwn(params, paths[0]!));
    return proposeByTpe(spaces, values, random);
  }
  const flags = Object.fromEntries(paths.map((path) => [flagOf(path), isSet]));
  const known = observed.map((trial) => ({
    ...trial,
    params: {
      ...trial.params,
      ...Object.fromEntries(paths.map((path) => [flagOf(path), Object.hasOwn(trial.params, path)])),
    },
  }));
  const proposed = proposeByTpe({ ...flags, ...spaces }, known, random);
  const set = paths.filter((path) => proposed[flagOf(path)] === true);
  return pick(proposed, set.length === 0 ? paths : set);
}

function pick(params: Params, paths: readonly string[]): SetOptions {
  return Object.fromEntries(paths.map((path) => [path, params[path]!]));
}
