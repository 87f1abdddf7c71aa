import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** URL of the module with the tasks that worker threads run. */
export const tasksModule = new URL(
  `./tasks.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
).href;

/** Floating-point operations up to which work stays on the caller's thread: well under a millisecond. */
export const INLINE_OPERATIONS = 500_000;

let entry: string | undefined;
let warned = false;

/** The process's entry file as a URL; empty when there is none (a REPL, `--eval`). */
function entryUrl(): string {
  if (entry === undefined) {
    const path = process.argv[1];
    try {
      entry = path === undefined ? '' : pathToFileURL(realpathSync(path)).href;
    } catch {
      entry = '';
    }
  }
  return entry;
}

/**
 * Whether a definition lives where no worker thread can import it without running the user's program again: in the
 * process's entry file. Then the work runs on the caller's thread, and a warning says so once.
 */
export function mustRunInline(modules: ReadonlySet<string>): boolean {
  const inline = [...modules].some((module) => module === entryUrl() || !module.startsWith('file:'));
  if (inline && !warned) {
    warned = true;
    process.emitWarning(
      'A model is defined in the entry file of this process, so its work runs on the main thread. ' +
        'Move the definition to a module of its own to use worker threads.',
      { code: 'HEDDLE_INLINE' },
    );
  }
  return inline;
}
