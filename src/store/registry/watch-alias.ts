import type { ModelVersion, Registry } from './registry.ts';

export interface WatchOptions {
  /** Version that the caller has; default: the one that the reference names now. Anything else is a change, told at the first look. */
  readonly current?: number | undefined;
  /** Time between looks, 1000 by default; a look at an unchanged registry costs microseconds. */
  readonly intervalMs?: number | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
  /** The registry could not be read or the alias is gone; told once until that ends, the watch goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Tells when a reference (`house@champion`, `house`) comes to mean another version, whichever process moved it. The timer does not
 * keep the process alive.
 * @returns what ends the watch.
 * @throws OptionError when the reference means nothing now and `current` is not given.
 */
export function watchAlias(
  registry: Pick<Registry, 'resolve' | 'revision'>,
  reference: string,
  onChange: (version: ModelVersion) => void,
  { current, intervalMs = 1000, signal, onError }: WatchOptions = {},
): Disposable {
  let version = current ?? registry.resolve(reference).version;
  let revision: string | undefined;
  let isFailing = false;
  const look = () => {
    try {
      const seen = registry.revision();
      if (seen === revision) return;
      const found = registry.resolve(reference);
      revision = seen;
      isFailing = false;
      if (found.version === version) return;
      version = found.version;
      onChange(found);
    } catch (error) {
      if (!isFailing) onError?.(error);
      isFailing = true;
    }
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  const end = () => clearInterval(timer);
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]: () => {
      end();
      signal?.removeEventListener('abort', end);
    },
  };
}
