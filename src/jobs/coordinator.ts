/**
 * Entry of a coordinator: the worker thread that runs one job after another and owns the team of kernel threads.
 */
import { parentPort } from 'node:worker_threads';
import { AbortError, errorFromJson, errorToJson, JobError } from '../core/errors.ts';
import { beginJob, countShared, endJob, sharedCollections } from '../core/shared-memory.ts';
import { Team } from '../kernels/host/team.ts';
import type { Job, Task } from './job.ts';
import type { FromCoordinator, ToCoordinator } from './messages.ts';
import { setJobWords } from './native-work.ts';
import { transferable } from './transfer.ts';

const PROGRESS_MS = 50;
const port = parentPort!;

let team: Team | undefined;
let lastCall = 0;
const answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

/** Ends when the last job and what is tidied up behind it have. */
let last: Promise<void> = Promise.resolve();
port.on('message', (message: ToCoordinator) => {
  if (message.type === 'run') last = last.then(() => run(message));
  else answer(message);
});

function post(message: FromCoordinator, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function run(message: Extract<ToCoordinator, { type: 'run' }>): Promise<void> {
  setJobWords(message.stop);
  const collections = sharedCollections();
  let isDone = false;
  beginJob();
  countShared(message.newBytes);
  if (team !== undefined && team.threads !== message.threads) {
    await team.close();
    team = undefined;
  }
  try {
    const task = (await import(message.module))[message.name] as Task<unknown, unknown> | undefined;
    if (typeof task !== 'function') {
      throw new JobError('job/no-task', `Module ${message.module} exports no function '${message.name}'.`);
    }
    const job = jobFor(message);
    const result = await task(message.payload, job);
    post({ type: 'done', result, memoryBytes: memoryBytes() }, transferable(result));
    isDone = true;
  } catch (error) {
    post({ type: 'failed', error: errorToJson(error), memoryBytes: memoryBytes() });
  }
  team?.arena.release();
  // The caller goes on meanwhile.
  endJob();
  if (isDone && sharedCollections() !== collections) await team?.collectHelpers();
}

function memoryBytes(): number {
  return team?.memoryBytes ?? 0;
}

function jobFor({ threads, stop }: Extract<ToCoordinator, { type: 'run' }>): Job {
  let lastProgress = 0;
  return {
    threads,
    get team() {
      team ??= new Team(threads);
      return team;
    },
    checkpoint() {
      if (Atomics.load(stop, 0) !== 0) throw new AbortError();
    },
    progress(fraction, message) {
      const now = performance.now();
      if (now - lastProgress < PROGRESS_MS && fraction < 1) return;
      lastProgress = now;
      post({ type: 'progress', fraction, message });
    },
    warn(code, message) {
      post({ type: 'warning', code, message });
    },
    call(name, ...values) {
      const call = ++lastCall;
      post({ type: 'call', call, name, values });
      return new Promise((resolve, reject) => answers.set(call, { resolve, reject }));
    },
  };
}

function answer({ call, value, error }: Extract<ToCoordinator, { type: 'answer' }>): void {
  const waiting = answers.get(call);
  answers.delete(call);
  if (error === undefined) waiting?.resolve(value);
  else waiting?.reject(errorFromJson(error));
}
