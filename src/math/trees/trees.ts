import { DataError } from '../../core/errors.ts';
import { type CategorySets, isInSet, joinSets, sliceSets } from './category-sets.ts';

/**
 * Trees as flat arrays, all trees of a model in one set. A node is a number; the children of a split are `left` and
 * `left + 1`. A leaf has feature −1, threshold +Infinity and itself as `left`.
 */
export interface Trees {
  /** Node number of each tree's root; the nodes of a tree follow it up to the next root. */
  readonly roots: Int32Array;
  /** Column that a node asks for, −1 for a leaf. */
  readonly feature: Int32Array;
  /** Values ≤ threshold go left; NaN where a set of categories does. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** 1 when missing values go left. */
  readonly missingLeft: Uint8Array;
  /** `width` numbers a node. */
  readonly values: Float64Array;
  readonly width: number;
  /** Training rows in each node. */
  readonly samples: Int32Array;
  /** Their weight; in boosting their second derivatives. */
  readonly weight: Float64Array;
  /** What the split of each node gained, 0 for leaves; its meaning is the model's. */
  readonly gain: Float64Array;
  /** Sets of the splits by category; absent where there are none. */
  readonly sets?: CategorySets | undefined;
}

export interface RowsOfNode {
  readonly samples: number;
  readonly weight: number;
}

/** Numbers that the nodes gathered may hold, 800 MB: about as many as an array can. */
export const MOST_VALUES = 1e8;

export function tooManyValues(nodes: number, width: number): DataError {
  return new DataError(
    'data/too-many-classes',
    `Each node of a tree holds ${width} numbers, one a class: ${nodes} nodes are more than the ${MOST_VALUES * 8e-6} MB they may take. ` +
      'Lower maxDepth or maxLeafNodes, raise minSamplesLeaf, merge classes, or use nearest neighbours.',
    { nodes, classes: width },
  );
}

/** Gathers the nodes of trees. */
export class TreesBuilder {
  readonly width: number;
  readonly #roots: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #values: number[] = [];
  readonly #samples: number[] = [];
  readonly #weight: number[] = [];
  readonly #gain: number[] = [];
  readonly #setStarts = new Map<number, number>();
  readonly #setWords: number[] = [];

  constructor(width: number) {
    this.width = width;
  }

  get trees(): number {
    return this.#roots.length;
  }

  addRoot(rows: RowsOfNode): number {
    this.#roots.push(this.#left.length);
    return this.#addLeaf(rows);
  }

  /** Makes leaf `node` a split and returns its left child, a leaf like the right one, which is next. */
  split(
    node: number,
    feature: number,
    threshold: number,
    missingLeft: boolean,
    gain: number,
    rows: readonly [RowsOfNode, RowsOfNode],
  ): number {
    const left = this.#addLeaf(rows[0]);
    this.#addLeaf(rows[1]);
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#left[node] = left;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
    this.#gain[node] = gain;
    return left;
  }

  /** Makes split `node` one by category: codes whose bit is 1 in `words` go left. */
  setCategories(node: number, words: Int32Array): void {
    this.#threshold[node] = Number.NaN;
    this.#setStarts.set(node, this.#setWords.length);
    this.#setWords.push(words.length);
    for (const word of words) this.#setWords.push(word);
  }

  setValue(node: number, value: number, output = 0): void {
    this.#values[node * this.width + output] = value;
  }

