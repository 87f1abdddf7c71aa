import { pathToFileURL } from 'node:url';
import { OptionError } from '../../core/errors.ts';
import type { EnvironmentReference } from '../../environments/environment.ts';
import { listEnvironments } from '../../environments/make-environment.ts';
import { optionsFromTexts } from '../../select/option-text.ts';
import { settings } from '../settings.ts';

/**
 * The environment that a command was given: a name, or `FILE` or `FILE#EXPORT` of a module of one's own.
 * @param given Options as `NAME=VALUE`.
 */
export function environmentReference(environment: string, given: readonly string[]): EnvironmentReference {
  const texts = settings(given);
  const [file, name = 'makeEnvironment'] = environment.split('#');
  if (/\.[cm]?[jt]s$/.test(file!)) {
    return { name, module: pathToFileURL(file!).href, options: parsed(texts) };
  }
  const found = listEnvironments().find((one) => one.name === environment);
  const { maxEpisodeSteps, ...others } = texts;
  return {
    name: environment,
    options: {
      ...(found === undefined ? parsed(others) : optionsFromTexts(found.options as never, others)),
      ...(maxEpisodeSteps !== undefined && { maxEpisodeSteps: stepLimit(maxEpisodeSteps) }),
    },
  };
}

/** Values without a schema: as JSON where they are JSON, else as text. */
function parsed(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}

function stepLimit(text: string): number | null {
  if (text === 'null') return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new OptionError(
    'option/invalid',
    `maxEpisodeSteps is a whole number from 1 on, or null, not '${text}'.`,
    { option: 'maxEpisodeSteps' },
  );
}

/** `FrozenLake-v1 (mapName 8x8)`. */
export function environmentText({ name, options = {}, module }: EnvironmentReference): string {
  const facts = Object.entries(options).map(([option, value]) => `${option} ${String(value)}`);
  const shown = module === undefined ? name : `${name} of ${module.split('/').at(-1)}`;
  return facts.length === 0 ? shown : `${shown} (${facts.join(', ')})`;
}
