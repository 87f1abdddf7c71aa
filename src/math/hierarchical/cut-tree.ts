import type { MergeTree } from './merge-tree.ts';

type Tree = Pick<MergeTree, 'leaves' | 'children'>;

/**
 * Cluster of each row when the last merges are undone until there are `count` clusters. They are numbered as in scikit-learn: by their place in a heap
 * of nodes, the largest first, in which a node gives way to its two children.
 */
export function cutTree(tree: Tree, count: number): Int32Array {
  const { leaves, children } = tree;
  const heap = [leaves + children.length / 2 - 1];
  for (let k = 1; k < count; k++) {
    const at = 2 * (heap[0]! - leaves);
    // The first child joins the heap, then the second takes the place of the largest node.
    heap.push(children[at]!);
    raise(heap, heap.length - 1);
    const second = children[at + 1]!;
    heap[0] = second;
    sink(heap);
  }
  return labelNodes(tree, heap);
}

function raise(heap: number[], from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! >= heap[at]!) return;
    [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
    at = parent;
  }
}

function sink(heap: number[]): void {
  let at = 0;
  for (;;) {
    let largest = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && heap[child]! > heap[largest]!) largest = child;
    }
    if (largest === at) return;
    [heap[largest], heap[at]] = [heap[at]!, heap[largest]!];
    at = largest;
  }
}

/** label of each row: the index of the node above it. */
export function labelNodes({ leaves, children }: Tree, nodes: readonly number[]): Int32Array {
  const labels = new Int32Array(leaves);
  for (const [label, node] of nodes.entries()) {
    const stack = [node];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (at < leaves) labels[at] = label;
      else stack.push(children[2 * (at - leaves)]!, children[2 * (at - leaves) + 1]!);
    }
  }
  return labels;
}

/** Clusters that are left when only merges below `threshold` count: one more than the merges at or above it. */
export function clustersBelow(distances: Float64Array, threshold: number): number {
  let count = 1;
  for (const distance of distances) if (distance >= threshold) count++;
  return count;
}

/** Clusters of a tree that was not finished: every node without a parent is one, in ascending order. */
export function labelRoots(tree: Tree): { readonly labels: Int32Array; readonly count: number } {
  const { leaves, children } = tree;
  const isChild = new Uint8Array(leaves + children.length / 2);
  for (const child of children) isChild[child] = 1;
  const roots: number[] = [];
  for (let node = 0; node < isChild.length; node++) if (isChild[node] === 0) roots.push(node);
  return { labels: labelNodes(tree, roots), count: roots.length };
}
