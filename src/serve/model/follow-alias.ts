import { watchAlias } from '../../store/registry/watch-alias.ts';
import type { ModelSlot } from './model-slot.ts';
import type { ModelSource } from './model-source.ts';

export interface FollowEvents {
  swapped(from: number | null, to: number | null): void;
  failed(version: number | null, error: unknown): void;
}

/** Keeps a slot at what a reference of a registry means. */
export interface Follower extends Disposable {
  /** Looks now. @returns whether another version is served than before. */
  refresh(): Promise<boolean>;
}

/**
 * Serves another version when the reference comes to mean one: it is loaded and tried while the old one still answers, then takes its
 * place. One that cannot be loaded changes nothing, but is told.
 */
export function followAlias(
  source: ModelSource,
  slot: ModelSlot,
  { pollMs, events }: { readonly pollMs: number; readonly events: FollowEvents },
): Follower {
  const { registry, reference } = source;
  if (registry === undefined) return { refresh: async () => false, [Symbol.dispose]() {} };
  let isClosed = false;
  let work: Promise<boolean> = Promise.resolve(false);
  const refresh = () => {
    work = work.then(swap);
    return work;
  };
  const swap = async (): Promise<boolean> => {
    let wanted: number | null = null;
    try {
      const version = source.newest!();
      wanted = version.version;
      const before = slot.current.model.identity.version;
      if (isClosed || wanted === before) {
        slot.failure = null;
        return false;
      }
      const model = await source.loadVersion!(version);
      if (isClosed) {
        model[Symbol.dispose]();
        return false;
      }
      slot.replace(model);
      events.swapped(before, wanted);
      return true;
    } catch (error) {
      slot.failure = { version: wanted, message: (error as Error).message, at: new Date() };
      events.failed(wanted, error);
      return false;
    }
  };
  const watch = watchAlias(registry, reference!, () => void refresh(), {
    current: slot.current.model.identity.version ?? 0,
    intervalMs: pollMs,
    // The reference means nothing any more: what was loaded is served on.
    onError: (error) => events.failed(null, error),
  });
  return {
    refresh,
    [Symbol.dispose]() {
      isClosed = true;
      watch[Symbol.dispose]();
    },
  };
}
