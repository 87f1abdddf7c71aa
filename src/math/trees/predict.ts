import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { leafOf, type Trees } from './trees.ts';

const NODE_BYTES = 16;
/** Numbers of x that a thread takes at a time. */
const BLOCK_NUMBERS = 1 << 13;
/** Steps down a tree up to which it is not worth placing the trees and waking threads. */
const PLAIN_STEPS = 1 << 16;
/** Steps of one kernel call. */
const CALL_STEPS = 1 << 21;

/** About how many steps down the trees a row takes. */
export function stepsOf({ roots, left }: Trees): number {
  return roots.length * (1 + Math.log2(1 + left.length / Math.max(1, roots.length)));
}

/**
 * Sums over trees for each row of x, row-major rows × outputs, on top of `start` (one number an output). Trees with one
 * value a node add to output t mod outputs, others to all.
 */
export function sumTrees(
  { team, checkpoint }: Workers,
  trees: Trees,
  x: Matrix,
  start: Float64Array,
): Float64Array | Promise<Float64Array> {
  const outputs = start.length;
  if (x.rows * stepsOf(trees) > PLAIN_STEPS) return sumByThreads(team, checkpoint, trees, x, start);
  const sums = new Float64Array(x.rows * outputs);
  for (let i = 0; i < x.rows; i++) {
    sums.set(start, i * outputs);
    addRow(trees, x.data, i * x.columns, sums, i * outputs, outputs);
  }
  return sums;
}

/** {@link sumTrees} of one row, at once. */
export function sumTreesOfRow(trees: Trees, row: Float64Array, start: Float64Array): Float64Array {
  const sums = start.slice();
  addRow(trees, row, 0, sums, 0, start.length);
  return sums;
}

function addRow(
  trees: Trees,
  data: Float64Array,
  at: number,
  sums: Float64Array,
  to: number,
  outputs: number,
): void {
  const { roots, values, width } = trees;
  for (let tree = 0; tree < roots.length; tree++) {
    const leaf = leafOf(trees, tree, data, at);
    if (width === 1) sums[to + (tree % outputs)]! += values[leaf]!;
    else for (let k = 0; k < width; k++) sums[to + k]! += values[leaf * width + k]!;
  }
}

interface SumPlan {
  readonly rows: number;
  readonly data: Float64Array;
  readonly sums: Float64Array;
  readonly start: Float64Array;
  readonly columns: number;
  readonly block: number;
  readonly trees: number;
  readonly treesPerCall: number;
  readonly width: number;
  /** Whether splits may be by category. */
  readonly kernel: 'addTrees' | 'addTreesBySet';
  /** Pointers. */
  readonly nodes: number;
  readonly values: number;
  readonly roots: number;
  readonly scratch: number;
}

interface SharedSum extends SumPlan {
  /** Of blocks. */
  readonly queue: Queue;
}

async function sumByThreads(
  team: Team,
  checkpoint: () => void,
  trees: Trees,
  x: Matrix,
  start: Float64Array,
): Promise<Float64Array> {
  const { arena } = team;
  const outputs = start.length;
  const sums = sharedArray(Float64Array, x.rows * outputs);
  return arena.scopeAsync(async () => {
    const steps = stepsOf(trees);
    const block = Math.max(4, Math.min(512, Math.floor(BLOCK_NUMBERS / x.columns)));
    const plan: SumPlan = {
      ...{ data: x.data, rows: x.rows, sums, start, columns: x.columns, block, trees: trees.roots.length },
      treesPerCall: Math.max(1, Math.floor((CALL_STEPS / block / steps) * trees.roots.length)),
      width: trees.width,
      kernel: trees.sets === undefined ? 'addTrees' : 'addTreesBySet',
      nodes: placeNodes(team, trees),
      values: arena.place(trees.values),
      roots: arena.place(trees.roots),
      scratch: arena.f64(team.threads * block * (x.columns + outputs)),
    };
    const summing: SharedSum = { ...plan, queue: queueOf() };
    if (team.threads === 1) sumBlocks(team.alone(checkpoint), summing);
    else await team.gang(import.meta.url, 'sumBlocks', summing, checkpoint);
    return sums;
  });
}

/** High word of a NaN, in whose low word kernels find the address of a set of categories. */
export const SET_MARK = 0x7ff80000;

/** Nodes as the kernels read them. */
export function placeNodes({ arena }: Team, trees: Trees): number {
  const { feature, threshold, left, missingLeft, sets } = trees;
  const setWords = sets === undefined ? 0 : arena.place(sets.words);
  const pointer = arena.allocate(left.length * NODE_BYTES);
  const numbers = arena.viewF64(pointer, left.length * 2);
  const words = arena.viewI32(pointer, left.length * 4);
  for (let node = 0; node < left.length; node++) {
    numbers[2 * node] = threshold[node]!;
    words[4 * node + 2] = 2 * Math.max(0, feature[node]!) + missingLeft[node]!;
    words[4 * node + 3] = left[node]!;
    const set = sets?.starts[node] ?? -1;
    if (set >= 0) words.set([setWords + 4 * set, SET_MARK], 4 * node);
  }
  return pointer;
}

/** What every thread runs. */
export function sumBlocks(self: TeamThread, plan: SharedSum): void {
  const { thread, kernels, memory } = self;
  const { data, sums, start, columns, block, trees, treesPerCall } = plan;
  const outputs = start.length;
  const x = plan.scratch + 8 * thread * block * (columns + outputs);
  const out = x + 8 * block * columns;
  const xView = new Float64Array(memory.buffer, x, block * columns);
  const outView = new Float64Array(memory.buffer, out, block * outputs);
  for (;;) {
    const item = takeItem(self, plan.queue, Math.ceil(plan.rows / block));
    if (item < 0) return;
    const from = item * block;
    const rows = Math.min(block, plan.rows - from);
    xView.set(data.subarray(from * columns, (from + rows) * columns));
    for (let i = 0; i < rows; i++) outView.set(start, i * outputs);
    for (let tree = 0; tree < trees; tree += treesPerCall) {
      kernels[plan.kernel](
        ...([0, 1, x, rows, columns, plan.nodes, plan.values, plan.width, plan.roots] as const),
        ...([tree, Math.min(trees, tree + treesPerCall), out, outputs] as const),
      );
    }
    sums.set(outView.subarray(0, rows * outputs), from * outputs);
  }
}
