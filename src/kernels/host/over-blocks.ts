import type { Eventually } from '../../core/eventually.ts';
import { type Queue, queueOf, takeItem } from './queue.ts';
import type { Team } from './team.ts';
import type { TeamThread } from './thread.ts';

/** Who does the work: a running job is one. */
export interface Workers {
  readonly threads: number;
  /** Created when first read. */
  readonly team: Team;
  /** Called between blocks of work; may throw to stop. */
  checkpoint(): void;
}

/** Work on `count` items (rows or columns), `size` of them at a time, which any thread may take. */
export interface BlockWork<P> {
  /** URL of the module that exports `run`, and the name it has there. */
  readonly module: string;
  readonly name: string;
  /**
   * Works on the items from `from` to before `to`, which are block number `block`. It writes only what no other block writes,
   * so that the threads do not matter, and reports what is wrong with the data through the payload: what it
   * throws counts as a failure of the machinery.
   */
  readonly run: (payload: P, from: number, to: number, block: number) => void;
  readonly count: number;
  readonly size: number;
  /** Numbers read or written for one item, about. */
  readonly cost: number;
}

/** Numbers up to which waking another thread costs more than it saves. */
const SOLO_COST = 500_000;
/** Numbers a single thread touches, 10 to 20 ms long, until the job may be stopped. */
const CHECKPOINT_COST = 1 << 22;

/** Runs all blocks, on all threads when there is enough to do; at once when there is little. */
export function overBlocks<P>(workers: Workers, work: BlockWork<P>, payload: P): Eventually<void> {
  const { count, size, cost, run } = work;
  if (workers.threads > 1 && count * cost > SOLO_COST && count > size)
    return onThreads(workers, work, payload);
  let done = 0;
  for (let from = 0, block = 0; from < count; from += size, block++) {
    run(payload, from, Math.min(count, from + size), block);
    done += size * cost;
    if (done < CHECKPOINT_COST) continue;
    workers.checkpoint();
    done = 0;
  }
}

interface SharedBlocks<P> {
  readonly module: string;
  readonly name: string;
  readonly payload: P;
  readonly count: number;
  readonly size: number;
  readonly queue: Queue;
}

async function onThreads<P>(workers: Workers, work: BlockWork<P>, payload: P): Promise<void> {
  const { module, name, count, size } = work;
  const blocks: SharedBlocks<P> = { module, name, payload, count, size, queue: queueOf() };
  await workers.team.gang(import.meta.url, 'takeBlocks', blocks, () => workers.checkpoint());
}

/** What every thread runs. */
export async function takeBlocks<P>(self: TeamThread, blocks: SharedBlocks<P>): Promise<void> {
  const { module, name, payload, count, size, queue } = blocks;
  const run = (await import(module))[name] as BlockWork<P>['run'];
  for (;;) {
    const block = takeItem(self, queue, Math.ceil(count / size));
    if (block < 0) return;
    run(payload, block * size, Math.min(count, (block + 1) * size), block);
  }
}
