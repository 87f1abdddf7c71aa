import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Arena } from '../../kernels/host/arena.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowSelection } from './bin.ts';
import type { Criterion } from './criterion.ts';
import { type GrownTree, growTree, type TreeLimits } from './grow-tree.ts';
import { placeSorted, type Splits } from './place-tree-data.ts';
import type { KernelCaller } from './split-search.ts';
import { allocateWorkspace, type TreeData, type TreeWorkspace } from './tree-sample.ts';

export interface TreeProblem {
  readonly x: Matrix;
  /** Values, or codes of classes. */
  readonly y: Float64Array | Int32Array;
  /** Number of classes, 0 for regression. */
  readonly classes: number;
  readonly sampleWeight: Float64Array | undefined;
  readonly criterion: Criterion;
  readonly limits: TreeLimits;
  /** By column: 1 where predictions may only rise with it, −1 where they may only fall, else 0. Of two classes at most. */
  readonly directions?: Int8Array | undefined;
  /** By column how many categories it holds, as codes 0, 1, …; 0 for numbers. */
  readonly categories?: Int32Array | undefined;
  readonly random: RandomState;
}

/** The rows that count, with their targets and weights. */
export interface WeightedTarget {
  readonly selection: RowSelection;
  /** Values less `center`, or codes of classes. */
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly center: number;
}

/** Grows one tree on all rows of weight above 0, large nodes on all threads. */
export function fitTree(
  workers: Workers,
  problem: TreeProblem & { readonly splits: Exclude<Splits, 'histogram'> },
): GrownTree {
  const { team, checkpoint } = workers;
  const { x, classes, criterion, limits, random, splits, directions, categories } = problem;
  return team.arena.scope(() => {
    const { selection, y, weights, center } = weightedTarget(problem);
    const data = placeSorted(workers, x, selection, { splits, criterion, y });
    const table = placePhiTable(team.arena, criterion, weights);
    const workspace = allocateWorkspace(team.arena, {
      ...{ data, criterion, classes, threads: team.threads, table, directions, categories, y },
    });
    writePairs(team.arena.memory.buffer, workspace.pairs, y, weights, classes);
    const caller: KernelCaller = {
      memory: team.arena.memory,
      run: (work, kernel, ...rest) => team.callIfLarge(work, kernel, ...rest),
      checkpoint,
    };
    listSample(caller, data, workspace, data.rows);
    const sample = { data, length: data.rows, criterion, classes, center, workspace, directions, categories };
    return growTree(caller, sample, limits, random);
  });
}

/** Lists the rows of weight above 0, of which there are `length`. */
export function listSample(
  caller: KernelCaller,
  data: TreeData,
  { pairs, lists }: TreeWorkspace,
  length: number,
): void {
  if (data.kind !== 'presorted') {
    caller.run(0, 'listRows', pairs, data.rows, lists);
    return;
  }
  const work = data.rows * data.lists;
  caller.run(work, 'selectPresorted', data.sorted, data.rows, data.lists, pairs, lists, length);
}

export function weightedTarget({
  x,
  y,
  classes,
  criterion,
  sampleWeight,
}: Pick<TreeProblem, 'x' | 'y' | 'classes' | 'criterion' | 'sampleWeight'>): WeightedTarget {
  const rows: number[] = [];
  if (sampleWeight !== undefined) {
    for (let i = 0; i < x.rows; i++) if (sampleWeight[i]! > 0) rows.push(i);
  }
  const isWhole = sampleWeight === undefined || rows.length === x.rows;
  const selection: RowSelection = {
    rows: isWhole ? x.rows : rows.length,
    list: isWhole ? undefined : Int32Array.from(rows),
  };
  const at = (i: number) => (isWhole ? i : rows[i]!);
  const target = Float64Array.from({ length: selection.rows }, (_, i) => y[at(i)]!);
  const weights = Float64Array.from({ length: selection.rows }, (_, i) => sampleWeight?.[at(i)] ?? 1);
  if (classes > 0 || criterion !== 'squaredError') return { selection, y: target, weights, center: 0 };
  let [sum, total] = [0, 0];
  for (let i = 0; i < target.length; i++) {
    sum += weights[i]! * target[i]!;
    total += weights[i]!;
  }
  const center = sum / total;
  return { selection, y: target.map((value) => value - center), weights, center };
}

/** Weight and w · y, or weight and class, of each row. */
export function writePairs(
  buffer: ArrayBufferLike,
  pairs: number,
  y: Float64Array,
  weights: Float64Array,
  classes: number,
): void {
  const numbers = new Float64Array(buffer, pairs, 2 * y.length);
  if (classes === 0) {
    for (let i = 0; i < y.length; i++) {
      numbers[2 * i] = weights[i]!;
      numbers[2 * i + 1] = weights[i]! * y[i]!;
    }
    return;
  }
  const words = new Int32Array(buffer, pairs, 4 * y.length);
  for (let i = 0; i < y.length; i++) {
    numbers[2 * i] = weights[i]!;
    words[4 * i + 2] = y[i]!;
    words[4 * i + 3] = 0;
  }
}

const MOST_TABLE = 1 << 22;

/**
 * φ(c) = c log c of 0, 1, 2, … when entropy needs it and all weights are whole; else 0. The table reaches the total
 * weight, or that of the heaviest `draws` draws.
 */
export function placePhiTable(
  arena: Arena,
  criterion: Criterion,
  weights: Float64Array,
  draws?: number,
): number {
  if (criterion !== 'entropy') return 0;
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const total = draws === undefined ? weights.reduce((sum, weight) => sum + weight, 0) : draws * largest;
  if (total > MOST_TABLE || !weights.every(Number.isInteger)) return 0;
  return arena.place(Float64Array.from({ length: total + 1 }, (_, c) => (c === 0 ? 0 : c * Math.log(c))));
}
