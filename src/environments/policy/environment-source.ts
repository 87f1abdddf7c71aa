import { fileURLToPath } from 'node:url';
import { FileError, OptionError } from '../../core/errors.ts';
import type { Environment, EnvironmentReference } from '../environment.ts';
import { type GuardOptions, guardEnvironment } from '../guard-environment.ts';
import { makeEnvironment } from '../make-environment.ts';

/**
 * What `learn` takes: a name of heddle's environments, where an environment can be made (a module of one's own), an environment, or a
 * function that makes one, for algorithms that step several. An environment with a `reference` (as all of heddle's have) is made again on a
 * worker thread; another stays on the caller's, as does what the function makes.
 */
export type EnvironmentSource = string | EnvironmentReference | Environment | (() => Environment);

export type ResolvedSource =
  | { readonly kind: 'reference'; readonly reference: EnvironmentReference }
  | {
      readonly kind: 'object';
      readonly environment: Environment;
      readonly make: (() => Environment) | undefined;
    };

export function resolveSource(source: EnvironmentSource): ResolvedSource {
  if (typeof source === 'string') return { kind: 'reference', reference: { name: source } };
  if (typeof source === 'function') return { kind: 'object', environment: source(), make: source };
  if ('step' in source) {
    const { reference } = source;
    return reference === undefined
      ? { kind: 'object', environment: source, make: undefined }
      : { kind: 'reference', reference };
  }
  return { kind: 'reference', reference: source };
}

/** @throws OptionError when the module exports no such function, FileError when it cannot be loaded; what the function throws. */
export async function makeReferenced({
  name,
  options = {},
  module,
}: EnvironmentReference): Promise<Environment> {
  if (module === undefined) return makeEnvironment(name, options);
  const make = (await importModule(module))[name];
  if (typeof make !== 'function') {
    throw new OptionError(
      'environment/not-exported',
      `${module} exports no function '${name}' that makes an environment.`,
      { module, name },
    );
  }
  return (await make(options)) as Environment;
}

async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(module)) as Record<string, unknown>;
  } catch (error) {
    const path = module.startsWith('file:') ? fileURLToPath(module) : module;
    throw new FileError(
      'environment/no-module',
      `Cannot load the environment of '${path}': ${(error as Error).message}`,
      { file: path },
      error,
    );
  }
}

/** An environment that cannot go on forever; those of others are watched at every step. */
export function safeEnvironment(
  environment: Environment,
  reference: EnvironmentReference | undefined,
  options: GuardOptions,
): Environment {
  const isTrusted = reference !== undefined && reference.module === undefined;
  return isTrusted && environment.maxEpisodeSteps !== undefined
    ? environment
    : guardEnvironment(environment, options);
}

/**
 * Up to `count` environments beginning with `first`, each watched. Fewer where no more can be made: those given as an object exist once,
 * and a maker that hands out the same one again is taken at its word.
 */
export async function copiesOf(
  first: Environment,
  count: number,
  makeAnother: (() => Environment | Promise<Environment>) | undefined,
  watch: (environment: Environment) => Environment,
): Promise<Environment[]> {
  const bare = new Set([first]);
  while (bare.size < count && makeAnother !== undefined) {
    const next = await makeAnother();
    if (bare.has(next)) break;
    bare.add(next);
  }
  return [...bare].map(watch);
}
