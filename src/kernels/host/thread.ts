import type { Kernels } from '../signatures.ts';
import type { WasmMemory, WasmModule } from './webassembly.ts';

/** What a gang function gets: one of the threads of a team that run it at once. */
export interface TeamThread {
  readonly thread: number;
  readonly threads: number;
  readonly kernels: Kernels;
  readonly memory: WasmMemory;
  /** Whether the job is to stop. The team's owner knows; to the other threads it is false, see `queue.ts`. */
  isInterrupted(): boolean;
}

/** A function exported by a module, run by every thread of a team; the results of threads go through shared memory. */
export type GangFunction<P> = (thread: TeamThread, payload: P) => void | Promise<void>;

/** Sent to a helper thread when it starts. */
export interface HelperStart {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly thread: number;
  readonly threads: number;
}

/** Sent to a helper that has left its command loop. */
export interface GangMessage {
  readonly module: string;
  readonly name: string;
  readonly payload: unknown;
}
