import { type Criterion, type NodeStatistics, scoreOf, weightOf } from './criterion.ts';
import type { KernelCaller, SearchedNode, SideLimits, Split, TreeDraws } from './split-search.ts';
import type { TreeSample } from './tree-sample.ts';

/** A split that sends a set of categories left. */
export interface SetSplit extends Split {
  /** The set, a bit a code. */
  readonly words: Int32Array;
}

interface Category {
  readonly code: number;
  readonly rows: number;
  /** Σ w and Σ w y, or the weight of each class. */
  readonly sums: Float64Array;
  order: number;
}

/**
 * Splits of columns of categories. Of two classes, or by means, the best set of categories is among the first ones in the order of the share or the
 * mean (L. Breiman et al., "Classification and Regression Trees", 1984, §4.2.2). Of more classes the order is along the first principal component
 * of the shares, which is near the best (D. Coppersmith, S. J. Hong, J. R. M. Hosking, "Partitioning nominal attributes in decision trees", 1999).
 * Trees that draw their splits draw a set. Missing values go to the side that fits better.
 */
export class SetSearch {
  readonly #caller: KernelCaller;
  readonly #sample: TreeSample;
  readonly #limits: SideLimits;
  readonly #random: TreeDraws | undefined;
  readonly #width: number;
  readonly #table: Float64Array;
  readonly #touched: Int32Array;
  readonly #words: Int32Array;

  /** @param random Where given sets are drawn. */
  constructor(caller: KernelCaller, sample: TreeSample, limits: SideLimits, random: TreeDraws | undefined) {
    this.#caller = caller;
    this.#sample = sample;
    this.#limits = limits;
    this.#random = random;
    this.#width = sample.classes === 0 ? 2 : sample.classes;
    const { buffer } = caller.memory;
    const levels = mostLevels(sample);
    const { categoryTable, touched, setWords } = sample.workspace;
    this.#table = new Float64Array(buffer, categoryTable, (levels + 1) * (1 + this.#width));
    this.#touched = new Int32Array(buffer, touched, levels + 2);
    this.#words = new Int32Array(buffer, setWords, (levels >>> 5) + 1);
  }

