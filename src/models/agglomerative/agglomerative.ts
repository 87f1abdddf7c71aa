import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, option } from '../../core/options.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { connectedMerges } from '../../math/hierarchical/connected-merges.ts';
import { connectRows } from '../../math/hierarchical/connectivity.ts';
import { clustersBelow, cutTree, labelRoots } from '../../math/hierarchical/cut-tree.ts';
import { linkageMatrix } from '../../math/hierarchical/linkage-matrix.ts';
import { linkages, mergeRows, requireDistances } from '../../math/hierarchical/merge-rows.ts';
import type { MergeTree } from '../../math/hierarchical/merge-tree.ts';
import { linkageMetrics } from '../../math/hierarchical/metric.ts';

interface AgglomerativeState {
  readonly labels: Int32Array;
  readonly nClusters: number;
  readonly leaves: number;
  readonly children: Int32Array;
  readonly distances: Float64Array | null;
  readonly components: number;
}

export interface AgglomerativeAttributes {
  readonly nClusters: number;
  /** Rows of the training table. */
  readonly nLeaves: number;
  /** Parts of the graph that `connectivity` gave, before they were joined; 1 without. */
  readonly nConnectedComponents: number;
  /** Merges × 2: the nodes that each merge joins. Nodes below nLeaves are rows, node nLeaves + k is what merge k made. */
  readonly children: Matrix;
  /** Distance of the two nodes of each merge; absent with `computeDistances: false`. */
  readonly distances?: Float64Array;
  /**
   * Merges × 4 in SciPy's form (nodes, distance, rows), for `dendrogram`, `fcluster`, `cophenet`; absent without distances and when the tree
   * was not finished.
   */
  readonly linkageMatrix?: Matrix;
}

/** Clusters when neither their number nor a distance is given. */
const DEFAULT_CLUSTERS = 2;

type AgglomerativeOptions = z.output<typeof options>;

const options = z.strictObject({
  nClusters: option(
    z.int().positive().nullable().default(null),
    'Number of clusters; 2 when neither this nor distanceThreshold is given.',
    integers(2, 20),
  ),
  distanceThreshold: option(
    z.number().nonnegative().nullable().default(null),
    'Clusters at this distance or farther are not merged, instead of nClusters.',
  ),
  metric: option(
    z.enum(linkageMetrics).default('euclidean'),
    'Distance of two rows; precomputed: x is the square matrix of distances. Ward takes euclidean only.',
    choices('euclidean', 'manhattan', 'cosine'),
  ),
  linkage: option(
    z.enum(linkages).default('ward'),
    'Distance of two clusters: growth of the sum of squares (ward), largest (complete), mean (average), smallest (single) of their rows, or mean of that of the two last parts (weighted).',
    choices('ward', 'complete', 'average', 'single'),
  ),
  connectivity: option(
    z
      .union([
        z.int().positive(),
        z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).readonly(),
      ])
      .nullable()
      .default(null),
    'Which rows may merge directly: a number of nearest neighbours of each row, or pairs of row numbers; null for all.',
  ),
  computeFullTree: option(
    z.union([z.literal('auto'), z.boolean()]).default('auto'),
    'Whether to go on merging after nClusters are left, with connectivity only; auto does when nClusters is below 100 and 2% of the rows.',
  ),
  computeDistances: option(z.boolean().default(true), 'Whether to keep the distances of the merges.'),
});

/**
 * Hierarchical clustering from the rows up: the nearest two clusters merge again and again. Options and answers of scikit-learn's AgglomerativeClustering, with
 * SciPy's tree. Ward and single linkage take memory in proportion to the rows; the others 8 rows² bytes, unless `connectivity` is given.
 * @throws DataError for fewer rows than clusters and where the distances do not fit in memory; OptionError for options that contradict each other.
 */
