import { OptionError } from '../../core/errors.ts';

/** `KEY=VALUE` as entries; the last one of a key wins. @throws OptionError naming the flag */
export function parseTags(flag: string, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((tag) => {
      const at = tag.indexOf('=');
      if (at > 0) return [tag.slice(0, at), tag.slice(at + 1)];
      throw new OptionError(
        'command/bad-flag',
        `--${flag} takes KEY=VALUE, e.g. stage=trial, but got '${tag}'.`,
        { flag },
      );
    }),
  );
}
