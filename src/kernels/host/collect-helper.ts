import { collectShared } from '../../core/shared-memory.ts';
import type { TeamThread } from './thread.ts';

/** A gang function: helpers collect, for the thread that counts has done so. */
export function collectInHelper({ thread }: TeamThread): void {
  if (thread > 0) collectShared();
}
