import { OptionError } from '../core/errors.ts';

/** Values of `--set`, `alpha=0.1`, as entries; the last one of a name wins. @throws OptionError for a text without `=`. */
export function settings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((setting) => {
      const at = setting.indexOf('=');
      if (at > 0) return [setting.slice(0, at).trim(), setting.slice(at + 1).trim()];
      throw new OptionError(
        'command/bad-flag',
        `--set takes NAME=VALUE, e.g. alpha=0.1, but got '${setting}'.`,
        { flag: 'set' },
      );
    }),
  );
}
