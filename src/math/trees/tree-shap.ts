import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { isStopped, type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { SET_MARK } from './predict.ts';
import { type ShapTree, shapTableLength, shapTree, writeShapTables } from './shap-tables.ts';
import type { Trees } from './trees.ts';

/** Trees whose sum is explained. */
export interface ShapProblem {
  readonly trees: Trees;
  /** What each node weighs in the background: training rows, or their weight. */
  readonly cover: ArrayLike<number>;
  /** Factor of all leaves. */
  readonly scale: number;
  /** What is added to the trees, one number an output; trees with one value a node add to output t mod outputs. */
  readonly start: Float64Array;
}

export interface TreeShap {
  /** For each output, rows × columns. */
  readonly values: readonly Float64Array[];
  /** What the trees give without any column known, one an output. */
  readonly baseValues: Float64Array;
}

const TREE_WORDS = 8;
const SPLIT_BYTES = 40;
/** Numbers of x and of the results that a thread takes at a time. */
const BLOCK_NUMBERS = 1 << 14;
/** Numbers of the tables that lie in memory at a time. */
const GROUP_NUMBERS = 1 << 22;
/** Products of one kernel call: some milliseconds. */
const CALL_PRODUCTS = 1 << 21;

/**
 * Exact Shapley values of sums of trees for each row of x, path-dependent: what a column that is not known does is averaged over
 * the training rows that went each way. For each row and output the values and the base value sum to the prediction.
 */
export async function treeShap(workers: Workers, problem: ShapProblem, x: Matrix): Promise<TreeShap> {
  const { trees, cover, scale, start } = problem;
  const outputs = start.length;
  const values = Array.from(start, () => sharedArray(Float64Array, x.rows * x.columns));
  const baseValues = start.slice();
  const count = trees.roots.length;
  for (let from = 0; from < count; ) {
    const group: ShapTree[] = [];
    let numbers = 0;
    while (from + group.length < count && numbers < GROUP_NUMBERS) {
      const tree = shapTree(trees, from + group.length, cover);
      addExpectation(baseValues, problem, from + group.length, tree);
      group.push(tree);
      numbers += shapTableLength(tree);
    }
    workers.checkpoint();
    await workers.team.arena.scopeAsync(async () => {
      const plan = placeGroup(workers.team, { trees, scale, first: from, group, outputs }, x, values);
      const checkpoint = () => workers.checkpoint();
      if (workers.team.threads === 1) explainBlocks(workers.team.alone(checkpoint), plan);
      else await workers.team.gang(import.meta.url, 'explainBlocks', plan, checkpoint);
    });
    from += group.length;
    workers.progress?.(from / count);
  }
  return { values, baseValues };
}

/** About how many products the values of a row take. */
export function shapProducts({ trees }: Pick<ShapProblem, 'trees'>): number {
  const { roots, left } = trees;
  return left.length * (2 + Math.log2(1 + left.length / Math.max(1, roots.length)));
}

function addExpectation(
  baseValues: Float64Array,
  { trees, scale }: ShapProblem,
  number: number,
  { leaves, reach }: ShapTree,
): void {
  const { width, values, roots } = trees;
  for (let k = 0; k < width; k++) {
    let sum = 0;
    for (const [i, leaf] of leaves.entries()) sum += reach[i]! * values[(roots[number]! + leaf) * width + k]!;
    baseValues[width === 1 ? number % baseValues.length : k]! += scale * sum;
  }
}

interface ShapGroup {
  readonly trees: Trees;
  readonly scale: number;
  /** Number of its first tree. */
  readonly first: number;
  readonly group: readonly ShapTree[];
  readonly outputs: number;
}

interface ShapPlan {
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly data: Float64Array;
  readonly values: readonly Float64Array[];
  /** Output of the first tree. */
  readonly output: number;
  readonly block: number;
  /** Trees at which kernel calls begin, and the end. */
  readonly calls: readonly number[];
  readonly width: number;
  /** Pointers; scratch is `scratchBytes` a thread. */
  readonly trees: number;
  readonly splits: number;
  readonly leaves: number;
  readonly tables: number;
  readonly leafValues: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly queue: Queue;
}

function placeGroup(
  team: Team,
  { trees, scale, first, group, outputs }: ShapGroup,
  x: Matrix,
  values: readonly Float64Array[],
): ShapPlan {
  const { arena } = team;
  const { width } = trees;
  const total = (of: (tree: ShapTree) => number) => group.reduce((sum, tree) => sum + of(tree), 0);
  const most = (of: (tree: ShapTree) => number) => group.reduce((max, tree) => Math.max(max, of(tree)), 0);
  const splitCount = total(({ splits }) => splits.length);
  const leafCount = total(({ leaves }) => leaves.length);
  const pointers = {
    trees: arena.i32(TREE_WORDS * group.length),
    splits: arena.allocate(SPLIT_BYTES * splitCount),
    leaves: arena.i32(leafCount),
    leafValues: arena.f64(leafCount * width),
    tables: arena.f64(total(shapTableLength)),
  };
  const work = most(({ nodes, points }) => nodes * points);
  const widest = x.columns * (1 + outputs);
  const block = Math.max(
    1,
    Math.min(x.rows, 256, Math.floor(BLOCK_NUMBERS / widest), Math.floor(CALL_PRODUCTS / Math.max(1, work))),
  );
  const nodeBytes = most(({ nodes, points }) => 16 * nodes * points + nodes) + 3 * 64;
  const scratchBytes = Math.ceil((8 * block * widest + nodeBytes) / 64) * 64;
  const scratch = arena.allocate(team.threads * scratchBytes);
  writeGroup(team, { trees, scale, first, group, outputs }, pointers);
  return {
    ...{ rows: x.rows, columns: x.columns, outputs, data: x.data, values, block, width },
    ...{ output: width === 1 ? first % outputs : 0, calls: callsOf(group, block), queue: queueOf() },
    ...pointers,
    ...{ scratch, scratchBytes },
  };
}

type GroupPointers = Pick<ShapPlan, 'trees' | 'splits' | 'leaves' | 'leafValues' | 'tables'>;

function writeGroup(
  { arena }: Team,
  { trees, scale, first, group }: ShapGroup,
  { trees: descriptors, splits, leaves, leafValues, tables }: GroupPointers,
): void {
  const { width } = trees;
  const setWords = trees.sets === undefined ? 0 : arena.place(trees.sets.words);
  let [splitAt, leafAt, tableAt] = [0, 0, 0];
  for (const [i, tree] of group.entries()) {
    const root = trees.roots[first + i]!;
    const children = (split: number) => trees.left[root + tree.splits[split]!]! - root;
    arena
      .viewI32(descriptors + 4 * TREE_WORDS * i, TREE_WORDS)
      .set([splitAt, tree.splits.length, leafAt, tree.leaves.length, tableAt, tree.points, tree.nodes]);
    const numbers = arena.viewF64(splits + SPLIT_BYTES * splitAt, 5 * tree.splits.length);
    const words = arena.viewI32(splits + SPLIT_BYTES * splitAt, 10 * tree.splits.length);
    for (const [s, node] of tree.splits.entries()) {
      const left = children(s);
      numbers.set([trees.threshold[root + node]!], 5 * s);
      numbers.set(tree.shares.subarray(left, left + 2), 5 * s + 3);
      const packed = 2 * trees.feature[root + node]! + trees.missingLeft[root + node]!;
      words.set([packed, node, left, tree.inherits[s]!], 10 * s + 2);
      const set = trees.sets?.starts[root + node] ?? -1;
      if (set >= 0) words.set([setWords + 4 * set, SET_MARK], 10 * s);
    }
    arena.viewI32(leaves + 4 * leafAt, tree.leaves.length).set(tree.leaves);
    const own = arena.viewF64(leafValues + 8 * leafAt * width, tree.leaves.length * width);
    for (const [l, leaf] of tree.leaves.entries()) {
      for (let k = 0; k < width; k++) own[l * width + k] = scale * trees.values[(root + leaf) * width + k]!;
    }
    writeShapTables(tree, children, arena.viewF64(tables + 8 * tableAt, shapTableLength(tree)));
    splitAt += tree.splits.length;
    leafAt += tree.leaves.length;
    tableAt += shapTableLength(tree);
  }
}

function callsOf(group: readonly ShapTree[], block: number): number[] {
  const calls = [0];
  let products = 0;
  for (const [i, { nodes, points }] of group.entries()) {
    if (products > 0 && products + block * nodes * points > CALL_PRODUCTS) {
      calls.push(i);
      products = 0;
    }
    products += block * nodes * points;
  }
  return [...calls, group.length];
}

/** What every thread runs. */
export function explainBlocks(self: TeamThread, plan: ShapPlan): void {
  const { thread, kernels, memory } = self;
  const { data, values, rows, columns, outputs, block, calls, output } = plan;
  const x = plan.scratch + thread * plan.scratchBytes;
  const out = x + 8 * block * columns;
  const scratch = out + 8 * block * columns * outputs;
  const xView = new Float64Array(memory.buffer, x, block * columns);
  const outView = new Float64Array(memory.buffer, out, block * columns * outputs);
  // The kernel takes the first tree of the group for one of the first output.
  const target = (k: number) => values[(k + output) % outputs]!;
  for (;;) {
    const item = takeItem(self, plan.queue, Math.ceil(rows / block));
    if (item < 0) return;
    const from = item * block;
    const count = Math.min(block, rows - from);
    xView.set(data.subarray(from * columns, (from + count) * columns));
    outView.fill(0, 0, count * columns * outputs);
    for (let call = 0; call + 1 < calls.length; call++) {
      kernels.treeShap(
        ...([0, 1, x, count, columns, plan.trees, calls[call]!, calls[call + 1]!] as const),
        ...([plan.splits, plan.leaves, plan.tables, plan.leafValues, plan.width] as const),
        ...([out, outputs, (scratch + 63) & ~63] as const),
      );
      if (isStopped(self, plan.queue)) return;
    }
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < outputs; k++) {
        const to = (from + i) * columns;
        const at = (i * outputs + k) * columns;
        const row = target(k);
        for (let j = 0; j < columns; j++) row[to + j]! += outView[at + j]!;
      }
    }
  }
}
