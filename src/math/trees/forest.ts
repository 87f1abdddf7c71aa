import type { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { isStopped, itemsTaken, type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { bagBytes, type ForestDraws, SEED_WORDS } from './bootstrap.ts';
import { placePhiTable, type TreeProblem, weightedTarget } from './fit-tree.ts';
import type { TreeLimits } from './grow-tree.ts';
import { allocateGrowth, type GrowthPlan, type GrowthRoom, KernelGrowth } from './kernel-growth.ts';
import { sumOutOfBag } from './out-of-bag.ts';
import { placeBinned, placeSorted, type Splits } from './place-tree-data.ts';
import { placeRanks } from './presort.ts';
import { allocateSearchGrowth, SearchGrowth, type SearchPlan, type SearchRoom } from './search-growth.ts';
import { mostLevels } from './set-search.ts';
import { readTree, treeBytes } from './tree-bytes.ts';
import { joinTrees, type Trees } from './trees.ts';

export interface ForestProblem extends Omit<TreeProblem, 'random' | 'limits'> {
  readonly splits: Splits;
  readonly limits: Omit<TreeLimits, 'minWeightLeaf'>;
  /** Least weight of a leaf as a share of the tree's sample. */
  readonly minWeightFractionLeaf: number;
  readonly nEstimators: number;
  readonly draws: ForestDraws;
  readonly random: RandomState;
  readonly wantsOutOfBag: boolean;
}

export interface Forest {
  readonly trees: Trees;
  /**
   * Mean over the trees that did not see the row: `width` numbers a row of x, NaN where there is none. Empty when not
   * wanted.
   */
  readonly outOfBag: Float64Array;
}

/** How trees are grown: by kernels alone, or by a search that calls them. Plain data, with the room of each thread. */
type Growing =
  | { readonly kind: 'kernel'; readonly plan: GrowthPlan; readonly rooms: readonly GrowthRoom[] }
  | { readonly kind: 'search'; readonly plan: SearchPlan; readonly rooms: readonly SearchRoom[] };

/** What every thread is told. Pointers and plain data. */
interface ForestRound {
  readonly growing: Growing;
  /** {@link SEED_WORDS} a tree. */
  readonly seeds: Int32Array;
  /** Bits of the rows in each tree's sample, or 0. */
  readonly bags: number;
  readonly bagBytes: number;
  /** Trees of the round: from `first` on, up to `nEstimators` as far as there is room. */
  readonly first: number;
  readonly nEstimators: number;
  readonly queue: Queue;
  /** Room of each thread for trees. Pointers. */
  readonly shelves: readonly number[];
  readonly shelfBytes: number;
  /** What a tree takes at most. */
  readonly treeBytes: number;
  /** Where each tree of the forest is: in units of {@link UNIT} bytes. */
  readonly places: Int32Array;
}

const SHELF_BYTES = 32 * 2 ** 20;
/** Trees start on cache lines. */
const UNIT = 64;

/**
 * Trees on samples of the rows, several at a time, each on one thread. Every tree has a seed of its own, so the forest
 * is the same for any number of threads. Source: L. Breiman, "Random forests" (2001).
 */
export async function growForest(workers: Workers, problem: ForestProblem): Promise<Forest> {
  const { team, checkpoint, progress } = workers;
  const { x, nEstimators, random } = problem;
  const { arena } = team;
  return arena.scopeAsync(async () => {
    const { growing, selection } = await prepare(workers, problem);
    const seeds = seedsOf(nEstimators, random);
    const bags = problem.wantsOutOfBag ? arena.allocate(nEstimators * bagBytes(selection.rows)) : 0;
    const { nodes, classes, categories } = { categories: undefined, ...growing.plan };
    const mostBytes = treeBytes(nodes, Math.max(1, classes), mostLevels({ categories }));
    const shelfBytes = Math.min(nEstimators * mostBytes, Math.max(SHELF_BYTES, mostBytes));
    const shelves = growing.rooms.map(() => arena.allocate(shelfBytes));
    const places = sharedArray(Int32Array, nEstimators);
    const grown: Trees[] = [];
    while (grown.length < nEstimators) {
      const first = grown.length;
      const queue = queueOf();
      const round: ForestRound = {
        ...{ growing, seeds, bags, bagBytes: bagBytes(selection.rows), first, nEstimators, queue },
        ...{ shelves, shelfBytes, treeBytes: mostBytes, places },
      };
      const count = () => Math.min(nEstimators, first + itemsTaken(queue));
      await runRound(team, round, () => {
        checkpoint();
        progress?.(count() / nEstimators);
      });
      checkpoint();
      for (const to = count(); grown.length < to; )
        grown.push(readTree(arena.memory.buffer, places[grown.length]! * UNIT));
    }
    const trees = joinTrees(grown);
    const outOfBag = problem.wantsOutOfBag
      ? await sumOutOfBag(workers, { trees, x, selection, bags })
      : new Float64Array(0);
    return { trees, outOfBag };
  });
}

/** Places the rows, and room for each thread. */
async function prepare(workers: Workers, problem: ForestProblem) {
  const { team } = workers;
  const { arena } = team;
  const { x, classes, criterion, draws, random, splits, limits, minWeightFractionLeaf } = problem;
  const categories = problem.categories?.some((count) => count > 0) ? problem.categories : undefined;
  const { selection, y, weights, center } = weightedTarget(problem);
  const looksAtFew = limits.maxFeatures <= x.columns / 2;
  const isByKernel = criterion !== 'absoluteError' && categories === undefined;
  const table = placePhiTable(
    arena,
    criterion,
    draws.isBalanced ? Float64Array.of(0.5) : weights,
    draws.size,
  );
  const rows = Math.min(selection.rows, draws.size);
  const common = {
    ...{ classes, center, draws, limits, minWeightFractionLeaf, table },
    ...{ y: arena.place(y), weights: arena.place(weights), nodes: mostNodes(limits, rows) },
  };
  const threads = { length: Math.min(team.threads, problem.nEstimators) };
  const { directions } = problem;
  if (!isByKernel) {
    const data =
      splits === 'histogram'
        ? await placeBinned(workers, x, selection, random, categories)
        : placeSorted(workers, x, selection, { splits, criterion, y });
    const plan: SearchPlan = { ...common, data, criterion, categories, directions };
    const rooms = Array.from(threads, () => allocateSearchGrowth(arena, plan, y));
    return { selection, growing: { kind: 'search', plan, rooms } satisfies Growing };
  }
  const data =
    splits === 'histogram'
      ? await placeBinned(workers, x, selection, random, undefined)
      : splits === 'exact' && looksAtFew
        ? placeRanks(workers, x, selection)
        : placeSorted(workers, x, selection, { splits, criterion, y });
  const plan: GrowthPlan = {
    ...{ ...common, data, criterion },
    directions: directions === undefined ? 0 : arena.place(Uint8Array.from(directions, (one) => one & 255)),
  };
  const { kernels } = team.alone();
  const rooms = Array.from(threads, () => allocateGrowth(arena, kernels, plan));
  return { selection, growing: { kind: 'kernel', plan, rooms } satisfies Growing };
}

function seedsOf(trees: number, random: RandomState): Int32Array {
  const seeds = sharedArray(Int32Array, trees * SEED_WORDS);
  random.fillRandint(seeds, -(2 ** 31), 2 ** 31);
  // The one state that the generator never leaves is all 0.
  for (let tree = 0; tree < trees; tree++) seeds[tree * SEED_WORDS]! |= 1;
  return seeds;
}

function mostNodes(
  { maxLeafNodes, maxDepth, minSamplesLeaf }: ForestProblem['limits'],
  rows: number,
): number {
  const leaves = Math.min(maxLeafNodes, 2 ** maxDepth, Math.max(1, Math.floor(rows / minSamplesLeaf)));
  return 2 * leaves;
}

async function runRound(team: Team, round: ForestRound, onNode: () => void): Promise<void> {
  if (team.threads === 1 || round.nEstimators - round.first === 1) growTrees(team.alone(onNode), round);
  else await team.gang(import.meta.url, 'growTrees', round, onNode);
}

/** What every thread of a round runs. */
export function growTrees(self: TeamThread, round: ForestRound): void {
  const { thread } = self;
  const { growing, queue, first, nEstimators, seeds, places } = round;
  if (thread >= growing.rooms.length) return;
  const growth =
    growing.kind === 'kernel'
      ? new KernelGrowth(self, growing.plan, growing.rooms[thread]!)
      : new SearchGrowth(self, growing.plan, growing.rooms[thread]!);
  const checkpoint = () => {
    if (isStopped(self, queue)) throw new Stopped();
  };
  let at = round.shelves[thread]!;
  const last = at + round.shelfBytes - round.treeBytes;
  try {
    while (at <= last) {
      const item = takeItem(self, queue, nEstimators - first);
      if (item < 0) return;
      const tree = first + item;
      const seed = seeds.subarray(tree * SEED_WORDS, (tree + 1) * SEED_WORDS);
      const bag = round.bags === 0 ? 0 : round.bags + tree * round.bagBytes;
      const bytes = growth.grow(seed, { at, bag }, checkpoint);
      places[tree] = at / UNIT;
      at += Math.ceil(bytes / UNIT) * UNIT;
    }
  } catch (error) {
    // The round is left in peace; its owner tells whoever asked to stop.
    if (!(error instanceof Stopped)) throw error;
  }
}

class Stopped extends Error {}
