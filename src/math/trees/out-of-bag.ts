import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowSelection } from './bin.ts';
import { bagBytes } from './bootstrap.ts';
import { placeNodes } from './predict.ts';
import type { Trees } from './trees.ts';

export interface OutOfBagProblem {
  readonly trees: Trees;
  readonly x: Matrix;
  /** The rows the forest was grown on. */
  readonly selection: RowSelection;
  /** Pointer to the bits of the rows that each tree was grown on, `bagBytes` a tree. */
  readonly bags: number;
}

interface OutOfBagPlan {
  readonly data: Float64Array;
  readonly columns: number;
  readonly selection: RowSelection;
  readonly means: Float64Array;
  readonly block: number;
  readonly width: number;
  readonly trees: number;
  readonly bySet: boolean;
  /** Pointers. */
  readonly nodes: number;
  readonly values: number;
  readonly roots: number;
  readonly bags: number;
  readonly rooms: readonly OutOfBagRoom[];
  /** Of blocks. */
  readonly queue: Queue;
}

interface OutOfBagRoom {
  readonly x: number;
  readonly sums: number;
  readonly counts: number;
  readonly chosen: number;
}

/** Rows of a block at most: enough for what its trees share to stay in the cache, few enough to look often at whether to stop. */
const BLOCK_ROWS = 2048;
const BLOCK_NUMBERS = 1 << 16;
/** Rows below which it is not worth waking threads. */
const FEW_ROWS = 4096;

/** For each row of x the mean of the leaves in those trees whose sample it is not in: `width` numbers a row, NaN where there is none. */
export async function sumOutOfBag(
  { team, checkpoint }: Workers,
  { trees, x, selection, bags }: OutOfBagProblem,
): Promise<Float64Array> {
  const { arena } = team;
  const { width, roots } = trees;
  const means = sharedArray(Float64Array, x.rows * width).fill(Number.NaN);
  await arena.scopeAsync(async () => {
    const block = Math.max(8, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / (x.columns + width))));
    const plan: OutOfBagPlan = {
      ...{ data: x.data, columns: x.columns, selection, means, block, width, trees: roots.length, bags },
      bySet: trees.sets !== undefined,
      nodes: placeNodes(team, trees),
      values: arena.place(trees.values),
      roots: arena.place(roots),
      rooms: Array.from({ length: team.threads }, () => ({
        x: arena.f64(block * x.columns),
        sums: arena.f64(block * width),
        counts: arena.i32(block),
        chosen: arena.i32(block + 1),
      })),
      queue: queueOf(),
    };
    if (team.threads === 1 || selection.rows < FEW_ROWS) addOutOfBag(team.alone(checkpoint), plan);
    else await team.gang(import.meta.url, 'addOutOfBag', plan, checkpoint);
    checkpoint();
  });
  return means;
}

/** What every thread runs: block after block of rows down all trees. */
export function addOutOfBag(self: TeamThread, plan: OutOfBagPlan): void {
  const { kernels, memory } = self;
  const { data, columns, selection, means, block, width, queue } = plan;
  const room = plan.rooms[self.thread]!;
  const xView = new Float64Array(memory.buffer, room.x, block * columns);
  const sums = new Float64Array(memory.buffer, room.sums, block * width);
  const counts = new Int32Array(memory.buffer, room.counts, block);
  for (;;) {
    const item = takeItem(self, queue, Math.ceil(selection.rows / block));
    if (item < 0) return;
    const first = item * block;
    const rows = Math.min(block, selection.rows - first);
    const rowAt = (i: number) => selection.list?.[first + i] ?? first + i;
    for (let i = 0; i < rows; i++) {
      const at = rowAt(i) * columns;
      xView.set(data.subarray(at, at + columns), i * columns);
    }
    sums.fill(0);
    counts.fill(0);
    kernels.addOutOfBag(
      ...([0, 1, room.x, first, rows, columns, plan.nodes, plan.values, width, plan.roots] as const),
      ...([0, plan.trees, plan.bySet ? 1 : 0, plan.bags, bagBytes(selection.rows)] as const),
      ...([room.sums, room.counts, room.chosen] as const),
    );
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < width; k++) means[rowAt(i) * width + k] = sums[i * width + k]! / counts[i]!;
    }
  }
}
