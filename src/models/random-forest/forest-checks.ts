import { OptionError } from '../../core/errors.ts';
import { refuseAbsolute } from '../tree-options.ts';

interface Checked {
  readonly bootstrap: boolean;
  readonly maxSamples: number | null;
  readonly oobScore: boolean;
  readonly criterion: string;
  readonly monotonicCst: unknown;
  /** Absent where no splits are but drawn ones. */
  readonly splits?: 'exact' | 'histogram';
}

/** @throws OptionError for options that need bootstrap, without it, and for what the absolute error does not go with. */
export function checkForestOptions({
  bootstrap,
  maxSamples,
  oobScore,
  criterion,
  monotonicCst,
  splits,
}: Checked): void {
  if (criterion === 'absoluteError') refuseAbsolute(splits !== 'exact', monotonicCst !== null);
  if (bootstrap) return;
  const option = oobScore ? 'oobScore' : maxSamples !== null ? 'maxSamples' : undefined;
  if (option === undefined) return;
  throw new OptionError(
    'option/conflict',
    `${option} needs bootstrap: without it every tree sees all rows. Set bootstrap: true, or leave ${option} out.`,
    { option },
  );
}
