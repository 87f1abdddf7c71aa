import { Worker } from 'node:worker_threads';
import { AbortError, errorFromJson, errorToJson, JobError } from '../core/errors.ts';
import { countShared, newSharedBytes } from '../core/shared-memory.ts';
import { workerArguments } from '../kernels/host/worker-arguments.ts';
import type { JobRequest } from './job.ts';
import type { FromCoordinator, ToCoordinator } from './messages.ts';
import { NATIVE } from './native-work.ts';

/** How long a job may take to notice that it is to stop before its threads are ended. */
const STOP_GRACE_MS = 60;

/** One coordinator thread; runs one job at a time. It keeps the process alive only while a job is running. */
export class Lane {
  readonly #worker: Worker;
  /** Shared memory that its thread has seen. */
  readonly #known = new WeakSet<SharedArrayBuffer>();
  #memoryBytes = 0;
  #dead = false;

  constructor() {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./coordinator.${extension}`, import.meta.url), {
      ...workerArguments(),
    });
    this.#worker.unref();
    this.#worker.once('exit', () => {
      this.#dead = true;
    });
  }

  /** Whether it cannot run another job. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Bytes of kernel memory it holds on to. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  async close(): Promise<void> {
    this.#dead = true;
    await this.#worker.terminate();
  }

  /** Ends the thread once its job, which nobody waits for any more, has ended by itself. */
  #closeLater(): void {
    this.#dead = true;
    this.#worker.ref();
    this.#worker.on('message', ({ type }: FromCoordinator) => {
      if (type === 'done' || type === 'failed') void this.close();
    });
  }

  /** Runs one job with `threads` threads. @throws the job's error, AbortError, or JobError when its thread crashed. */
  run<P, R>(request: JobRequest<P>, threads: number): Promise<R> {
    const { module, name, payload, signal } = request;
    const worker = this.#worker;
    const stop = new Int32Array(new SharedArrayBuffer(8));
    return new Promise<R>((resolve, reject) => {
      let grace: NodeJS.Timeout | undefined;
      const settle = (finish: () => void) => {
        clearTimeout(grace);
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        signal?.removeEventListener('abort', onAbort);
        worker.unref();
        finish();
      };
      const onMessage = (message: FromCoordinator) => {
        if (message.type === 'done') {
          const bytes = newSharedBytes(message.result, this.#known);
          this.#memoryBytes = message.memoryBytes;
          settle(() => resolve(message.result as R));
          // Whoever waits for the result goes on before a collection.
          setImmediate(() => countShared(bytes));
        } else if (message.type === 'failed') {
          this.#memoryBytes = message.memoryBytes;
          const error = errorFromJson(message.error);
          if (error instanceof JobError) void this.close();
          settle(() => reject(signal?.aborted ? new AbortError() : error));
        } else relay(worker, request, message);
      };
      const onError = (error: Error) => {
        this.#dead = true;
        settle(() => reject(crashed(error.message, error)));
      };
      const onExit = (code: number) => {
        settle(() =>
          reject(signal?.aborted ? new AbortError() : crashed(`its thread ended with code ${code}`)),
        );
      };
      const onAbort = () => {
        Atomics.store(stop, 0, 1);
        grace = setTimeout(() => {
          const isNative = Atomics.load(stop, NATIVE) !== 0;
          settle(() => reject(new AbortError()));
          if (isNative) this.#closeLater();
          else void this.close();
        }, STOP_GRACE_MS);
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.ref();
      const newBytes = newSharedBytes(payload, this.#known);
      worker.postMessage({
        type: 'run',
        module,
        name,
        payload,
        threads,
        newBytes,
        stop,
      } satisfies ToCoordinator);
    });
  }
}

/** Hands progress, warnings and calls of user functions to the request's callbacks. */
function relay<P>(worker: Worker, request: JobRequest<P>, message: FromCoordinator): void {
  if (message.type === 'progress') {
    request.onProgress?.({ fraction: message.fraction, message: message.message });
  } else if (message.type === 'warning') {
    request.onWarning?.({ code: message.code, message: message.message });
  } else if (message.type === 'call') {
    void callUser(request, message.name, message.values).then(
      (value) => worker.postMessage({ type: 'answer', call: message.call, value } satisfies ToCoordinator),
      (error: unknown) =>
        worker.postMessage({
          type: 'answer',
          call: message.call,
          error: errorToJson(error),
        } satisfies ToCoordinator),
    );
  }
}

async function callUser<P>(request: JobRequest<P>, name: string, values: unknown[]): Promise<unknown> {
  const user = request.functions?.[name];
  if (user === undefined)
    throw new JobError('job/no-function', `The job calls an unknown function '${name}'.`);
  return user(...(values as never[]));
}

function crashed(reason: string, cause?: Error): JobError {
  return new JobError('job/crashed', `The job crashed: ${reason}.`, {}, cause);
}
