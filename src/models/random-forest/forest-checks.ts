import { OptionError } from '../../core/errors.ts';

interface Checked {
  readonly bootstrap: boolean;
  readonly maxSamples: number | null;
  readonly oobScore: boolean;
}

/** @throws OptionError for options that need bootstrap, without it. */
export function checkForestOptions({ bootstrap, maxSamples, oobScore }: Checked): void {
  if (bootstrap) return;
  const option = oobScore ? 'oobScore' : maxSamples !== null ? 'maxSamples' : undefined;
  if (option === undefined) return;
  throw new OptionError(
    'option/conflict',
    `${option} needs bootstrap: without it every tree sees all rows. Set bootstrap: true, or leave ${option} out.`,
    { option },
  );
}
