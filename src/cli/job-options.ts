import type { JobOptions } from '../jobs/job.ts';
import { type Io, printWarning } from './io.ts';
import type { ProgressLine } from './progress-line.ts';

export interface CommandWork {
  readonly io: Io;
  readonly flags: { readonly threads: number | undefined };
  readonly progress: ProgressLine;
  /** Where warnings are collected, each once; without it those who warn collect them. */
  readonly warnings?: string[] | undefined;
}

/** What work for a command gets: its progress and its warnings show on stderr, an interrupt ends it. */
export function jobOptions(task: string, { io, flags, progress, warnings }: CommandWork): JobOptions {
  return {
    signal: io.signal,
    threads: flags.threads,
    onProgress: (state) => progress.show(task, state),
    onWarning: ({ message }) => {
      if (warnings?.includes(message)) return;
      warnings?.push(message);
      progress.wipe();
      printWarning(io, message);
    },
  };
}
