// Gang functions of team.test.ts.
import type { TeamThread } from './thread.ts';

/** Each thread writes its number plus the payload's offset. */
export function stamp(
  { thread, threads }: TeamThread,
  { cells, offset }: { cells: Int32Array; offset: number },
) {
  cells[thread] = offset + thread;
  cells[threads] = threads;
}

export function failInHelper({ thread }: TeamThread) {
  if (thread === 1) throw new RangeError('thread 1 has had enough');
}
