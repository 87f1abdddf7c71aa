import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { choices, integers, option, uniform } from '../../core/options.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import type { OnnxValue } from '../../define/onnx.ts';
import {
  factorsAmong,
  LEAST_REACH,
  type RowDensities,
  trainingFactors,
} from '../../math/neighbours/local-outlier-factor.ts';
import { hasTree, indexRows, type NeighbourIndex } from '../../math/neighbours/neighbour-index.ts';
import { nearestRowNodes } from '../../tensor/onnx/neighbour-nodes.ts';

interface OutlierState extends RowDensities {
  readonly index: NeighbourIndex;
  readonly labels: Int32Array;
  readonly factors: Float64Array;
  readonly offset: number;
  readonly neighbours: number;
}

export interface LocalOutlierFactorAttributes {
  /** Minus the factor of each training row: about −1 for inliers, the lower the less a row is like its neighbours. */
  readonly negativeOutlierFactor: Float64Array;
  /** Rows below it are outliers. */
  readonly offset: number;
  /** Neighbours that were looked at: fewer than asked for where there are not as many other rows. */
  readonly nNeighbors: number;
  readonly nSamplesFit: number;
}

/** Where the factor of inliers ends when nothing is known of the share of outliers; scikit-learn's. */
const AUTO_OFFSET = -1.5;

/**
 * Finds rows in places much sparser than those of their neighbours: −1 for outliers, 0 for others (where scikit-learn says 1). Options, defaults and factors of
 * scikit-learn's LocalOutlierFactor. `labels` tells of the training rows; `predict` judges new rows, as with its `novelty`: a training row asked about there
 * would be its own neighbour.
 * @throws DataError for a single row.
 */
export const localOutlierFactor = defineClusterer({
  name: 'local-outlier-factor',
  module: import.meta.url,
  summary: 'Finds rows in places much sparser than those of their neighbours: −1 for outliers, 0 for others.',
  use: 'For outliers where groups of rows are of different density, in few columns in comparable units.',
  scaling: 'useful',
  weighted: false,
  rowOperations: ({ index }: OutlierState) => index.rows * index.columns,
  options: z.strictObject({
    nNeighbors: option(
      z.int().positive().default(20),
      'Neighbours that a row is compared with; more than the rows of the smallest group that is no outlier.',
      integers(5, 50, true),
    ),
    metric: option(
      z
        .enum(['minkowski', 'euclidean', 'manhattan', 'chebyshev', 'cosine', 'haversine'])
        .default('minkowski'),
      'How distances are measured; haversine is the angle between latitudes and longitudes in radians (two columns).',
      choices('euclidean', 'manhattan'),
    ),
    p: option(z.number().min(1).default(2), 'Power of the minkowski distance: 1 is manhattan, 2 euclidean.'),
    algorithm: option(
      z.enum(['auto', 'kd-tree', 'ball-tree', 'brute']).default('auto'),
      'How neighbours are found; the result is the same. auto takes a tree for many rows of few columns: of balls for a minkowski p other than 1 and 2.',
    ),
    leafSize: option(
      z.int().positive().default(30),
      "Rows of a tree's leaf at most, which are looked at one after another; it changes the speed only.",
    ),
    contamination: option(
      z.union([z.literal('auto'), z.number().positive().max(0.5)]).default('auto'),
      'Share of outliers, by which the limit is set; auto sets it at a factor of 1.5.',
      uniform(0.01, 0.2),
    ),
  }),
  check({ algorithm, metric, p }) {
    if (algorithm !== 'kd-tree' && algorithm !== 'ball-tree') return;
    if (hasTree({ name: metric, p }, algorithm)) return;
    throw new OptionError(
      'option/invalid',
      `local-outlier-factor: algorithm '${algorithm}' does not work with metric '${metric}'. Use algorithm 'brute' or 'auto'.`,
      { option: 'algorithm' },
    );
  },
  async fit(
    { nNeighbors, metric, p, algorithm, leafSize, contamination },
    { x, rows },
    job,
  ): Promise<OutlierState> {
    if (rows < 2) {
      throw new DataError(
        'data/too-few-rows',
        'local-outlier-factor compares a row with others; give at least 2 rows.',
        {
          rows,
        },
      );
    }
    const neighbours = Math.min(nNeighbors, rows - 1);
    if (neighbours < nNeighbors) {
      job.warn(
        'fit/fewer-neighbours',
        `localOutlierFactor looks at ${neighbours} neighbours instead of ${nNeighbors}: there are no more other rows.`,
      );
    }
    const index = await indexRows(job, x, { metric: { name: metric, p }, algorithm, leafSize });
    const { factors, reach, densities } = await trainingFactors(job, index, x, neighbours);
    const offset = contamination === 'auto' ? AUTO_OFFSET : -quantile(factors, 1 - contamination);
    if (factors.some((factor) => factor > 1e7)) {
      job.warn(
        'fit/repeated-rows',
        `Some rows are repeated more than ${neighbours} times, which makes their neighbours look sparse without measure. Raise nNeighbors.`,
      );
    }
    return { index, reach, densities, factors, offset, neighbours, labels: labelsOf(factors, offset) };
  },
  labels: ({ labels }) => labels,
  async predict({ index, reach, densities, offset, neighbours }, x, job) {
    return labelsOf(await factorsAmong(job, index, { reach, densities }, x, neighbours), offset);
  },
  onnx({ index, reach, densities, offset, neighbours }, x, graph) {
    const { distances, indices } = nearestRowNodes(graph, x, index, neighbours);
    const ofNeighbours = (values: Float64Array) =>
      graph.node('Gather', [graph.constant(values, [values.length]), indices], { axis: 0 });
    const mean = (values: OnnxValue) =>
      graph.node('ReduceMean', [values, graph.constant([1])], { keepdims: 0 });
    const reached = mean(graph.node('Max', [distances, ofNeighbours(reach)]));
    const sparsity = graph.node('Add', [reached, graph.scalar(LEAST_REACH)]);
    const factor = graph.node('Mul', [mean(ofNeighbours(densities)), sparsity]);
    // −1 for outliers, 0 for others.
    const isOutlier = graph.node('Greater', [factor, graph.scalar(-offset)]);
    return graph.node('Neg', [graph.node('Cast', [isOutlier], { to: 7 })]);
  },
  attributes: ({ factors, offset, neighbours }): LocalOutlierFactorAttributes => ({
    negativeOutlierFactor: factors.map((factor) => -factor),
    offset,
    nNeighbors: neighbours,
    nSamplesFit: factors.length,
  }),
});

function labelsOf(factors: Float64Array, offset: number): Int32Array {
  return Int32Array.from(factors, (factor) => (-factor < offset ? -1 : 0));
}

/** Linear between the two nearest order statistics. */
function quantile(values: Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const next = sorted[Math.min(sorted.length - 1, low + 1)]!;
  return sorted[low]! + (at - low) * (next - sorted[low]!);
}
