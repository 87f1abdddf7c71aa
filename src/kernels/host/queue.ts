import { sharedArray } from '../../core/shared.ts';
import type { TeamThread } from './thread.ts';

/** Numbered items that the threads of a gang take one after another, so that one that is held up takes fewer. */
export type Queue = Int32Array;

const NEXT = 0;
const STOPPED = 1;

export function queueOf(): Queue {
  return sharedArray(Int32Array, 2);
}

/** The next of `count` items; −1 when none is left or the job is to stop. */
export function takeItem(self: TeamThread, queue: Queue, count: number): number {
  if (isStopped(self, queue)) return -1;
  const item = Atomics.add(queue, NEXT, 1);
  return item < count ? item : -1;
}

/** Whether the job is to stop: asked within an item that takes more than some milliseconds. */
export function isStopped(self: TeamThread, queue: Queue): boolean {
  if (self.isInterrupted()) Atomics.store(queue, STOPPED, 1);
  return Atomics.load(queue, STOPPED) !== 0;
}

/** Items that were taken so far. */
export function itemsTaken(queue: Queue): number {
  return Atomics.load(queue, NEXT);
}
