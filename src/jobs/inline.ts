import { AbortError, JobError } from '../core/errors.ts';
import { Team } from '../kernels/host/team.ts';
import type { Job, JobOptions, UserFunctions } from './job.ts';
import { wantedThreads } from './threads.ts';

let inlineTeam: Team | undefined;

function team(): Team {
  inlineTeam ??= new Team(1);
  return inlineTeam;
}

/**
 * A job on the caller's own thread, for work of microseconds (a prediction of few rows) and for user functions that no
 * worker can import. Its team has one thread.
 */
export function inlineJob(
  options: JobOptions & { readonly functions?: UserFunctions | undefined } = {},
): Job {
  return {
    threads: 1,
    get team() {
      return team();
    },
    checkpoint() {
      if (options.signal?.aborted) throw new AbortError();
    },
    progress(fraction, message) {
      options.onProgress?.({ fraction, message });
    },
    warn(code, message) {
      options.onWarning?.({ code, message });
    },
    async call(name, ...values) {
      const user = options.functions?.[name];
      if (user === undefined)
        throw new JobError('job/no-function', `The job calls an unknown function '${name}'.`);
      return user(...(values as never[]));
    },
  };
}

/** Runs synchronous work inline and frees what it allocated. */
export function runInline<R>(work: (job: Job) => R): R {
  const mark = inlineTeam?.arena.mark();
  try {
    return work(inlineJob());
  } catch (error) {
    discardBroken(error);
    throw error;
  } finally {
    inlineTeam?.arena.release(mark);
  }
}

let last: Promise<unknown> = Promise.resolve();
/** Inline work that has not ended. */
let pending = 0;

/**
 * Runs `work` inline once all earlier inline work has ended, since its memory is a stack.
 * @throws AbortError when the signal has fired before it is its turn, OptionError for unfit options.
 */
export function runInlineAsync<R>(
  work: (job: Job) => R | Promise<R>,
  options: JobOptions & { readonly functions?: UserFunctions | undefined } = {},
): Promise<R> {
  const result = last.then(async () => {
    wantedThreads(options.threads);
    if (options.signal?.aborted) throw new AbortError();
    const mark = inlineTeam?.arena.mark();
    try {
      return await work(inlineJob(options));
    } catch (error) {
      discardBroken(error);
      throw error;
    } finally {
      inlineTeam?.arena.release(mark);
    }
  });
  follow(result);
  return result;
}

/**
 * Runs `work` inline at once, for work of microseconds that usually returns no promise; where it does, its memory is kept and
 * later work waits until it has ended.
 * @returns undefined when earlier inline work has not ended, so that it is not this one's turn.
 */
export function runInlineNow<R extends object>(
  work: (job: Job) => R | Promise<R>,
  options: { readonly functions?: UserFunctions | undefined } = {},
): R | Promise<R> | undefined {
  if (pending > 0) return undefined;
  const mark = inlineTeam?.arena.mark();
  const release = () => inlineTeam?.arena.release(mark);
  try {
    const result = work(inlineJob(options));
    if (!(result instanceof Promise)) {
      release();
      return result;
    }
    const ended = result.catch(rethrowBroken).finally(release);
    follow(ended);
    return ended;
  } catch (error) {
    discardBroken(error);
    release();
    throw error;
  }
}

function rethrowBroken(error: unknown): never {
  discardBroken(error);
  throw error;
}

/** Lets later inline work wait for `work`. */
function follow(work: Promise<unknown>): void {
  pending++;
  last = work.then(
    () => pending--,
    () => pending--,
  );
}

/** After a trap a team refuses further work. */
function discardBroken(error: unknown): void {
  if (error instanceof JobError && error.code === 'job/kernel-failed') inlineTeam = undefined;
}
