import type { Flags, FlagValues } from './flags.ts';
import type { Io } from './io.ts';

/** One command of the program, in a file of its own that is imported when it is called. */
export interface Command<F extends Flags = Flags> {
  /** As it is called, e.g. `train` or, in a group, `registry list`. */
  readonly name: string;
  /** Positional arguments as help shows them, e.g. `DATA`; `[FAMILY]` may be left out. */
  readonly parameters: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** What help says below the flags. */
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  readonly flags: F;
  /** @returns the exit code where it is not 0. */
  run(parameters: readonly string[], flags: FlagValues<F>, io: Io): Promise<number> | Promise<void>;
}

/** Gives a command the types of its own flags. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command;
}
