import type { RandomState } from '../../core/random.ts';
import type { ParamValue, Spaces } from '../search/search-spaces.ts';
import { type Observation, proposeByTpe } from '../search/tpe.ts';

/** What a trial sets: options by path; those that are left out keep their defaults. */
export type SetOptions = Readonly<Record<string, ParamValue>>;

/** Share of the trials, the best, that say which options are worth setting. */
const GOOD_SHARE = 0.25;

/**
 * The next options to try: values by {@link proposeByTpe}, each set with the probability (g + 1) / (n + 2) where g of the n best trials
 * set it (Laplace's rule of succession), else left at its default. Defaults are good starts and often, such as no bound, not in the space; and
 * the more options a model has, the less likely are random values of all of them to be any good.
 * @param observed Trials with the options that they set, oldest first.
 */
export function proposeOptions(
  spaces: Spaces,
  observed: readonly (Omit<Observation, 'params'> & { readonly params: SetOptions })[],
  random: RandomState,
): SetOptions {
  const paths = Object.keys(spaces);
  const best = observed
    .filter(({ loss, progress }) => !Number.isNaN(loss) && progress === 1)
    .toSorted((a, b) => a.loss - b.loss)
    .slice(0, Math.ceil(GOOD_SHARE * observed.length));
  const wanted = paths.filter((path) => {
    const setting = best.filter(({ params }) => Object.hasOwn(params, path)).length;
    return random.randomSample() < (setting + 1) / (best.length + 2);
  });
  const values = proposeByTpe(spaces, observed, random);
  // All at their defaults is the trial that comes first.
  const set = wanted.length === 0 ? [paths[random.randint(paths.length)]!] : wanted;
  return Object.fromEntries(set.map((path) => [path, values[path]!]));
}
