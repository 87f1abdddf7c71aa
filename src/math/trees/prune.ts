import type { GrownTree } from './grow-tree.ts';
import { isLeaf, type Trees } from './trees.ts';

/**
 * Subtrees by rising price of a leaf: at `ccpAlphas[i]` and above, up to the next, the tree of total impurity
 * `impurities[i]` is the best.
 */
export interface PruningPath {
  readonly ccpAlphas: Float64Array;
  readonly impurities: Float64Array;
}

/**
 * Minimal cost-complexity pruning: with R(t) = weight × impurity of node t as a share of the whole and T_t the tree
 * below it, the weakest link is the split with the least (R(t) − R(T_t)) / (leaves of T_t − 1). Cuts weakest links while
 * that is at most `ccpAlpha`. Source: L. Breiman et al., "Classification and Regression Trees" (1984), chapter 3.
 */
export function pruneTree(tree: GrownTree, ccpAlpha: number): GrownTree {
  if (ccpAlpha === 0) return tree;
  const links = new WeakLinks(tree);
  for (let link = links.weakest(); link !== undefined && link.alpha <= ccpAlpha; link = links.weakest()) {
    links.cut(link.node);
  }
  return keepNodes(tree, links.isCut);
}

/** All subtrees that {@link pruneTree} can give, from the whole tree (alpha 0) to its root. */
export function pruningPath(tree: GrownTree): PruningPath {
  const links = new WeakLinks(tree);
  const ccpAlphas = [0];
  const impurities = [links.impurity];
  for (let link = links.weakest(); link !== undefined; link = links.weakest()) {
    links.cut(link.node);
    ccpAlphas.push(link.alpha);
    impurities.push(links.impurity);
  }
  return { ccpAlphas: Float64Array.from(ccpAlphas), impurities: Float64Array.from(impurities) };
}

class WeakLinks {
  /** 1 for splits that became leaves. */
  readonly isCut: Uint8Array;
  readonly #trees: Trees;
  readonly #parent: Int32Array;
  /** R(t), R(T_t) and the leaves of T_t. */
  readonly #own: Float64Array;
  readonly #below: Float64Array;
  readonly #leaves: Int32Array;
  /** Splits in a heap by their alpha; an entry whose alpha is no longer the node's is stale. */
  readonly #heap: { readonly node: number; readonly alpha: number }[] = [];
  readonly #alpha: Float64Array;

  constructor({ trees, impurity }: GrownTree) {
    const nodes = impurity.length;
    this.#trees = trees;
    this.isCut = new Uint8Array(nodes);
    this.#parent = new Int32Array(nodes).fill(-1);
    this.#own = impurity.map((value, node) => (value * trees.weight[node]!) / trees.weight[0]!);
    this.#below = this.#own.slice();
    this.#leaves = new Int32Array(nodes).fill(1);
    this.#alpha = new Float64Array(nodes).fill(Number.NaN);
    // Children come after their parent.
    for (let node = nodes - 1; node >= 0; node--) {
      if (isLeaf(trees, node)) continue;
      const left = trees.left[node]!;
      this.#parent[left] = node;
      this.#parent[left + 1] = node;
      this.#sumUp(node);
    }
  }

  /** R of the tree as it is. */
  get impurity(): number {
    return this.#below[0]!;
  }

  weakest(): { readonly node: number; readonly alpha: number } | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#alpha[first.node] === first.alpha) return first;
      this.#pop();
    }
  }

  cut(node: number): void {
    this.isCut[node] = 1;
    for (const below of this.#splitsBelow(node)) this.#alpha[below] = Number.NaN;
    this.#leaves[node] = 1;
    this.#below[node] = this.#own[node]!;
    for (let up = this.#parent[node]!; up >= 0; up = this.#parent[up]!) this.#sumUp(up);
  }

  *#splitsBelow(node: number): Generator<number> {
    const stack = [node];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (isLeaf(this.#trees, at) || (this.isCut[at] === 1 && at !== node)) continue;
      yield at;
      stack.push(this.#trees.left[at]!, this.#trees.left[at]! + 1);
    }
  }

  #sumUp(node: number): void {
    const left = this.#trees.left[node]!;
    this.#below[node] = this.#below[left]! + this.#below[left + 1]!;
    this.#leaves[node] = this.#leaves[left]! + this.#leaves[left + 1]!;
    const alpha = (this.#own[node]! - this.#below[node]!) / (this.#leaves[node]! - 1);
    this.#alpha[node] = alpha;
    this.#push({ node, alpha });
  }

  #push(entry: { readonly node: number; readonly alpha: number }): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(entry, heap[up]!)) break;
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down++;
      if (!isBefore(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
  }
}

interface Entry {
  readonly node: number;
  readonly alpha: number;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.alpha < b.alpha || (a.alpha === b.alpha && a.node < b.node);
}

/** The tree without what lies below the nodes that were cut, its nodes numbered anew in the same order. */
function keepNodes({ trees, impurity }: GrownTree, isCut: Uint8Array): GrownTree {
  const kept: number[] = [];
  const reached = new Uint8Array(impurity.length);
  reached[0] = 1;
  for (let node = 0; node < impurity.length; node++) {
    if (reached[node] === 0) continue;
    kept.push(node);
    if (isLeaf(trees, node) || isCut[node] === 1) continue;
    reached[trees.left[node]!] = 1;
    reached[trees.left[node]! + 1] = 1;
  }
  const place = new Int32Array(impurity.length);
  for (const [i, node] of kept.entries()) place[node] = i;
  const endsAt = (node: number) => isLeaf(trees, node) || isCut[node] === 1;
  const { width } = trees;
  return {
    trees: {
      roots: Int32Array.of(0),
      feature: Int32Array.from(kept, (node) => (endsAt(node) ? -1 : trees.feature[node]!)),
      threshold: Float64Array.from(kept, (node) =>
        endsAt(node) ? Number.POSITIVE_INFINITY : trees.threshold[node]!,
      ),
      left: Int32Array.from(kept, (node) => (endsAt(node) ? place[node]! : place[trees.left[node]!]!)),
      missingLeft: Uint8Array.from(kept, (node) => (endsAt(node) ? 1 : trees.missingLeft[node]!)),
      values: Float64Array.from(
        kept.flatMap((node) => Array.from(trees.values.subarray(node * width, (node + 1) * width))),
      ),
      width,
      samples: Int32Array.from(kept, (node) => trees.samples[node]!),
      weight: Float64Array.from(kept, (node) => trees.weight[node]!),
      gain: Float64Array.from(kept, (node) => (endsAt(node) ? 0 : trees.gain[node]!)),
      ...(trees.sets && {
        sets: {
          starts: Int32Array.from(kept, (node) => (endsAt(node) ? -1 : trees.sets!.starts[node]!)),
          words: trees.sets.words,
        },
      }),
    },
    impurity: Float64Array.from(kept, (node) => impurity[node]!),
  };
}
