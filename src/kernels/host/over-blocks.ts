import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Team } from './team.ts';

/** Who does the work: a running job is one. */
export interface Workers {
  readonly threads: number;
  /** Created when first read. */
  readonly team: Team;
  /** Called between rounds of work; may throw to stop. */
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
/** Numbers a thread touches, 10 to 20 ms long, until the job may be stopped. */
const ROUND_COST = 1 << 22;

/** Runs all blocks, on all threads when there is enough to do; at once when there is little. */
export function overBlocks<P>(workers: Workers, work: BlockWork<P>, payload: P): Eventually<void> {
  const { count, size, cost, run } = work;
  if (workers.threads > 1 && count * cost > SOLO_COST && count > size)
    return onThreads(workers, work, payload);
  let done = 0;
  for (let from = 0, block = 0; from < count; from += size, block++) {
    run(payload, from, Math.min(count, from + size), block);
    done += size * cost;
    if (done < ROUND_COST) continue;
    workers.checkpoint();
    done = 0;
  }
}

interface BlockRound<P> {
  readonly module: string;
  readonly name: string;
  readonly payload: P;
  readonly count: number;
  readonly size: number;
  /** Element 0, shared: the next block to take. */
  readonly next: Int32Array;
  /** The block after the last of this round. */
  readonly to: number;
}

async function onThreads<P>(workers: Workers, work: BlockWork<P>, payload: P): Promise<void> {
  const { module, name, count, size, cost } = work;
  const blocks = Math.ceil(count / size);
  const round = workers.threads * Math.max(1, Math.floor(ROUND_COST / (size * cost)));
  const next = sharedArray(Int32Array, 1);
  for (let from = 0; from < blocks; from += round) {
    next[0] = from;
    const to = Math.min(blocks, from + round);
    await workers.team.gang(import.meta.url, 'takeBlocks', {
      ...{ module, name, payload, count, size, next, to },
    } satisfies BlockRound<P>);
    workers.checkpoint();
  }
}

/** What every thread of a round runs. */
export async function takeBlocks<P>(_: unknown, round: BlockRound<P>): Promise<void> {
  const { module, name, payload, count, size, next, to } = round;
  const run = (await import(module))[name] as BlockWork<P>['run'];
  for (;;) {
    const block = Atomics.add(next, 0, 1);
    if (block >= to) return;
    run(payload, block * size, Math.min(count, (block + 1) * size), block);
  }
}
