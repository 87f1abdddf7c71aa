import { AbortError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';

/**
 * Gives `work` a signal that fires after `timeoutMs`, or when what `onStart` is given is called (the client went away). Work that is done at
 * once costs no timer; work that does not stop is no longer waited for.
 * @throws through its promise: AbortError.
 */
export function withinDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Eventually<T>,
  onStart?: (leave: () => void) => void,
): Eventually<T> {
  const controller = new AbortController();
  const result = work(controller.signal);
  if (!(result instanceof Promise)) return result;
  const stopped = Promise.withResolvers<never>();
  const leave = () => {
    controller.abort();
    stopped.reject(new AbortError());
  };
  const timer = setTimeout(leave, timeoutMs);
  onStart?.(leave);
  return Promise.race([result, stopped.promise]).finally(() => clearTimeout(timer));
}
