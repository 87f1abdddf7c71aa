import { sharedArray } from '../../core/shared.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { nearestNeighbours } from '../../math/neighbours/nearest-neighbours.ts';
import {
  algorithmOf,
  indexRows,
  type NeighbourAlgorithm,
  type NeighbourIndex,
} from '../../math/neighbours/neighbour-index.ts';
import type { Neighbours } from '../../math/neighbours/plain-neighbours.ts';
import { neighbourNodes, weightedMeanNodes } from '../../tensor/onnx/neighbour-nodes.ts';
import { neighbourWeights } from './neighbour-weights.ts';
import { checkNeighbourOptions, neighbourOptions, requireNeighbours } from './options.ts';

interface ClassifierState {
  readonly index: NeighbourIndex;
  /** Class code of each training row. */
  readonly y: Int32Array;
  readonly classes: number;
}

export interface KNeighborsAttributes {
  /** Rows it was fitted on. */
  readonly nSamplesFit: number;
  /** How neighbours are found. */
  readonly algorithm: NeighbourAlgorithm;
}

/**
 * The classes of the `nNeighbors` nearest training rows vote; of equal votes the first class wins, of equal distances the earlier row counts. Options
 * and defaults of scikit-learn's KNeighborsClassifier.
 * @throws DataError when there are fewer rows than neighbours.
 */
export const kNeighborsClassifier = defineClassifier({
  name: 'k-neighbors-classifier',
  module: import.meta.url,
  summary: 'Classifies a row as its nearest training rows are.',
  use: 'For few columns in comparable units and classes of any shape; predicting looks at the training rows each time.',
  scaling: 'useful',
  weighted: false,
  // Each row that is predicted is compared with every row of the training.
  mostRows: 100_000,
  rowOperations: ({ index }: ClassifierState) => index.rows * index.columns,
  options: neighbourOptions,
  check: (options) => checkNeighbourOptions('k-neighbors-classifier', options),
  async fit(
    { nNeighbors, metric, p, algorithm, leafSize },
    { x, y, classes, rows },
    job,
  ): Promise<ClassifierState> {
    requireNeighbours('k-neighbors-classifier', nNeighbors, rows);
    const index = await indexRows(job, x, { metric: { name: metric, p }, algorithm, leafSize });
    return { index, y, classes: classes.length };
  },
  classCount: ({ classes }) => classes,
  predict({ index, y }, x, job, { nNeighbors, weights }) {
    // Without a number for each class: there may be as many as rows.
    const choose = (found: Neighbours): Int32Array => {
      const counts = neighbourWeights(found, nNeighbors, weights);
      return Int32Array.from({ length: x.rows }, (_, i) => {
        const range = [i * nNeighbors, (i + 1) * nNeighbors] as const;
        return mostVoted(found.indices.subarray(...range), counts.subarray(...range), y);
      });
    };
    const found = nearestNeighbours(job, index, x, nNeighbors);
    return found instanceof Promise ? found.then(choose) : choose(found);
  },
  predictProba({ index, y, classes }, x, job, { nNeighbors, weights }) {
    const vote = (found: Neighbours): Float64Array => {
      const counts = neighbourWeights(found, nNeighbors, weights);
      const shares = sharedArray(Float64Array, x.rows * classes);
      for (let i = 0; i < x.rows; i++) {
        let total = 0;
        for (let at = i * nNeighbors; at < (i + 1) * nNeighbors; at++) {
          shares[i * classes + y[found.indices[at]!]!]! += counts[at]!;
          total += counts[at]!;
        }
        for (let c = 0; c < classes; c++) shares[i * classes + c]! /= total;
      }
      return shares;
    };
    const found = nearestNeighbours(job, index, x, nNeighbors);
    return found instanceof Promise ? found.then(vote) : vote(found);
  },
  onnx({ index, y, classes }, x, graph, { nNeighbors, weights }) {
    const found = neighbourNodes(graph, x, index, nNeighbors, weights);
    const shares = new Float64Array(y.length * classes);
    for (const [i, code] of y.entries()) shares[i * classes + code] = 1;
    const table = graph.constant(shares, [y.length, classes]);
    return { probabilities: weightedMeanNodes(graph, found, table) };
  },
  attributes: ({ index }): KNeighborsAttributes => ({
    nSamplesFit: index.rows,
    algorithm: algorithmOf(index),
  }),
});

/** The class whose share of the votes, as `predictProba` computes it, is the largest; the first of equals. */
function mostVoted(neighbours: Int32Array, counts: Float64Array, y: Int32Array): number {
  const votes = new Map<number, number>();
  let total = 0;
  neighbours.forEach((row, k) => {
    votes.set(y[row]!, (votes.get(y[row]!) ?? 0) + counts[k]!);
    total += counts[k]!;
  });
  let [chosen, most] = [-1, -1];
  for (const [code, vote] of votes) {
    const share = vote / total;
    if (share > most || (share === most && code < chosen)) [chosen, most] = [code, share];
  }
  return chosen;
}