  has(column: number): boolean {
    return (this.#sample.categories?.[column] ?? 0) > 0;
  }

  /** The split of a node, whose entries are at `list`, that fits best (or one that is drawn); undefined when there is none. */
  find(column: number, list: number, node: SearchedNode): SetSplit | undefined {
    const levels = this.#sample.categories![column]!;
    const { categories, missing } = this.#sumUp(column, list, node.count, levels);
    if (this.#random === undefined) order(categories, this.#sample.criterion, this.#sample.classes);
    else for (const category of categories) category.order = this.#random.uniform();
    categories.sort((a, b) => a.order - b.order || a.code - b.code);
    let best: { readonly score: number; readonly until: number; readonly missingLeft: boolean } | undefined;
    for (const missingLeft of missing === undefined ? [false] : [false, true]) {
      const left = missingLeft ? missing!.sums.slice() : new Float64Array(this.#width);
      let rows = missingLeft ? missing!.rows : 0;
      for (const [i, category] of categories.entries()) {
        for (let k = 0; k < this.#width; k++) left[k]! += category.sums[k]!;
        rows += category.rows;
        // A drawn set holds the categories below one half.
        if (this.#random !== undefined && category.order < 0.5 && (categories[i + 1]?.order ?? 1) < 0.5)
          continue;
        const score = this.#scoreOf(left, rows, node);
        if (score !== undefined && (best === undefined || score > best.score))
          best = { score, until: i + 1, missingLeft };
        if (this.#random !== undefined) break;
      }
    }
    if (best === undefined) return undefined;
    const chosen = categories.slice(0, best.until).map(({ code }) => code);
    const words = new Int32Array(1 + (Math.max(...chosen) >>> 5));
    for (const code of chosen) words[code >>> 5]! |= 1 << (code & 31);
    const { score, missingLeft } = best;
    return { column, threshold: Number.NaN, missingLeft, sawMissing: missing !== undefined, score, words };
  }

  #sumUp(column: number, list: number, count: number, levels: number) {
    const { workspace, classes } = this.#sample;
    const { categoryTable, touched, pairs } = workspace;
    const codes = this.#codesOf(column);
    this.#caller.run(0, 'categorySums', codes, list, count, pairs, classes, levels, categoryTable, touched);
    const stride = 1 + this.#width;
    const categories: Category[] = [];
    let missing: Category | undefined;
    const found = this.#touched[0]!;
    for (let i = 1; i <= found; i++) {
      const code = this.#touched[i]!;
      const own = this.#table.subarray(code * stride, (code + 1) * stride);
      const category = { code, rows: own[0]!, sums: own.slice(1), order: 0 };
      own.fill(0);
      if (code === levels) missing = category;
      else categories.push(category);
    }
    return { categories, missing };
  }

  #scoreOf(left: Float64Array, rows: number, { count, statistics }: SearchedNode): number | undefined {
    const { criterion } = this.#sample;
    const { minSamplesLeaf, minWeightLeaf } = this.#limits;
    if (Math.min(rows, count - rows) < Math.max(1, minSamplesLeaf)) return undefined;
    const right = left.map((value, k) => statistics[k]! - value);
    const least = Math.min(weightOf(criterion, left), weightOf(criterion, right));
    if (least < minWeightLeaf || least <= 0) return undefined;
    // A side without events has no finite rate.
    if (criterion === 'poisson' && (left[1]! <= 0 || right[1]! <= 0)) return undefined;
    const own = criterion as Exclude<Criterion, 'absoluteError'>;
    return scoreOf(own, left) + scoreOf(own, right);
  }

  /** Sends the rows of all lists to their sides; @returns how many go left. */
  divide(lists: number, begin: number, count: number, { column, words, missingLeft }: SetSplit): number {
    const { workspace, length } = this.#sample;
    const { marks, scratch, setWords, statistics } = workspace;
    this.#words.set(words);
    const list = workspace.lists + 8 * begin;
    const codes = this.#codesOf(column);
    this.#caller.run(0, 'markSet', codes, list, count, setWords, words.length, missingLeft ? 1 : 0, marks);
    this.#caller.run(
      (count * lists) / 2,
      'partitionMarked',
      ...([workspace.lists, length, lists, begin, count, marks, scratch, statistics] as const),
    );
    return new Float64Array(this.#caller.memory.buffer, statistics, 1)[0]!;
  }

  #codesOf(column: number): number {
    const { data } = this.#sample;
    return data.kind === 'binned' ? data.codes[column]! : data.x + 8 * column * data.rows;
  }
}

export function mostLevels({ categories }: Pick<TreeSample, 'categories'>): number {
  return categories?.reduce((most, count) => Math.max(most, count), 0) ?? 0;
}

export function isSetSplit(split: Split): split is SetSplit {
  return 'words' in split;
}

/** Gives categories their places on a line. */
function order(categories: readonly Category[], criterion: Criterion, classes: number): void {
  if (classes === 0) for (const one of categories) one.order = one.sums[1]! / one.sums[0]!;
  else if (classes <= 2)
    for (const one of categories) one.order = (one.sums[1] ?? 0) / weightOf(criterion, one.sums);
  else {
    const axis = firstComponent(categories, criterion, classes);
    for (const one of categories) {
      const weight = weightOf(criterion, one.sums);
      one.order = axis.reduce((sum, value, k) => sum + (value * one.sums[k]!) / weight, 0);
    }
  }
}

const COMPONENT_STEPS = 50;

/** The direction in which the shares of the classes vary most among categories, by power iteration on their weighted covariance. */
function firstComponent(
  categories: readonly Category[],
  criterion: Criterion,
  classes: number,
): NodeStatistics {
  const total = new Float64Array(classes);
  let weight = 0;
  for (const { sums } of categories) for (let k = 0; k < classes; k++) total[k]! += sums[k]!;
  for (const value of total) weight += value;
  const covariance = new Float64Array(classes * classes);
  for (const { sums } of categories) {
    const own = weightOf(criterion, sums);
    const centred = sums.map((value, k) => value / own - total[k]! / weight);
    for (let a = 0; a < classes; a++)
      for (let b = 0; b < classes; b++) covariance[a * classes + b]! += own * centred[a]! * centred[b]!;
  }
  // The column of the largest diagonal element is not orthogonal to the first component unless by accident.
  let largest = 0;
  for (let k = 1; k < classes; k++)
    if (covariance[k * classes + k]! > covariance[largest * classes + largest]!) largest = k;
  let axis = covariance.slice(largest * classes, (largest + 1) * classes);
  for (let step = 0; step < COMPONENT_STEPS; step++) {
    const next = new Float64Array(classes);
    for (let a = 0; a < classes; a++)
      for (let b = 0; b < classes; b++) next[a]! += covariance[a * classes + b]! * axis[b]!;
    const norm = Math.hypot(...next);
    if (norm === 0) break;
    axis = next.map((value) => value / norm);
  }
  return axis;
}
