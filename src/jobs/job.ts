import type { Team } from '../kernels/host/team.ts';

/** What a running fit or prediction knows of its surroundings. */
export interface Job {
  /** Threads of {@link team}. Results never depend on it. */
  readonly threads: number;
  /** Kernels and their memory; everything allocated in its arena is freed when the job ends. Created when first read. */
  readonly team: Team;
  /**
   * Call it between slices of work of at most 10 ms or so.
   * @throws AbortError when the caller's signal asked to stop.
   */
  checkpoint(): void;
  /** Reports how far the work is, 0 … 1; calls more frequent than every 50 ms are dropped. */
  progress(fraction: number, message?: string): void;
  /** Reports something the user should know, e.g. that an iteration did not converge. */
  warn(code: string, message: string): void;
  /** Calls a user's function on the caller's thread. Shared memory in the arguments is shared, the rest is cloned. */
  call(name: string, ...values: unknown[]): Promise<unknown>;
}

/** A function exported by a module that a worker thread can run. */
export type Task<P, R> = (payload: P, job: Job) => R | Promise<R>;

export interface Progress {
  /** Share of the work that is done, 0 … 1. */
  readonly fraction: number;
  readonly message: string | undefined;
}

export interface JobWarning {
  readonly code: string;
  readonly message: string;
}

export type UserFunctions = Readonly<Record<string, (...values: never[]) => unknown>>;

/** What the caller of a job may say. */
export interface JobOptions {
  /** Threads to use at most; default: all the machine offers, or `HEDDLE_THREADS`. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onWarning?: ((warning: JobWarning) => void) | undefined;
}

export interface JobRequest<P> extends JobOptions {
  /** URL of the module that exports the task. */
  readonly module: string;
  readonly name: string;
  /** Structured-cloneable; shared memory in it is shared. */
  readonly payload: P;
  readonly functions?: UserFunctions | undefined;
}
