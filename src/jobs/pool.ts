import { AbortError } from '../core/errors.ts';
import type { JobRequest } from './job.ts';
import { Lane } from './lane.ts';
import { defaultThreads, wantedThreads } from './threads.ts';

/** An idle lane that holds more kernel memory than this is ended, which returns the memory. */
const KEEP_BYTES = 256 * 2 ** 20;
const IDLE_MS = 30_000;

const idle = new Map<Lane, NodeJS.Timeout>();
const waiting: (() => void)[] = [];
let running = 0;
let busyThreads = 0;

/**
 * Runs a task on worker threads and returns its result. Jobs beyond the number of processors wait their turn; a job that
 * starts while others run gets the threads they leave, at least one (results do not depend on the number).
 * @throws what the task throws, AbortError when the signal fires, JobError when a thread crashes.
 */
export async function runJob<P, R>(request: JobRequest<P>): Promise<R> {
  const { signal } = request;
  const wanted = wantedThreads(request.threads);
  if (signal?.aborted) throw new AbortError();
  while (running >= Math.max(2, defaultThreads())) await turn(signal);
  const free = defaultThreads() - busyThreads;
  const threads = Math.min(wanted, Math.max(1, running === 0 ? wanted : free));
  const lane = takeLane();
  running++;
  busyThreads += threads;
  try {
    return await lane.run<P, R>(request, threads);
  } finally {
    running--;
    busyThreads -= threads;
    keepLane(lane);
    waiting.shift()?.();
  }
}

/** Jobs that are running or waiting for their turn. */
export function jobCount(): number {
  return running + waiting.length;
}

/** Ends all idle threads; running jobs are not touched. Processes end by themselves without it. */
export async function closeIdleThreads(): Promise<void> {
  const lanes = [...idle.keys()];
  for (const timer of idle.values()) clearTimeout(timer);
  idle.clear();
  await Promise.all(lanes.map((lane) => lane.close()));
}

function turn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const proceed = () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      waiting.splice(waiting.indexOf(proceed), 1);
      reject(new AbortError());
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    waiting.push(proceed);
  });
}

function takeLane(): Lane {
  for (const [lane, timer] of idle) {
    clearTimeout(timer);
    idle.delete(lane);
    if (!lane.dead) return lane;
  }
  return new Lane();
}

function keepLane(lane: Lane): void {
  if (lane.dead) return;
  if (lane.memoryBytes > KEEP_BYTES) {
    void lane.close();
    return;
  }
  const timer = setTimeout(() => {
    idle.delete(lane);
    void lane.close();
  }, IDLE_MS);
  timer.unref();
  idle.set(lane, timer);
}
