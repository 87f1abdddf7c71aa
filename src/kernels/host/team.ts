import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type ErrorJson, errorFromJson, JobError } from '../../core/errors.ts';
import { ARGUMENT_COUNT, ARGUMENTS, COMMAND, EPOCH, FAILED, MAX_ARGUMENTS, PENDING } from '../layout.ts';
import type { Kernels } from '../signatures.ts';
import { Arena } from './arena.ts';
import { instantiate, type KernelName, kernelModule, kernelNames, teamMemory } from './instance.ts';
import type { GangFunction, GangMessage, HelperStart, TeamThread } from './thread.ts';
import { wasm } from './webassembly.ts';
import { workerArguments } from './worker-arguments.ts';

/** The command that sends a helper back to its event loop. */
export const LEAVE = -1;
/** Rounds of spinning before a thread sleeps: about a millisecond, so that a burst of commands costs no futex calls. */
export const SPINS = 400_000;

const collectModule = new URL(
  `./collect-helper.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
).href;

/** The parameters of a kernel after (thread, threads). */
type KernelArguments<K extends KernelName> = Kernels[K] extends (
  t: number,
  n: number,
  ...rest: infer R
) => unknown
  ? R
  : never;

/**
 * A fixed number of threads over one WASM memory. The thread that owns the team is its thread 0; the helpers start with
 * the first call that needs them. With one thread there are no helpers and everything runs on the owner.
 */
export class Team {
  readonly threads: number;
  readonly arena: Arena;
  /** The kernels on the owner's thread, for calls by a single thread. */
  readonly kernels: Kernels;
  readonly #module = kernelModule();
  readonly #memory = teamMemory();
  readonly #numbers: ReadonlyMap<KernelName, number>;
  readonly #control: Int32Array;
  readonly #parameters: Float64Array;
  #helpers: { readonly worker: Worker; readonly port: MessagePort }[] = [];

  constructor(threads: number) {
    this.threads = threads;
    this.arena = new Arena(this.#memory);
    this.kernels = instantiate(this.#module, this.#memory);
    this.#numbers = new Map(kernelNames(this.#module).map((name, index) => [name, index]));
    this.#control = new Int32Array(this.#memory.buffer, 0, 16);
    this.#parameters = new Float64Array(this.#memory.buffer, ARGUMENTS, MAX_ARGUMENTS);
  }

  /**
   * Every thread calls `kernel(thread, threads, …numbers)`; returns when all are done.
   * @throws JobError when a thread trapped; the team is then unusable.
   */
  call<K extends KernelName>(kernel: K, ...numbers: KernelArguments<K>): void {
    this.#start();
    this.#parameters.set(numbers as number[]);
    this.#control[ARGUMENT_COUNT] = numbers.length;
    this.#command(this.#numbers.get(kernel)!);
    this.#own(() => this.#invoke(kernel, this.threads, numbers));
    this.#join();
  }

  /** The owner alone calls `kernel(0, 1, …numbers)`: for work too small to share. */
  solo<K extends KernelName>(kernel: K, ...numbers: KernelArguments<K>): number {
    return this.#invoke(kernel, 1, numbers);
  }

  /** {@link call} when `work` (in floating-point operations, about) is worth sharing, else {@link solo}. */
  callIfLarge<K extends KernelName>(work: number, kernel: K, ...numbers: KernelArguments<K>): void {
    if (work >= 100_000) this.call(kernel, ...numbers);
    else this.solo(kernel, ...numbers);
  }

  /**
   * Every thread runs the function `name` exported by `module` (a URL) with its own {@link TeamThread}; `payload` is
   * cloned, shared memory in it is shared.
   * @param checkpoint Called by the function on the owner's thread, through `isInterrupted` of its {@link TeamThread}; what it
   *   throws is thrown once all threads have ended.
   */
  async gang<P>(module: string, name: string, payload: P, checkpoint?: () => void): Promise<void> {
    const run = (await import(module))[name] as GangFunction<P>;
    this.#start();
    for (const { port } of this.#helpers) port.postMessage({ module, name, payload } satisfies GangMessage);
    this.#command(LEAVE);
    let interruption: unknown;
    const isInterrupted = () => {
      try {
        checkpoint?.();
      } catch (error) {
        interruption = error;
      }
      return interruption !== undefined;
    };
    const self: TeamThread = {
      thread: 0,
      threads: this.threads,
      kernels: this.kernels,
      memory: this.#memory,
      isInterrupted,
    };
    let failure: unknown;
    try {
      await run(self, payload);
    } catch (error) {
      failure = error;
      Atomics.store(this.#control, FAILED, 1);
    }
    this.#join(failure);
    if (interruption !== undefined) throw interruption;
  }

  /** The owner as the only thread of a gang; its `isInterrupted` throws what `checkpoint` throws. */
  alone(checkpoint?: () => void): TeamThread {
    const isInterrupted = () => {
      checkpoint?.();
      return false;
    };
    return { thread: 0, threads: 1, kernels: this.kernels, memory: this.#memory, isInterrupted };
  }

  /** Lets the helpers forget shared memory that nothing refers to any more. */
  async collectHelpers(): Promise<void> {
    if (this.#helpers.length > 0) await this.gang(collectModule, 'collectInHelper', null);
  }

  /** Bytes the team's memory has grown to. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Ends the helper threads. */
  async close(): Promise<void> {
    const helpers = this.#helpers;
    this.#helpers = [];
    for (const { port } of helpers) port.close();
    await Promise.all(helpers.map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    while (this.#helpers.length < this.threads - 1) {
      const { port1, port2 } = new MessageChannel();
      const start: HelperStart = {
        module: this.#module,
        memory: this.#memory,
        thread: this.#helpers.length + 1,
        threads: this.threads,
      };
      const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
      const worker = new Worker(new URL(`./helper.${extension}`, import.meta.url), {
        workerData: { ...start, port: port2 },
        transferList: [port2],
        ...workerArguments(),
      });
      worker.unref();
      port1.unref();
      this.#helpers.push({ worker, port: port1 });
    }
  }

  #invoke<K extends KernelName>(kernel: K, threads: number, numbers: KernelArguments<K>): number {
    return (this.kernels[kernel] as (...all: number[]) => number)(0, threads, ...(numbers as number[]));
  }

  #command(number: number): void {
    Atomics.store(this.#control, PENDING, this.#helpers.length);
    this.#control[COMMAND] = number;
    Atomics.add(this.#control, EPOCH, 1);
    Atomics.notify(this.#control, EPOCH);
  }

  #own(work: () => void): void {
    try {
      work();
    } catch (error) {
      Atomics.store(this.#control, FAILED, 1);
      this.#join(error);
    }
  }

  #join(failure?: unknown): void {
    for (;;) {
      const pending = Atomics.load(this.#control, PENDING);
      if (pending === 0) break;
      if (this.kernels.spinWhile(PENDING << 2, pending, SPINS) === pending) {
        Atomics.wait(this.#control, PENDING, pending);
      }
    }
    if (this.#control[FAILED] === 0) return;
    // The first thread's own error says more than the traps of those that waited for it.
    const others = this.#helpers.flatMap(({ port }) => {
      const message = receiveMessageOnPort(port) as { message: ErrorJson } | undefined;
      return message === undefined ? [] : [errorFromJson(message.message)];
    });
    const errors = failure === undefined ? others : [failure, ...others];
    const cause = errors.find((error) => !(error instanceof wasm.RuntimeError)) ?? errors[0];
    if (cause instanceof JobError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError('job/kernel-failed', `A kernel failed: ${reason}.`, {}, cause);
  }
}
