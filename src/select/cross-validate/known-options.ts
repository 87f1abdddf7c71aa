import { OptionError, suggestion } from '../../core/errors.ts';

/** @throws OptionError naming an option that `owner` does not have, and the nearest that it has. */
export function requireKnownOptions(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new OptionError(
      'option/unknown',
      `${owner} has no option '${name}'.${suggestion(name, known)} Its options are ${known.join(', ')}.`,
      { owner, option: name },
    );
  }
}
