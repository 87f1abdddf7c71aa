// Tasks of pool.test.ts.
import { sharedArray } from '../core/shared.ts';
import type { Job } from './job.ts';

export const echo = (payload: unknown) => payload;

export async function overlap(counters: Int32Array): Promise<number> {
  const now = Atomics.add(counters, 0, 1) + 1;
  await new Promise((resolve) => setTimeout(resolve, 50));
  Atomics.sub(counters, 0, 1);
  return now;
}

export const threadsGranted = (_: null, job: Job) => job.threads;

/** Sums what all threads wrote, so that helpers really start. */
export function meet(_: null, job: Job): number {
  const { arena } = job.team;
  const sums = arena.zeros(job.threads);
  job.team.call('meetingProbe', arena.zeros(8 * job.threads), sums, 5);
  return arena.viewF64(sums, 1)[0]!;
}

export function grow(_: null, job: Job): number {
  return job.team.arena.allocate(300 * 2 ** 20);
}

export function heldBytes(_: null, job: Job): number {
  return job.team.memoryBytes;
}

export async function askTwice(_: null, job: Job): Promise<unknown[]> {
  return [await job.call('double', 4), await job.call('double', 5).catch((error: Error) => error.message)];
}

/** A shared result of `mebibytes`, every page of it touched. */
export function large(mebibytes: number): Uint8Array {
  return sharedArray(Uint8Array, mebibytes * 2 ** 20).fill(1);
}
