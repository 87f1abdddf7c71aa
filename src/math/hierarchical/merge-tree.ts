/** A tree of merges: nodes 0 … leaves − 1 are the rows, node leaves + k is made by merge k. Merges are in ascending order of their distances. */
export interface MergeTree {
  readonly leaves: number;
  /** Two nodes a merge. */
  readonly children: Int32Array;
  /** Distance of the two. */
  readonly distances: Float64Array;
}

/**
 * The tree of merges found in any order: each is (a row of the one cluster, a row of the other, distance), three numbers. They are sorted by distance, those
 * of the same distance staying in their order, and the clusters numbered by the merge that made them; the smaller number comes first, as in SciPy.
 */
export function treeOfMerges(leaves: number, merges: Float64Array): MergeTree {
  const count = merges.length / 3;
  const order = new Uint32Array(count);
  for (let k = 0; k < count; k++) order[k] = k;
  order.sort((a, b) => merges[3 * a + 2]! - merges[3 * b + 2]! || a - b);
  const clusters = new Int32Array(leaves + count);
  for (let i = 0; i < clusters.length; i++) clusters[i] = i;
  const children = new Int32Array(2 * count);
  const distances = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const merge = 3 * order[k]!;
    const a = find(clusters, merges[merge]!);
    const b = find(clusters, merges[merge + 1]!);
    children[2 * k] = Math.min(a, b);
    children[2 * k + 1] = Math.max(a, b);
    distances[k] = merges[merge + 2]!;
    clusters[a] = leaves + k;
    clusters[b] = leaves + k;
  }
  return { leaves, children, distances };
}

/** The root above a node, to which all on the way then point. */
function find(parents: Int32Array, node: number): number {
  let root = node;
  while (parents[root] !== root) root = parents[root]!;
  for (let at = node; parents[at] !== root; ) {
    const next = parents[at]!;
    parents[at] = root;
    at = next;
  }
  return root;
}

/** Rows below each merge. */
export function mergeSizes({ leaves, children }: Pick<MergeTree, 'leaves' | 'children'>): Int32Array {
  const sizes = new Int32Array(children.length / 2);
  const sizeOf = (node: number) => (node < leaves ? 1 : sizes[node - leaves]!);
  for (let k = 0; k < sizes.length; k++) sizes[k] = sizeOf(children[2 * k]!) + sizeOf(children[2 * k + 1]!);
  return sizes;
}
