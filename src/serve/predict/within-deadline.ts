import type { Eventually } from '../../core/eventually.ts';

/**
 * Gives `work` a signal that fires after `timeoutMs`, or when `leave` is called (the client went away). Work that is done at once costs no
 * timer.
 */
export function withinDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Eventually<T>,
  onStart?: (leave: () => void) => void,
): Eventually<T> {
  const controller = new AbortController();
  const result = work(controller.signal);
  if (!(result instanceof Promise)) return result;
  const leave = () => controller.abort();
  const timer = setTimeout(leave, timeoutMs);
  onStart?.(leave);
  return result.finally(() => clearTimeout(timer));
}
