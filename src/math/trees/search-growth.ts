import { RandomState } from '../../core/random.ts';
import type { Arena } from '../../kernels/host/arena.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { ForestDraws } from './bootstrap.ts';
import type { Criterion } from './criterion.ts';
import { listSample } from './fit-tree.ts';
import { growTree, type TreeLimits } from './grow-tree.ts';
import type { KernelCaller } from './split-search.ts';
import { writeTree } from './tree-bytes.ts';
import { allocateWorkspace, type TreeData, type TreeWorkspace } from './tree-sample.ts';

/** What trees are grown on by `growTree`, on one thread each. Plain data with pointers. */
export interface SearchPlan {
  readonly data: TreeData;
  readonly criterion: Criterion;
  readonly classes: number;
  readonly center: number;
  readonly directions: Int8Array | undefined;
  readonly categories: Int32Array | undefined;
  /** Values less `center`, or codes of classes, and weights of the rows: float64. */
  readonly y: number;
  readonly weights: number;
  readonly table: number;
  readonly draws: ForestDraws;
  readonly limits: Omit<TreeLimits, 'minWeightLeaf'>;
  readonly minWeightFractionLeaf: number;
  readonly nodes: number;
}

/** Room of one thread. Pointers. */
export interface SearchRoom {
  readonly workspace: TreeWorkspace;
  /** Four words, and a float64 behind them. */
  readonly random: number;
  /** 32 bits a row. */
  readonly counts: number;
}

/** @param y The targets. */
export function allocateSearchGrowth(arena: Arena, plan: SearchPlan, y: Float64Array): SearchRoom {
  const { data, criterion, classes, table, directions, categories } = plan;
  return {
    workspace: allocateWorkspace(arena, {
      ...{ data, criterion, classes, threads: 1, table, directions, categories, y },
    }),
    random: arena.f64(3),
    counts: arena.i32(data.rows),
  };
}

/** Grows trees of what kernels alone do not: categories, and the absolute error. */
export class SearchGrowth {
  readonly #self: TeamThread;
  readonly #plan: SearchPlan;
  readonly #room: SearchRoom;

  constructor(self: TeamThread, plan: SearchPlan, room: SearchRoom) {
    this.#self = self;
    this.#plan = plan;
    this.#room = room;
  }

  /** See `KernelGrowth`. */
  grow(
    seed: Int32Array,
    { at, bag }: { readonly at: number; readonly bag: number },
    checkpoint: () => void,
  ): number {
    const { kernels, memory } = this.#self;
    const { data, criterion, classes, center, directions, categories, draws, limits } = this.#plan;
    const { workspace, random, counts } = this.#room;
    new Int32Array(memory.buffer, random, 4).set(seed);
    const { size, isBootstrap, isBalanced } = draws;
    const { y, weights } = this.#plan;
    const length = kernels.drawBag(
      ...([0, 1, random, data.rows, size, isBootstrap ? 1 : 0, isBalanced ? 1 : 0] as const),
      ...([y, weights, classes, counts, workspace.totals, workspace.pairs, bag, random + 16] as const),
    );
    const [total] = new Float64Array(memory.buffer, random + 16, 1);
    const caller: KernelCaller = {
      memory,
      run: (_, kernel, ...numbers) => {
        (kernels[kernel] as (...all: number[]) => void)(0, 1, ...(numbers as number[]));
      },
      checkpoint,
    };
    listSample(caller, data, workspace, length);
    const sample = { data, length, criterion, classes, center, workspace, directions, categories };
    const bounds = { ...limits, minWeightLeaf: this.#plan.minWeightFractionLeaf * total! };
    const { trees } = growTree(caller, sample, bounds, new RandomState(seed[0]! >>> 0));
    return writeTree(memory.buffer, at, trees);
  }
}
