import { availableParallelism } from 'node:os';
import { OptionError } from '../core/errors.ts';

/** Threads used when nothing else is said: `HEDDLE_THREADS`, else what the machine offers. */
export function defaultThreads(): number {
  const wish = Number(process.env.HEDDLE_THREADS);
  return Number.isInteger(wish) && wish > 0 ? wish : availableParallelism();
}

/** The threads a caller asks for. @throws OptionError when that is no whole number of at least 1. */
export function wantedThreads(threads: number | undefined): number {
  const wanted = threads ?? defaultThreads();
  if (Number.isInteger(wanted) && wanted >= 1) return wanted;
  throw new OptionError('option/invalid', `threads must be a whole number of at least 1, got ${wanted}.`, {
    option: 'threads',
  });
}
