import type { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowSelection } from './bin.ts';
import { drawCounts, type ForestDraws } from './bootstrap.ts';
import { leafOf, type Trees } from './trees.ts';

export interface OutOfBagProblem {
  readonly trees: Trees;
  readonly x: Matrix;
  /** The rows the forest was grown on. */
  readonly selection: RowSelection;
  readonly seeds: Float64Array;
  readonly draws: ForestDraws;
}

interface OutOfBagRound {
  readonly trees: Trees;
  readonly data: Float64Array;
  readonly columns: number;
  readonly selection: RowSelection;
  readonly seeds: Float64Array;
  readonly draws: ForestDraws;
  readonly sums: Float64Array;
  readonly counts: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Trees between two looks at whether to stop. */
const TREES_PER_ROUND = 16;

/**
 * For each row of x the mean of the leaves in those trees whose sample it is not in: `width` numbers a row, NaN where
 * there is none. The samples are drawn again from the seeds.
 */
export async function sumOutOfBag(
  { team, checkpoint }: Workers,
  { trees, x, selection, seeds, draws }: OutOfBagProblem,
): Promise<Float64Array> {
  const { width } = trees;
  const sums = sharedArray(Float64Array, selection.rows * width);
  const counts = sharedArray(Int32Array, selection.rows);
  const plan = { trees, data: x.data, columns: x.columns, selection, seeds, draws, sums, counts };
  for (let from = 0; from < seeds.length; from += TREES_PER_ROUND) {
    const round = { ...plan, from, to: Math.min(seeds.length, from + TREES_PER_ROUND) };
    if (team.threads === 1 || selection.rows < 4096) {
      addOutOfBag(team.alone(), round);
    } else await team.gang(import.meta.url, 'addOutOfBag', round);
    checkpoint();
  }
  const means = new Float64Array(x.rows * width).fill(Number.NaN);
  for (let i = 0; i < selection.rows; i++) {
    const row = selection.list === undefined ? i : selection.list[i]!;
    for (let k = 0; k < width; k++) means[row * width + k] = sums[i * width + k]! / counts[i]!;
  }
  return means;
}

/** What every thread of a round runs: its share of the rows, tree by tree. */
export function addOutOfBag({ thread, threads }: TeamThread, round: OutOfBagRound): void {
  const { trees, data, columns, selection, seeds, draws, sums, counts } = round;
  const first = Math.floor((selection.rows * thread) / threads);
  const last = Math.floor((selection.rows * (thread + 1)) / threads);
  for (let tree = round.from; tree < round.to; tree++) {
    const drawn = drawCounts(draws, selection.rows, new RandomState(seeds[tree]!));
    for (let i = first; i < last; i++) {
      if (drawn[i]! > 0) continue;
      const row = selection.list === undefined ? i : selection.list[i]!;
      const leaf = leafOf(trees, tree, data, row * columns);
      for (let k = 0; k < trees.width; k++)
        sums[i * trees.width + k]! += trees.values[leaf * trees.width + k]!;
      counts[i]!++;
    }
  }
}
