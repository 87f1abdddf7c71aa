import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { squaredSum } from '../../math/k-means/inertia.ts';
import { continueBatches, fitMiniBatches, type MiniBatchRun } from '../../math/k-means/mini-batch.ts';
import { nearestCenters, nearestOfRow } from '../../math/k-means/nearest.ts';
import { distanceNodes } from '../../tensor/onnx/distance-nodes.ts';
import { checkInit, initOption, requireFitting, startCount } from '../center-options.ts';

interface MiniBatchState extends MiniBatchRun {
  readonly labels: Int32Array;
  readonly inertia: number;
}

export interface MiniBatchKMeansAttributes {
  /** The centres, clusters × columns. */
  readonly clusterCenters: Matrix;
  /** Σ w ‖x − c‖² over the rows of the last fit and their nearest centres. */
  readonly inertia: number;
  /** Batches so far, with those of the model that the fit continued from. */
  readonly nSteps: number;
  /** Passes over the rows of the last fit. */
  readonly nIter: number;
  /** Weight of the rows that each centre has moved towards. */
  readonly counts: Float64Array;
}

/**
 * k-means on random batches of rows: nearly the clusters of `kMeans`, in a fraction of its time on many rows. Options, defaults and random draws of scikit-learn's
 * MiniBatchKMeans. `fit(x, { from: model })` is its `partial_fit`: the rows of `x` are taken as further batches, `batchSize` of them at a time in their
 * order, so that data that arrive bit by bit, or do not fit in memory, can be learned from. Takes sample weights.
 * @throws DataError when there are fewer rows than clusters; OptionError when `init` does not fit the data.
 */
export const miniBatchKMeans = defineClusterer({
  name: 'mini-batch-k-means',
  module: import.meta.url,
  summary: 'Groups rows around centres that move with random batches of rows.',
  use: 'For clusters as of k-means in very many rows, or in rows that arrive bit by bit.',
  scaling: 'useful',
  missing: 'propagated',
  continues: true,
  rowOperations: ({ centers }: MiniBatchState, columns) => 3 * centers.length + columns,
  options: z.strictObject({
    nClusters: option(z.int().positive().default(8), 'Number of clusters.', integers(2, 20)),
    init: initOption(),
    nInit: option(
      z.union([z.literal('auto'), z.int().positive()]).default('auto'),
      'Number of starts, of which the best goes on; auto is 3 for random starts and 1 for others.',
    ),
    initSize: option(
      z.int().positive().nullable().default(null),
      'Rows that starts are drawn from and compared on; null for three batches.',
    ),
    batchSize: option(z.int().positive().default(1024), 'Rows of a batch.', choices(256, 1024, 4096)),
    maxIter: option(z.int().positive().default(100), 'Most passes over the rows.'),
    maxNoImprovement: option(
      z.int().nonnegative().nullable().default(10),
      'Batches without a fall of the smoothed inertia after which the fit ends; null for no such limit.',
    ),
    tol: option(
      z.number().nonnegative().default(0),
      'The fit ends when the squared moves of the centres sum to at most this times the mean variance of the columns; 0 for no such limit.',
    ),
    reassignmentRatio: option(
      z.number().nonnegative().default(0.01),
      'Centres that have seen less than this share of what the largest has are moved to random rows now and then.',
    ),
    randomState: option(
      randomStateSchema(),
      'Seed of starts and batches; null draws a new one each time.',
      choices(0, 1, 2),
    ),
  }),
  check: (options) => checkInit('mini-batch-k-means', options),
  async fit(options, { x, sampleWeight, from }, job): Promise<MiniBatchState> {
    const { nClusters, init, nInit, randomState } = options;
    if (from !== undefined) {
      const earlier = from as MiniBatchState;
      requireSameClusters(earlier, nClusters);
      const random = new RandomState(randomState === null ? null : (randomState + earlier.nSteps) % 2 ** 32);
      const run = await continueBatches(job, { ...options, x, sampleWeight, random }, earlier);
      return withLabels(run);
    }
    requireFitting('mini-batch-k-means', options, x);
    const starts = startCount(init, nInit, 3);
    const random = new RandomState(randomState);
    const run = await fitMiniBatches(job, { ...options, x, sampleWeight, starts, random });
    if (!run.converged && options.maxNoImprovement !== null) {
      job.warn(
        'fit/not-converged',
        `miniBatchKMeans stopped after ${run.nIter} passes while its inertia still fell. Raise maxIter or lower maxNoImprovement.`,
      );
    }
    return withLabels(run);

    async function withLabels(found: MiniBatchRun): Promise<MiniBatchState> {
      const labels = await nearestCenters(job, x, found);
      return { ...found, labels, inertia: squaredSum(job, x, sampleWeight, labels, found) };
    }
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
  attributes({ centers, mean, scale, inertia, nSteps, nIter, counts }): MiniBatchKMeansAttributes {
    const columns = mean.length;
    const data = centers.map((value, at) => value / scale + mean[at % columns]!);
    return {
      clusterCenters: new Matrix({ rows: centers.length / columns, columns, data }),
      ...{ inertia, nSteps, nIter, counts },
    };
  },
});

function requireSameClusters({ counts }: MiniBatchState, nClusters: number): void {
  if (counts.length === nClusters) return;
  throw new OptionError(
    'option/invalid',
    `mini-batch-k-means: the model to continue from has ${counts.length} clusters, but nClusters is ${nClusters}.`,
    { option: 'nClusters' },
  );
}
