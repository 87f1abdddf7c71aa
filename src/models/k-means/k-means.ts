import { z } from 'zod';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { fitKMeans, type KMeansState } from '../../math/k-means/fit.ts';
import { nearestCenters, nearestOfRow } from '../../math/k-means/nearest.ts';
import { distanceNodes } from '../../tensor/onnx/distance-nodes.ts';
import { checkInit, initOption, requireFitting, startCount } from '../center-options.ts';

export interface KMeansAttributes {
  /** The centres, clusters × columns. */
  readonly clusterCenters: Matrix;
  /** Σ w ‖x − c‖² over the rows and their centres. */
  readonly inertia: number;
  /** Iterations of the run that was kept. */
  readonly nIter: number;
  /** Whether that run ended because labels or centres stood still. */
  readonly converged: boolean;
}

/**
 * k-means: `nClusters` centres that make Σ w ‖x − nearest centre‖² small, by Lloyd's algorithm from greedy k-means++ starts. Options,
 * defaults and random draws of scikit-learn's KMeans; exact pruning bounds in place of its choice of `algorithm`. Takes sample weights.
 * @throws DataError when there are fewer rows than clusters; OptionError when `init` does not fit the data.
 */
export const kMeans = defineClusterer({
  name: 'k-means',
  module: import.meta.url,
  summary: 'Groups rows around centres, each row with the nearest.',
  use: 'A first choice for clusters: fast, for round groups of similar size whose number is known or tried.',
  scaling: 'useful',
  missing: 'propagated',
  rowOperations: ({ centers }: KMeansState, columns) => 3 * centers.length + columns,
  options: z.strictObject({
    nClusters: option(z.int().positive().default(8), 'Number of clusters.', integers(2, 20)),
    init: initOption(),
    nInit: option(
      z.union([z.literal('auto'), z.int().positive()]).default('auto'),
      'Number of starts, of which the best is kept; auto is 10 for random starts and 1 for others.',
    ),
    maxIter: option(z.int().positive().default(300), 'Most iterations of one run.'),
    tol: option(
      z.number().nonnegative().default(1e-4),
      'A run ends when the squared moves of the centres sum to less than this times the mean variance of the columns.',
    ),
    randomState: option(
      randomStateSchema(),
      'Seed of the starts; null draws a new one each time.',
      choices(0, 1, 2),
    ),
  }),
  check: (options) => checkInit('k-means', options),
  async fit(options, { x, sampleWeight }, job): Promise<KMeansState> {
    const { nClusters, init, nInit, randomState } = options;
    requireFitting('k-means', options, x);
    const starts = startCount(init, nInit, 10);
    const random = new RandomState(randomState);
    const state = await fitKMeans(job, { ...options, x, sampleWeight, starts, random });
    if (!state.converged) {
      job.warn(
        'fit/not-converged',
        `kMeans stopped after ${state.nIter} iterations before its centres stood still. Raise maxIter or tol.`,
      );
    }
    if (state.distinct < nClusters) {
      job.warn(
        'fit/fewer-clusters',
        `kMeans found ${state.distinct} clusters instead of ${nClusters}: x has too few distinct rows. Lower nClusters.`,
      );
    }
    return state;
  },
  labels: ({ labels }) => labels,
  predict: (state, x, job) => nearestCenters(job, x, state),
  predictRow: (state, row) => nearestOfRow(row, state),
  onnx({ centers, mean, scale }, x, graph) {
    const shifted = graph.node('Sub', [x.value, graph.constant(mean)]);
    const value = graph.node('Mul', [shifted, graph.scalar(scale)]);
    const distances = distanceNodes(graph, { ...x, value }, centers, 2);
    return graph.node('ArgMin', [distances], { axis: 1, keepdims: 0 });
  },
  attributes({ centers, mean, scale, inertia, nIter, converged }): KMeansAttributes {
    const columns = mean.length;
    const data = centers.map((value, at) => value / scale + mean[at % columns]!);
    return {
      clusterCenters: new Matrix({ rows: centers.length / columns, columns, data }),
      inertia,
      nIter,
      converged,
    };
  },
});
