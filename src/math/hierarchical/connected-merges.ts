import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowGraph } from './connectivity.ts';
import { EdgeHeap } from './edge-heap.ts';
import type { Linkage } from './merge-rows.ts';
import { type MergeTree, treeOfMerges } from './merge-tree.ts';
import type { LinkageMetric } from './metric.ts';
import { rowDistance } from './row-distance.ts';

/** Merges between two looks at whether to stop. */
const SLICE = 256;

/**
 * Merges of clusters that an edge of the graph joins, the nearest two again and again until `target` are left. Average and complete linkage only know the distances
 * along edges, as in scikit-learn: of two edges to the same cluster the mean by size, or the larger. Distances need not ascend.
 */
export function connectedMerges(
  workers: Workers,
  x: Matrix,
  graph: RowGraph,
  { linkage, metric, target }: { linkage: Linkage; metric: LinkageMetric; target: number },
): MergeTree {
  if (linkage === 'single') return treeOfMerges(x.rows, graphSpan(x, graph, metric));
  const clusters = linkage === 'ward' ? wardClusters(x) : edgeClusters(linkage);
  return mergeNearest(workers, x, graph, { clusters, metric, target, isWard: linkage === 'ward' });
}

/** What a linkage knows of clusters: the distance of a union from a third cluster, by those of its parts where there is an edge. */
interface Clusters {
  /** `size` before the union. */
  join(node: number, a: Part, b: Part): void;
  distance(node: number, other: number, fromA: number | undefined, fromB: number | undefined): number;
}

interface Part {
  readonly node: number;
  readonly size: number;
}

function edgeClusters(linkage: Exclude<Linkage, 'ward' | 'single'>): Clusters {
  let [sizeA, sizeB] = [1, 1];
  return {
    join(_, a, b) {
      [sizeA, sizeB] = linkage === 'weighted' ? [1, 1] : [a.size, b.size];
    },
    distance(_, __, fromA, fromB) {
      if (fromA === undefined) return fromB!;
      if (fromB === undefined) return fromA;
      if (linkage === 'complete') return Math.max(fromA, fromB);
      return (sizeA * fromA + sizeB * fromB) / (sizeA + sizeB);
    },
  };
}

/** √(2 n_a n_b / (n_a + n_b)) ‖c_a − c_b‖, as without a graph. */
function wardClusters({ rows, columns, data }: Matrix): Clusters {
  const sums = new Float64Array((2 * rows - 1) * columns);
  sums.set(data.subarray(0, rows * columns));
  const sizes = new Float64Array(2 * rows - 1).fill(1, 0, rows);
  return {
    join(node, a, b) {
      sizes[node] = a.size + b.size;
      for (let j = 0; j < columns; j++) {
        sums[node * columns + j] = sums[a.node * columns + j]! + sums[b.node * columns + j]!;
      }
    },
    distance(node, other) {
      const [n, m] = [sizes[node]!, sizes[other]!];
      let square = 0;
      for (let j = 0; j < columns; j++) {
        square += (sums[node * columns + j]! / n - sums[other * columns + j]! / m) ** 2;
      }
      return Math.sqrt(((2 * n * m) / (n + m)) * square);
    },
  };
}

interface Merging {
  readonly clusters: Clusters;
  readonly metric: LinkageMetric;
  readonly target: number;
  readonly isWard: boolean;
}

function mergeNearest(
  workers: Workers,
  x: Matrix,
  { edges }: RowGraph,
  { clusters, metric, target, isWard }: Merging,
): MergeTree {
  const { rows } = x;
  const total = rows - target;
  const near: (Map<number, number> | undefined)[] = Array.from({ length: rows }, () => new Map());
  const sizes = new Int32Array(rows + total).fill(1, 0, rows);
  const heap = new EdgeHeap();
  const first = rowDistance(x, metric);
  const connect = (a: number, b: number, distance: number) => {
    near[a]!.set(b, distance);
    near[b]!.set(a, distance);
    heap.push(distance, Math.max(a, b), Math.min(a, b));
  };
  for (let k = 0; k < edges.length; k += 2) {
    const [a, b] = [edges[k]!, edges[k + 1]!];
    // Ward counts from the same sums as later, so that equal rows are at the same distance.
    connect(a, b, isWard ? clusters.distance(a, b, undefined, undefined) : first(a, b));
  }
  const children = new Int32Array(2 * total);
  const distances = new Float64Array(total);
  for (let k = 0; k < total; k++) {
    let edge = heap.pop();
    while (near[edge.a] === undefined || near[edge.b] === undefined) edge = heap.pop();
    const { a, b, value } = edge;
    const node = rows + k;
    const [ofA, ofB] = [near[a]!, near[b]!];
    near[a] = undefined;
    near[b] = undefined;
    near.push(new Map());
    clusters.join(node, { node: a, size: sizes[a]! }, { node: b, size: sizes[b]! });
    sizes[node] = sizes[a]! + sizes[b]!;
    for (const other of new Set([...ofA.keys(), ...ofB.keys()])) {
      if (other === a || other === b) continue;
      connect(node, other, clusters.distance(node, other, ofA.get(other), ofB.get(other)));
      near[other]!.delete(a);
      near[other]!.delete(b);
    }
    children.set([Math.min(a, b), Math.max(a, b)], 2 * k);
    distances[k] = value;
    if (k % SLICE === 0) {
      workers.checkpoint();
      workers.progress?.(k / total);
    }
  }
  return { leaves: rows, children, distances };
}

/** A minimum spanning tree of the graph, by J. Kruskal's algorithm: the edges by length that join two parts. */
function graphSpan(x: Matrix, { edges }: RowGraph, metric: LinkageMetric): Float64Array {
  const distance = rowDistance(x, metric);
  const lengths = Float64Array.from({ length: edges.length / 2 }, (_, k) =>
    distance(edges[2 * k]!, edges[2 * k + 1]!),
  );
  const order = Uint32Array.from(lengths, (_, k) => k).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const parents = Int32Array.from({ length: x.rows }, (_, i) => i);
  const rootOf = (row: number) => {
    let at = row;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  const merges: number[] = [];
  for (const k of order) {
    const [a, b] = [rootOf(edges[2 * k]!), rootOf(edges[2 * k + 1]!)];
    if (a === b) continue;
    parents[a] = b;
    merges.push(edges[2 * k]!, edges[2 * k + 1]!, lengths[k]!);
  }
  return Float64Array.from(merges);
}
