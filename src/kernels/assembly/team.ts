// Meeting points of the threads of a team. Every thread calls the same exported function with (thread, threads, …).
import { BARRIER_COUNT, BARRIER_PHASE, FAILED } from '../layout';

const SPINS: i32 = 20000;
const NAP_NANOSECONDS: i64 = 1000000;

/**
 * Waits until all `threads` threads have arrived. A thread that finds the failure flag set traps, so that a trap in one
 * thread does not strand the others.
 */
export function barrier(threads: i32): void {
  patientBarrier(threads, SPINS);
}

/** The same for threads that come some time apart: a thread that sleeps often wakes up on the processor of the one that woke it. */
export function patientBarrier(threads: i32, patience: i32): void {
  if (threads == 1) return;
  const phase = atomic.load<i32>(BARRIER_PHASE << 2);
  if (atomic.add<i32>(BARRIER_COUNT << 2, 1) == threads - 1) {
    atomic.store<i32>(BARRIER_COUNT << 2, 0);
    atomic.store<i32>(BARRIER_PHASE << 2, phase + 1);
    atomic.notify(BARRIER_PHASE << 2, threads);
    return;
  }
  let spins = 0;
  while (atomic.load<i32>(BARRIER_PHASE << 2) == phase) {
    if (atomic.load<i32>(FAILED << 2) != 0) unreachable();
    if (++spins > patience) atomic.wait<i32>(BARRIER_PHASE << 2, phase, NAP_NANOSECONDS);
  }
}

/** Spins until the word at `pointer` differs from `value` or `spins` rounds have passed; returns the word. */
export function spinWhile(pointer: usize, value: i32, spins: i32): i32 {
  let now = atomic.load<i32>(pointer);
  while (now == value && spins > 0) {
    spins--;
    now = atomic.load<i32>(pointer);
  }
  return now;
}
