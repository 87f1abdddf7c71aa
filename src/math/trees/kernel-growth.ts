import type { Arena } from '../../kernels/host/arena.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { ForestDraws } from './bootstrap.ts';
import { type Criterion, criterionNumber } from './criterion.ts';
import type { TreeLimits } from './grow-tree.ts';
import { packTree, treeViews } from './tree-bytes.ts';
import type { RankedRows, TreeData } from './tree-sample.ts';

/** What trees are grown on by kernels that take one thread each. Plain data with pointers. */
export interface GrowthPlan {
  readonly data: TreeData | RankedRows;
  readonly criterion: Exclude<Criterion, 'absoluteError'>;
  /** Number of classes, 0 for regression. */
  readonly classes: number;
  readonly center: number;
  /** Values less `center`, or codes of classes, and weights of the rows: float64. */
  readonly y: number;
  readonly weights: number;
  readonly table: number;
  /** Bytes by column, or 0. */
  readonly directions: number;
  readonly draws: ForestDraws;
  readonly limits: Omit<TreeLimits, 'minWeightLeaf'>;
  readonly minWeightFractionLeaf: number;
  /** Nodes that a tree has at most. */
  readonly nodes: number;
}

/** Room of one thread. Pointers. */
export interface GrowthRoom {
  readonly growth: number;
  readonly lists: number;
  readonly pairs: number;
  readonly marks: number;
  readonly room: number;
  readonly open: number;
}

/** As the kernels number them. */
const kindNumber: Readonly<Record<GrowthPlan['data']['kind'], number>> = {
  presorted: 0,
  ranked: 1,
  unsorted: 2,
  binned: 3,
};

/** Rows that are moved between two looks at whether to stop: about a millisecond's work a column. */
const SLICE_ROWS = 1 << 15;
const MOST = 2 ** 31 - 1;

/** Room of a thread for the sides of splits, or for a histogram; see `exactClassSplits`, `binnedClassSplits`. */
function sidesBytes(kind: GrowthPlan['data']['kind'], classes: number): number {
  return kind === 'binned' ? 256 * 8 * Math.max(4, classes + 1) + 16 * classes : 32 * classes;
}

export function allocateGrowth(
  arena: Arena,
  kernels: TeamThread['kernels'],
  { data, classes, draws, limits }: GrowthPlan,
): GrowthRoom {
  const { kind, columns } = data;
  const rows = Math.min(data.rows, draws.size);
  const lists = kind === 'presorted' ? data.lists : 1;
  // A waiting node has two rows at least, and depth first those of one depth are two at most.
  const depths = limits.maxLeafNodes === Number.POSITIVE_INFINITY ? limits.maxDepth + 2 : MOST;
  const open = Math.min(Math.ceil(rows / 2) + 1, limits.maxLeafNodes + 1, depths);
  return {
    growth: arena.allocate(kernels.growthBytes(0, 1, columns, classes, sidesBytes(kind, classes))),
    lists: arena.f64(rows * lists),
    pairs: arena.allocate(16 * data.rows),
    marks: kind === 'presorted' ? arena.allocate(data.rows) : 0,
    room: arena.allocate(40 * data.rows),
    open: arena.allocate(kernels.openBytes(0, 1, open)),
  };
}

/** Grows trees in the room of one thread. */
export class KernelGrowth {
  readonly #self: TeamThread;
  readonly #plan: GrowthPlan;
  readonly #growth: number;

  constructor(self: TeamThread, plan: GrowthPlan, room: GrowthRoom) {
    this.#self = self;
    this.#plan = plan;
    this.#growth = room.growth;
    const { kernels } = self;
    const { data, criterion, classes, center, y, weights, table, directions, limits } = plan;
    const { growth } = room;
    const x = data.kind === 'binned' ? 0 : data.x;
    const ranks = data.kind === 'ranked' ? data.ranks : 0;
    const bins =
      data.kind === 'binned'
        ? ([data.byColumn, data.valueBins, data.thresholds] as const)
        : ([0, 0, 0] as const);
    const sorted = data.kind === 'presorted' ? ([data.sorted, data.lists] as const) : ([0, 1] as const);
    const { kind, rows, columns } = data;
    kernels.growthRows(0, 1, growth, kindNumber[kind], rows, columns, x, ranks, ...bins, ...sorted);
    const about = [classes, criterionNumber[criterion], center, table, directions] as const;
    kernels.growthTarget(0, 1, growth, y, weights, ...about);
    const { maxFeatures, minSamplesLeaf, minSamplesSplit, maxDepth, maxLeafNodes, minImpurityDecrease } =
      limits;
    kernels.growthLimits(
      ...([0, 1, growth, maxFeatures, minSamplesLeaf, minSamplesSplit] as const),
      ...([Math.min(MOST, maxDepth), Math.min(MOST, maxLeafNodes)] as const),
      ...([minImpurityDecrease, plan.minWeightFractionLeaf] as const),
    );
    kernels.growthRoom(0, 1, growth, room.lists, room.pairs, room.marks, room.room, room.open);
  }

  /**
   * Writes a tree to `at`, where there is room for as many nodes as it may have.
   * @param seed Four words, not all 0.
   * @param bag Where the bits go that say which rows are in the sample; 0 to leave them out.
   * @returns the bytes that it takes.
   */
  grow(
    seed: Int32Array,
    { at, bag }: { readonly at: number; readonly bag: number },
    checkpoint: () => void,
  ): number {
    const { kernels, memory } = this.#self;
    const { draws, nodes: most, classes } = this.#plan;
    const { size, isBootstrap, isBalanced } = draws;
    const width = Math.max(1, classes);
    const views = treeViews(memory.buffer, at, most, width);
    kernels.growthNodes(
      ...([0, 1, this.#growth, views.threshold.byteOffset, views.values.byteOffset] as const),
      ...([views.weight.byteOffset, views.gain.byteOffset, views.feature.byteOffset] as const),
      ...([views.left.byteOffset, views.samples.byteOffset, views.missingLeft.byteOffset] as const),
    );
    const [a, b, c, d] = seed;
    kernels.startTree(
      ...([0, 1, this.#growth, size, isBootstrap ? 1 : 0, isBalanced ? 1 : 0] as const),
      ...([a!, b!, c!, d!, bag] as const),
    );
    let nodes = -1;
    while (nodes < 0) {
      checkpoint();
      nodes = kernels.growNodes(0, 1, this.#growth, SLICE_ROWS);
    }
    return packTree(memory.buffer, at, { nodes, most, width });
  }
}
