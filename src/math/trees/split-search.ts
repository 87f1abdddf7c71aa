import type { KernelName } from '../../kernels/host/instance.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import { criterionNumber, type NodePurity, type NodeStatistics } from './criterion.ts';
import type { TreeSample } from './tree-sample.ts';

type Numbers<K extends KernelName> = Kernels[K] extends (t: number, n: number, ...rest: infer R) => unknown
  ? R
  : never;

/** How a grower calls kernels: on one thread, or on all where the work (as `Team.callIfLarge` counts it) is worth it. */
export interface KernelCaller {
  readonly memory: { readonly buffer: ArrayBufferLike };
  run<K extends KernelName>(work: number, kernel: K, ...numbers: Numbers<K>): void;
  checkpoint(): void;
}

/** What growing a tree draws: a `RandomState` does. */
export interface TreeDraws {
  /** One of 0 … high − 1. */
  randint(high: number): number;
  /** From 0 to before 1. */
  uniform(): number;
}

/** What the predictions of a node may be, less the center. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** A node whose rows stand side by side from place `begin` on. */
export interface SearchedNode {
  readonly begin: number;
  readonly count: number;
  readonly statistics: NodeStatistics;
  readonly purity: NodePurity;
  readonly bounds: Bounds;
}

export interface SideLimits {
  readonly minSamplesLeaf: number;
  /** Weight, not a fraction. */
  readonly minWeightLeaf: number;
  /** Columns that each node considers. */
  readonly maxFeatures: number;
}

export interface Split {
  readonly column: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Whether rows of the node lack a value in the column. */
  readonly sawMissing: boolean;
  /** What both sides are worth; see the kernels. */
  readonly score: number;
}

/** How splits of nodes are found, and rows sent to their sides. */
export interface SplitSearch<S extends Split = Split> {
  measure(begin: number, count: number): NodeStatistics;
  /** The best split among those considered, undefined when there is none. */
  find(node: SearchedNode): S | undefined;
  /** Puts the rows that go left before the others; @returns their number. */
  divide(begin: number, count: number, split: S): number;
}

/** Relative difference of scores that rounding can make. */
const ROUNDING = 1e-12;

/** Whether a score counts as better: splits that are equal but for rounding count as equal, so that the first column wins. */
export function isBetter(score: number, best: number): boolean {
  return (
    score !== Number.NEGATIVE_INFINITY &&
    (best === Number.NEGATIVE_INFINITY || score > best + ROUNDING * Math.abs(best))
  );
}

/** The columns of a node: all, or as many that vary in it as wanted, drawn at random. */
export class ColumnDraw {
  readonly #order: Int32Array;
  readonly #wanted: number;
  readonly #random: TreeDraws;

  constructor(columns: number, wanted: number, random: TreeDraws) {
    this.#order = Int32Array.from({ length: columns }, (_, j) => j);
    this.#wanted = wanted;
    this.#random = random;
  }

  get takesAll(): boolean {
    return this.#wanted >= this.#order.length;
  }

  /** @param varies Called once for each column that is drawn. */
  draw(varies: (column: number) => boolean): Int32Array {
    const order = this.#order;
    const columns = order.length;
    if (this.takesAll) return order;
    let found = 0;
    for (let passed = 0; passed < columns && found < this.#wanted; passed++) {
      const at = passed + this.#random.randint(columns - passed);
      const column = order[at]!;
      order[at] = order[passed]!;
      order[passed] = column;
      if (!varies(column)) continue;
      order[passed] = order[found]!;
      order[found++] = column;
    }
    return order.slice(0, found);
  }
}

/** Statistics of rows listed by 64-bit entries at `list`. */
export function measureRows(
  caller: KernelCaller,
  { criterion, classes, workspace }: TreeSample,
  list: number,
  count: number,
): NodeStatistics {
  const { pairs, statistics, targets } = workspace;
  const { buffer } = caller.memory;
  if (classes > 0) {
    caller.run(0, 'nodeClasses', list, count, pairs, classes, statistics);
    return new Float64Array(buffer, statistics, classes).slice();
  }
  if (criterion === 'absoluteError') caller.run(0, 'nodeAbsolute', list, count, pairs, targets, statistics);
  else caller.run(0, 'nodeMoments', list, count, pairs, criterionNumber[criterion], statistics);
  return new Float64Array(buffer, statistics, 3).slice();
}