export const agglomerative = defineClusterer({
  name: 'agglomerative',
  module: import.meta.url,
  summary: 'Merges the nearest two clusters, from single rows up, into a tree.',
  use: 'When groups lie within groups, or their number shall be read off a tree (dendrogram).',
  scaling: 'useful',
  weighted: false,
  options,
  check(given) {
    const fail = (option: string, message: string): never => {
      throw new OptionError('option/conflict', `agglomerative: ${message}`, { option });
    };
    if (given.nClusters !== null && given.distanceThreshold !== null) {
      fail('distanceThreshold', 'nClusters and distanceThreshold both say where to cut; give one of them.');
    }
    if (given.linkage === 'ward' && given.metric !== 'euclidean') {
      fail(
        'metric',
        `ward linkage is defined for euclidean distances only, not for ${given.metric}; choose another linkage.`,
      );
    }
    if (given.distanceThreshold !== null && given.computeFullTree === false) {
      fail('computeFullTree', 'a cut at distanceThreshold needs the full tree; leave computeFullTree out.');
    }
  },
  async fit(given, { x, rows }, job): Promise<AgglomerativeState> {
    const wanted = given.distanceThreshold === null ? (given.nClusters ?? DEFAULT_CLUSTERS) : null;
    if (wanted !== null && rows < wanted) {
      throw new DataError(
        'data/too-few-rows',
        `agglomerative cannot make ${wanted} clusters of ${rows} ${rows === 1 ? 'row' : 'rows'}. Set nClusters to at most ${rows}.`,
        { rows, nClusters: wanted },
      );
    }
    const { tree, components, isFull } = await growTree(given, x, wanted, job);
    const cut = isFull
      ? cutFull(tree, wanted ?? clustersBelow(tree.distances, given.distanceThreshold!))
      : labelRoots(tree);
    return {
      labels: cut.labels,
      nClusters: cut.count,
      leaves: rows,
      children: tree.children,
      distances: given.computeDistances || given.distanceThreshold !== null ? tree.distances : null,
      components,
    };
  },
  labels: ({ labels }) => labels,
  attributes({ nClusters, leaves, children, distances, components }): AgglomerativeAttributes {
    const merges = children.length / 2;
    return {
      nClusters,
      nLeaves: leaves,
      nConnectedComponents: components,
      children: new Matrix({ rows: merges, columns: 2, data: Float64Array.from(children) }),
      ...(distances !== null && { distances }),
      ...(distances !== null &&
        merges === leaves - 1 && { linkageMatrix: linkageMatrix({ leaves, children, distances }) }),
    };
  },
});

interface GrownTree {
  readonly tree: MergeTree;
  readonly components: number;
  readonly isFull: boolean;
}

async function growTree(
  { linkage, metric, connectivity, computeFullTree }: AgglomerativeOptions,
  x: Matrix,
  wanted: number | null,
  job: Parameters<typeof mergeRows>[0] & { warn(code: string, message: string): void },
): Promise<GrownTree> {
  if (connectivity === null) {
    return { tree: await mergeRows(job, x, linkage, metric), components: 1, isFull: true };
  }
  if (metric === 'precomputed') requireDistances(x);
  const graph = await connectRows(job, x, metric, connectivity);
  if (graph.components > 1) {
    job.warn(
      'fit/disconnected',
      `The connectivity falls into ${graph.components} parts; agglomerative joined each two of them by their nearest rows. Give more neighbours or pairs.`,
    );
  }
  const isFull =
    wanted === null ||
    linkage === 'single' ||
    (computeFullTree === 'auto' ? wanted < Math.max(100, 0.02 * x.rows) : computeFullTree);
  const target = isFull ? 1 : wanted;
  const tree = connectedMerges(job, x, graph, { linkage, metric, target });
  return { tree, components: graph.components, isFull };
}

function cutFull(tree: MergeTree, count: number): { readonly labels: Int32Array; readonly count: number } {
  return { labels: cutTree(tree, count), count };
}