  /** The first `trees` trees. */
  finish(trees = this.trees): Trees {
    const nodes = trees < this.trees ? this.#roots[trees]! : this.#left.length;
    return {
      roots: Int32Array.from(this.#roots.slice(0, trees)),
      feature: Int32Array.from(this.#feature.slice(0, nodes)),
      threshold: Float64Array.from(this.#threshold.slice(0, nodes)),
      left: Int32Array.from(this.#left.slice(0, nodes)),
      missingLeft: Uint8Array.from(this.#missingLeft.slice(0, nodes)),
      values: Float64Array.from(this.#values.slice(0, nodes * this.width)),
      width: this.width,
      samples: Int32Array.from(this.#samples.slice(0, nodes)),
      weight: Float64Array.from(this.#weight.slice(0, nodes)),
      gain: Float64Array.from(this.#gain.slice(0, nodes)),
      ...this.#sets(nodes),
    };
  }

  #sets(nodes: number): Pick<Trees, 'sets'> {
    const starts = new Int32Array(nodes).fill(-1);
    let end = 0;
    for (const [node, start] of this.#setStarts) {
      if (node >= nodes) continue;
      starts[node] = start;
      end = Math.max(end, start + 1 + this.#setWords[start]!);
    }
    return end === 0 ? {} : { sets: { starts, words: Int32Array.from(this.#setWords.slice(0, end)) } };
  }

  #addLeaf({ samples, weight }: RowsOfNode): number {
    const node = this.#left.length;
    if ((node + 1) * this.width > MOST_VALUES) throw tooManyValues(node + 1, this.width);
    this.#feature.push(-1);
    this.#threshold.push(Number.POSITIVE_INFINITY);
    this.#left.push(node);
    this.#missingLeft.push(1);
    for (let k = 0; k < this.width; k++) this.#values.push(0);
    this.#samples.push(samples);
    this.#weight.push(weight);
    this.#gain.push(0);
    return node;
  }
}

export function isLeaf({ feature }: Trees, node: number): boolean {
  return feature[node]! < 0;
}

/** The node after the last of a tree. */
export function endOfTree({ roots, left }: Trees, tree: number): number {
  return tree + 1 < roots.length ? roots[tree + 1]! : left.length;
}

/** One of the trees, by itself. */
export function treeOf(trees: Trees, tree: number): Trees {
  const first = trees.roots[tree]!;
  const end = endOfTree(trees, tree);
  const { width } = trees;
  return {
    roots: Int32Array.of(0),
    feature: trees.feature.subarray(first, end),
    threshold: trees.threshold.subarray(first, end),
    left: trees.left.subarray(first, end).map((node) => node - first),
    missingLeft: trees.missingLeft.subarray(first, end),
    values: trees.values.subarray(first * width, end * width),
    width,
    samples: trees.samples.subarray(first, end),
    weight: trees.weight.subarray(first, end),
    gain: trees.gain.subarray(first, end),
    ...(trees.sets && { sets: sliceSets(trees.sets, first, end) }),
  };
}

/** The leaf of a tree that a row (a slice of `data` from `at` on) falls into. */
export function leafOf(trees: Trees, tree: number, data: ArrayLike<number>, at = 0): number {
  const { feature, left, roots } = trees;
  let node = roots[tree]!;
  for (let column = feature[node]!; column >= 0; column = feature[node]!) {
    node = left[node]! + (goesLeft(trees, node, data[at + column]!) ? 0 : 1);
  }
  return node;
}

/** Whether a value goes to the left child of a split. */
export function goesLeft({ threshold, missingLeft, sets }: Trees, node: number, value: number): boolean {
  if (value <= threshold[node]!) return true;
  if (Number.isNaN(value)) return missingLeft[node] === 1;
  return sets !== undefined && sets.starts[node]! >= 0 && isInSet(sets.words, sets.starts[node]!, value);
}

/** Edges from the root to the deepest leaf. */
export function depthOf(trees: Trees, tree: number): number {
  const first = trees.roots[tree]!;
  const depth = new Int32Array(endOfTree(trees, tree) - first);
  let deepest = 0;
  for (let node = first; node < first + depth.length; node++) {
    if (isLeaf(trees, node)) continue;
    // Children come after their parent.
    const below = depth[node - first]! + 1;
    depth[trees.left[node]! - first] = below;
    depth[trees.left[node]! + 1 - first] = below;
    deepest = Math.max(deepest, below);
  }
  return deepest;
}

/** One set of trees after another. */
export function joinTrees(parts: readonly Trees[]): Trees {
  const nodes = parts.map(({ left }) => left.length);
  const starts = nodes.map((_, i) => nodes.slice(0, i).reduce((sum, n) => sum + n, 0));
  const shifted = (name: 'roots' | 'left') =>
    concat(
      Int32Array,
      parts.map((part, i) => part[name].map((node) => node + starts[i]!)),
    );
  const all = <N extends keyof Trees>(name: N) => parts.map((part) => part[name]);
  const sets = joinSets(
    parts.map((part) => part.sets),
    nodes,
  );
  return {
    roots: shifted('roots'),
    feature: concat(Int32Array, all('feature')),
    threshold: concat(Float64Array, all('threshold')),
    left: shifted('left'),
    missingLeft: concat(Uint8Array, all('missingLeft')),
    values: concat(Float64Array, all('values')),
    width: parts[0]!.width,
    samples: concat(Int32Array, all('samples')),
    weight: concat(Float64Array, all('weight')),
    gain: concat(Float64Array, all('gain')),
    ...(sets && { sets }),
  };
}

export function concat<A extends Int32Array | Float64Array | Uint8Array>(
  Kind: new (length: number) => A,
  parts: readonly A[],
): A {
  const whole = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The gain of the splits of each column, as shares of the whole; all 0 when nothing was split. */
export function gainByColumn({ feature, gain }: Trees, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  let total = 0;
  for (let node = 0; node < feature.length; node++) {
    if (feature[node]! < 0) continue;
    sums[feature[node]!]! += gain[node]!;
    total += gain[node]!;
  }
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}
