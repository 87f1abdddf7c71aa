import { OptionError, suggestion } from '../../core/errors.ts';
import type { SearchSpace } from '../../core/options.ts';
import type { RandomState } from '../../core/random.ts';
import type { Specification } from '../../define/specification.ts';
import { type FoundOption, listOptions } from './option-paths.ts';

/** A value that a search may give an option. */
export type ParamValue = string | number | boolean | null;
export type Params = Readonly<Record<string, ParamValue>>;
export type Spaces = Readonly<Record<string, SearchSpace>>;

/**
 * Where to search: spaces (or lists of values) by option path; or paths of options and steps whose own spaces are meant; by
 * default the own spaces of all options that have one.
 */
export type SpacesLike = Readonly<Record<string, SearchSpace | readonly ParamValue[]>> | readonly string[];

/**
 * The spaces to search, checked.
 * @throws OptionError for a path that leads nowhere, a space that is empty or reaches beyond what its option takes.
 */
export function resolveSpaces(specification: Specification, given?: SpacesLike): Spaces {
  const options = listOptions(specification);
  const spaces =
    given === undefined || isPaths(given) ? ownSpaces(specification, options, given) : givenSpaces(given);
  if (Object.keys(spaces).length === 0) {
    throw new OptionError(
      'search/no-space',
      `${specification.name} has no option with a space of its own to search. Say where: { spaces: { option: uniform(0, 1) } }.`,
      { owner: specification.name, option: 'spaces' },
    );
  }
  for (const [path, space] of Object.entries(spaces)) {
    requireBounds(path, space);
    for (const end of space.kind === 'choices' ? space.values : [space.low, space.high]) {
      requireAccepted(specification, options, path, end);
    }
  }
  return spaces;
}

function isPaths(given: SpacesLike): given is readonly string[] {
  return Array.isArray(given);
}

function ownSpaces(
  { name }: Specification,
  options: readonly FoundOption[],
  paths: readonly string[] | undefined,
): Spaces {
  const all = options.filter(({ search }) => search !== undefined);
  const wanted = (path: string) =>
    paths === undefined || paths.some((given) => path === given || path.startsWith(`${given}.`));
  for (const path of paths ?? []) {
    if (all.some((found) => found.path === path || found.path.startsWith(`${path}.`))) continue;
    const known = all.map((found) => found.path);
    throw new OptionError(
      'option/unknown',
      `${name} has no option '${path}' with a space of its own.${suggestion(path, known)} Those with one are ${known.join(', ') || 'none'}.`,
      { owner: name, option: path },
    );
  }
  return Object.fromEntries(
    all.filter(({ path }) => wanted(path)).map(({ path, search }) => [path, search!]),
  );
}

function givenSpaces(given: Exclude<SpacesLike, readonly string[]>): Spaces {
  return Object.fromEntries(
    Object.entries(given).map(([path, space]) => [
      path,
      Array.isArray(space) ? { kind: 'choices' as const, values: space } : (space as SearchSpace),
    ]),
  );
}

function requireBounds(path: string, space: SearchSpace): void {
  const refuse = (why: string) => {
    throw new OptionError('search/bad-space', `The search space of '${path}' ${why}.`, { option: path });
  };
  switch (space.kind) {
    case 'choices':
      if (space.values.length === 0) refuse('holds no values');
      return;
    case 'uniform':
    case 'logUniform':
    case 'integers': {
      const { low, high } = space;
      if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
        refuse(`runs from ${low} to ${high}`);
      const isLog = space.kind === 'logUniform' || (space.kind === 'integers' && space.log === true);
      if (isLog && low <= 0) refuse(`is logarithmic, but starts at ${low}; it must be above 0`);
      if (space.kind === 'integers' && !(Number.isInteger(low) && Number.isInteger(high))) {
        refuse(`holds integers, but runs from ${low} to ${high}`);
      }
      return;
    }
    default:
      refuse('is none: write uniform(low, high), logUniform(…), integers(…), choices(…) or a list of values');
  }
}

/** @throws OptionError when no option goes by that path, or it does not take the value. */
export function requireAccepted(
  specification: Specification,
  options: readonly FoundOption[],
  path: string,
  value: unknown,
): void {
  const found = options.find((candidate) => candidate.path === path);
  if (found === undefined) {
    // A whole step; the step's container checks it.
    if (options.some((candidate) => candidate.path.startsWith(`${path}.`))) return;
    const known = options.map((candidate) => candidate.path);
    throw new OptionError(
      'option/unknown',
      `${specification.name} has no option '${path}'.${suggestion(path, known)} Its options are ${known.join(', ')}.`,
      { owner: specification.name, option: path },
    );
  }
  const { success, error } = found.owner.definition.options.shape[found.option].safeParse(value);
  if (success) return;
  throw new OptionError(
    'option/invalid',
    `The search would set '${path}' to ${JSON.stringify(value) ?? String(value)}, which ${found.owner.name} does not take. ${error.issues[0].message}.`,
    { option: path },
  );
}

/** A value drawn from a space; logarithmic ones are uniform in the logarithm. */
export function sampleSpace(space: SearchSpace, random: RandomState): ParamValue {
  switch (space.kind) {
    case 'uniform':
      return random.uniform(space.low, space.high);
    case 'logUniform':
      return clamp(Math.exp(random.uniform(Math.log(space.low), Math.log(space.high))), space);
    case 'integers': {
      const { low, high, log = false } = space;
      if (!log) return random.randint(low, high + 1);
      return clamp(Math.round(Math.exp(random.uniform(Math.log(low - 0.5), Math.log(high + 0.5)))), space);
    }
    case 'choices':
      return space.values[random.randint(space.values.length)];
    default:
      return space satisfies never;
  }
}

export function sampleParams(spaces: Spaces, random: RandomState): Params {
  return Object.fromEntries(
    Object.entries(spaces).map(([path, space]) => [path, sampleSpace(space, random)]),
  );
}

/** Rounding can leave the interval by a bit. */
export function clamp(value: number, { low, high }: { readonly low: number; readonly high: number }): number {
  return Math.min(high, Math.max(low, value));
}
