import { sharedArray } from '../../core/shared.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { nearestNeighbours } from '../../math/neighbours/nearest-neighbours.ts';
import { algorithmOf, indexRows, type NeighbourIndex } from '../../math/neighbours/neighbour-index.ts';
import type { Neighbours } from '../../math/neighbours/plain-neighbours.ts';
import { neighbourNodes, weightedMeanNodes } from '../../tensor/onnx/neighbour-nodes.ts';
import type { KNeighborsAttributes } from './k-neighbors-classifier.ts';
import { neighbourWeights } from './neighbour-weights.ts';
import { checkNeighbourOptions, neighbourOptions, requireNeighbours } from './options.ts';

interface RegressorState {
  readonly index: NeighbourIndex;
  /** Row-major, training rows × targets. */
  readonly y: Float64Array;
  readonly targets: number;
}

/**
 * The (weighted) mean of the targets of the `nNeighbors` nearest training rows; of equal distances the earlier row counts. Options and defaults of
 * scikit-learn's KNeighborsRegressor.
 * @throws DataError when there are fewer rows than neighbours.
 */
export const kNeighborsRegressor = defineRegressor({
  name: 'k-neighbors-regressor',
  module: import.meta.url,
  summary: 'Predicts the mean of the nearest training rows.',
  use: 'For few columns in comparable units and curves of any shape; predicting looks at the training rows each time.',
  scaling: 'useful',
  weighted: false,
  // Each row that is predicted is compared with every row of the training.
  mostRows: 100_000,
  severalTargets: true,
  rowOperations: ({ index }: RegressorState) => index.rows * index.columns,
  options: neighbourOptions,
  check: (options) => checkNeighbourOptions('k-neighbors-regressor', options),
  async fit(
    { nNeighbors, metric, p, algorithm, leafSize },
    { x, y, targets, rows },
    job,
  ): Promise<RegressorState> {
    requireNeighbours('k-neighbors-regressor', nNeighbors, rows);
    const index = await indexRows(job, x, { metric: { name: metric, p }, algorithm, leafSize });
    return { index, y, targets };
  },
  predict({ index, y, targets }, x, job, { nNeighbors, weights }) {
    const average = (found: Neighbours): Float64Array => {
      const counts = neighbourWeights(found, nNeighbors, weights);
      const means = sharedArray(Float64Array, x.rows * targets);
      for (let i = 0; i < x.rows; i++) {
        let total = 0;
        for (let at = i * nNeighbors; at < (i + 1) * nNeighbors; at++) total += counts[at]!;
        for (let t = 0; t < targets; t++) {
          let sum = 0;
          for (let at = i * nNeighbors; at < (i + 1) * nNeighbors; at++) {
            sum += counts[at]! * y[found.indices[at]! * targets + t]!;
          }
          means[i * targets + t] = sum / total;
        }
      }
      return means;
    };
    const found = nearestNeighbours(job, index, x, nNeighbors);
    return found instanceof Promise ? found.then(average) : average(found);
  },
  onnx({ index, y, targets }, x, graph, { nNeighbors, weights }) {
    const found = neighbourNodes(graph, x, index, nNeighbors, weights);
    return weightedMeanNodes(graph, found, graph.constant(y, [index.rows, targets]));
  },
  attributes: ({ index }): KNeighborsAttributes => ({
    nSamplesFit: index.rows,
    algorithm: algorithmOf(index),
  }),
});
