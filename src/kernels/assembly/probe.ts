// Kernels that exist to test the team itself.
import { barrier } from './team';

/** Each thread adds 1 to its own cell, all meet, then each writes the sum of all cells: `rounds` times. */
export function meetingProbe(thread: i32, threads: i32, cells: usize, sums: usize, rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    store<f64>(cells + (<usize>thread << 6), load<f64>(cells + (<usize>thread << 6)) + 1);
    barrier(threads);
    let sum: f64 = 0;
    for (let t = 0; t < threads; t++) sum += load<f64>(cells + (<usize>t << 6));
    store<f64>(sums + (<usize>thread << 3), sum);
    barrier(threads);
  }
}

/** Traps in thread `culprit` while the others wait for it. */
export function trapProbe(thread: i32, threads: i32, culprit: i32): void {
  if (thread == culprit) unreachable();
  barrier(threads);
}
