import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { isStopped, itemsTaken, type Queue, queueOf, takeItem } from '../../kernels/host/queue.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import { baggedWeights, type ForestDraws } from './bootstrap.ts';
import type { Criterion } from './criterion.ts';
import { listSample, placePhiTable, type TreeProblem, weightedTarget, writePairs } from './fit-tree.ts';
import { growTree, type TreeLimits } from './grow-tree.ts';
import { sumOutOfBag } from './out-of-bag.ts';
import { placeBinned, placeSorted, type Splits } from './place-tree-data.ts';
import { mostLevels } from './set-search.ts';
import type { KernelCaller } from './split-search.ts';
import { readTree, treeBytes, writeTree } from './tree-bytes.ts';
import { allocateWorkspace, type TreeData, type TreeWorkspace } from './tree-sample.ts';
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

/** What every thread is told. Pointers and plain data. */
interface ForestPlan {
  readonly data: TreeData;
  readonly criterion: Criterion;
  readonly classes: number;
  readonly center: number;
  readonly directions: Int8Array | undefined;
  readonly categories: Int32Array | undefined;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly draws: ForestDraws;
  readonly seeds: Float64Array;
  readonly limits: Omit<TreeLimits, 'minWeightLeaf'>;
  readonly minWeightFractionLeaf: number;
  readonly workspaces: readonly TreeWorkspace[];
  /** Room for the trees of a round, `slotBytes` each. */
  readonly slots: number;
  readonly slotBytes: number;
}

interface ForestRound extends ForestPlan {
  readonly first: number;
  readonly to: number;
  /** Of the trees of the round. */
  readonly queue: Queue;
}

const ROUND_BYTES = 64 * 2 ** 20;

/**
 * Trees on samples of the rows, several at a time, each on one thread. Every tree has a seed of its own, so the forest
 * is the same for any number of threads. Source: L. Breiman, "Random forests" (2001).
 */
export async function growForest(workers: Workers, problem: ForestProblem): Promise<Forest> {
  const { team, checkpoint, progress } = workers;
  const { x, classes, criterion, nEstimators, draws, random, splits, directions, categories } = problem;
  return team.arena.scopeAsync(async () => {
    const { selection, y, weights, center } = weightedTarget(problem);
    const data =
      splits === 'histogram'
        ? await placeBinned(workers, x, selection, random, categories)
        : placeSorted(workers, x, selection, { splits, criterion, y });
    const seeds = random.randomSample(nEstimators).map((u) => Math.floor(u * 2 ** 31));
    const table = placePhiTable(
      team.arena,
      criterion,
      draws.isBalanced ? Float64Array.of(0.5) : weights,
      draws.size,
    );
    const slotBytes = treeBytes(
      mostNodes(problem.limits, Math.min(data.rows, draws.size)),
      Math.max(1, classes),
      mostLevels({ categories }),
    );
    const perRound = Math.min(nEstimators, Math.max(team.threads, Math.floor(ROUND_BYTES / slotBytes)));
    const plan: ForestPlan = {
      ...{ data, criterion, classes, center, directions, categories, draws, seeds, slotBytes },
      y: share(y),
      weights: share(weights),
      limits: problem.limits,
      minWeightFractionLeaf: problem.minWeightFractionLeaf,
      workspaces: Array.from({ length: Math.min(team.threads, nEstimators) }, () =>
        allocateWorkspace(team.arena, {
          data,
          criterion,
          classes,
          threads: 1,
          table,
          directions,
          categories,
          y,
        }),
      ),
      slots: team.arena.allocate(perRound * slotBytes),
    };
    const grown: Trees[] = [];
    for (let first = 0; first < nEstimators; first += perRound) {
      const to = Math.min(nEstimators, first + perRound);
      const queue = queueOf();
      await runRound(team, { ...plan, first, to, queue }, () => {
        checkpoint();
        progress?.(Math.min(to, first + itemsTaken(queue)) / nEstimators);
      });
      checkpoint();
      for (let tree = first; tree < to; tree++) {
        grown.push(readTree(team.arena.memory.buffer, plan.slots + (tree - first) * slotBytes));
      }
    }
    const trees = joinTrees(grown);
    const outOfBag = problem.wantsOutOfBag
      ? await sumOutOfBag(workers, { trees, x, selection, seeds, draws })
      : new Float64Array(0);
    return { trees, outOfBag };
  });
}

function share(values: Float64Array): Float64Array {
  const copy = sharedArray(Float64Array, values.length);
  copy.set(values);
  return copy;
}

function mostNodes({ maxLeafNodes, maxDepth, minSamplesLeaf }: ForestPlan['limits'], rows: number): number {
  const leaves = Math.min(maxLeafNodes, 2 ** maxDepth, Math.max(1, Math.floor(rows / minSamplesLeaf)));
  return 2 * leaves;
}

async function runRound(team: Team, round: ForestRound, onNode: () => void): Promise<void> {
  if (team.threads === 1 || round.to - round.first === 1) growTrees(team.alone(onNode), round);
  else await team.gang(import.meta.url, 'growTrees', round, onNode);
}

/** What every thread of a round runs. */
export function growTrees(self: TeamThread, round: ForestRound): void {
  const { thread, kernels, memory } = self;
  const { data, queue, slots, slotBytes, first, to } = round;
  const workspace = round.workspaces[thread];
  if (workspace === undefined) return;
  const caller: KernelCaller = {
    memory,
    run: (_, kernel, ...numbers) => {
      (kernels[kernel] as (...all: number[]) => void)(0, 1, ...(numbers as number[]));
    },
    checkpoint: () => {
      if (isStopped(self, queue)) throw new Stopped();
    },
  };
  try {
    for (;;) {
      const item = takeItem(self, queue, to - first);
      if (item < 0) return;
      const tree = first + item;
      const trees = growOne(caller, round, workspace, round.seeds[tree]!);
      writeTree(memory.buffer, slots + (tree - first) * slotBytes, trees);
    }
  } catch (error) {
    // The round is left in peace; its owner tells whoever asked to stop.
    if (!(error instanceof Stopped)) throw error;
  }

  function growOne(
    call: KernelCaller,
    {
      criterion,
      classes,
      center,
      directions,
      categories,
      y,
      draws,
      limits,
      minWeightFractionLeaf,
    }: ForestRound,
    space: TreeWorkspace,
    seed: number,
  ): Trees {
    const random = new RandomState(seed);
    const weights = baggedWeights(draws, round.weights, y, classes, random);
    writePairs(memory.buffer, space.pairs, y, weights, classes);
    let length = 0;
    let total = 0;
    for (const weight of weights) {
      if (weight > 0) length++;
      total += weight;
    }
    listSample(call, data, space, length);
    const sample = { data, length, criterion, classes, center, directions, categories, workspace: space };
    const bounds = { ...limits, minWeightLeaf: minWeightFractionLeaf * total };
    return growTree(call, sample, bounds, random).trees;
  }
}

class Stopped extends Error {}
