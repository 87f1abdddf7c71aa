import { AbortError } from '../../core/errors.ts';

export interface OrderedRun<R> {
  /** Numbers to run: `from`, from + 1, … below `to`. */
  readonly from: number;
  readonly to: number;
  /** How many may be under way at once. */
  readonly width: number;
  /**
   * Number `n` starts when all up to `n − lag` have ended, and sees the results of exactly those: what it does thus depends
   * neither on timing nor on threads. Infinity when it looks at nothing.
   */
  readonly lag: number;
  /** Undefined ends the run: there is nothing more to do. */
  readonly start: (number: number, visible: readonly R[], signal: AbortSignal) => Promise<R> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs numbered pieces of work, several at once, each with a view of the results before it that is the same every time.
 * When one fails, the others are told to stop, and the error is thrown once all have ended.
 */
export async function runInOrder<R>({ from, to, width, lag, start, signal }: OrderedRun<R>): Promise<R[]> {
  const failure = new AbortController();
  const common = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const results: R[] = [];
  const running = new Map<number, Promise<void>>();
  let first: { readonly error: unknown } | undefined;
  const oldest = () => Math.min(...running.keys());
  for (let number = from; number < to && first === undefined; number++) {
    while (running.size > 0 && (running.size >= width || oldest() <= number - lag)) {
      await Promise.race(running.values());
    }
    if (common.aborted) break;
    const work = start(number, results.slice(0, Math.max(0, number - from - lag + 1)), common);
    if (work === undefined) break;
    const ended = work.then(
      (result) => {
        results[number - from] = result;
      },
      (error: unknown) => {
        first ??= { error };
        failure.abort();
      },
    );
    running.set(
      number,
      ended.finally(() => running.delete(number)),
    );
  }
  await Promise.all(running.values());
  if (first !== undefined) throw first.error;
  if (signal?.aborted) throw new AbortError();
  return results;
}
