/**
 * Entry of a helper thread of a team. It waits in a loop for the number of a kernel and calls it with its thread number;
 * command `LEAVE` returns it to its event loop, where it receives a gang function to run.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import { errorToJson } from '../../core/errors.ts';
import { ARGUMENT_COUNT, ARGUMENTS, COMMAND, EPOCH, FAILED, MAX_ARGUMENTS, PENDING } from '../layout.ts';
import { instantiate, kernelNames } from './instance.ts';
import { LEAVE, SPINS } from './team.ts';
import type { GangFunction, GangMessage, HelperStart, TeamThread } from './thread.ts';

const { module, memory, thread, threads, port } = workerData as HelperStart & { port: MessagePort };
const kernels = instantiate(module, memory);
const names = kernelNames(module);
const control = new Int32Array(memory.buffer, 0, 16);
const parameters = new Float64Array(memory.buffer, ARGUMENTS, MAX_ARGUMENTS);
const self: TeamThread = { thread, threads, kernels, memory, isInterrupted: () => false };

/** Arguments of kernels by their number, reused: a collection in this thread would keep all others waiting. */
const argumentsOf = Array.from({ length: MAX_ARGUMENTS + 1 }, (_, count): number[] => {
  const all = new Array(count + 2).fill(undefined);
  all[0] = thread;
  all[1] = threads;
  return all;
});

let epoch = 0;
port.on('message', async (message: GangMessage) => {
  await attempt(async () => {
    const gang = (await import(message.module))[message.name] as GangFunction<unknown>;
    await gang(self, message.payload);
  });
  serve();
});
serve();

function serve(): void {
  for (;;) {
    if (kernels.spinWhile(EPOCH << 2, epoch, SPINS) === epoch) Atomics.wait(control, EPOCH, epoch);
    const now = Atomics.load(control, EPOCH);
    if (now === epoch) continue;
    epoch = now;
    if (control[COMMAND] === LEAVE) return;
    try {
      const kernel = kernels[names[control[COMMAND]!]!] as (...numbers: number[]) => void;
      const count = control[ARGUMENT_COUNT]!;
      const all = argumentsOf[count]!;
      for (let i = 0; i < count; i++) all[i + 2] = parameters[i]!;
      kernel(...all);
    } catch (error) {
      fail(error);
    }
    finish();
  }
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    fail(error);
  }
  finish();
}

function fail(error: unknown): void {
  port.postMessage(errorToJson(error));
  Atomics.store(control, FAILED, 1);
}

function finish(): void {
  if (Atomics.sub(control, PENDING, 1) === 1) Atomics.notify(control, PENDING);
}
