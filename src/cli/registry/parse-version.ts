import { OptionError } from '../../core/errors.ts';

/** The number of a version. @throws OptionError */
export function parseVersion(given: string): number {
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw new OptionError('command/bad-parameter', `A version is a whole number such as 3, not '${given}'.`, {
    version: given,
  });
}
