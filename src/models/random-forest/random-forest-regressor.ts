import { z } from 'zod';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { growForest } from '../../math/trees/forest.ts';
import { meanGainByColumn } from '../../math/trees/mean-gain.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { requireCounts } from '../../math/trees/require-counts.ts';
import type { Trees } from '../../math/trees/trees.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { maxFeaturesSchema, treeLimits } from '../tree-options.ts';
import { checkForestOptions } from './forest-checks.ts';
import { forestDraws, forestOptions } from './forest-options.ts';

/** What a fit leaves. */
interface ForestState {
  readonly trees: Trees;
  readonly columns: number;
  readonly outOfBag: Float64Array;
  readonly oobScore: number | null;
}

/**
 * The mean of regression trees with exact splits, each grown on rows drawn with replacement. Options are those of
 * scikit-learn's RandomForestRegressor. The same forest for any number of threads.
 */
export const randomForestRegressor = defineRegressor({
  name: 'random-forest-regressor',
  module: import.meta.url,
  summary: 'The mean of many trees, each grown on its own sample of the rows.',
  use: 'A strong choice without tuning, which tells its own accuracy by the rows each tree left out.',
  scaling: 'irrelevant',
  missing: 'accepted',
  options: forestOptions.extend({
    criterion: option(
      z.enum(['squaredError', 'poisson']).default('squaredError'),
      'What splits lower: the variance, or the Poisson deviance of counts (for targets of at least 0).',
      choices('squaredError', 'poisson'),
    ),
    maxFeatures: option(
      maxFeaturesSchema.nullable().default(null),
      'Columns that each split considers: a number, a share, sqrt or log2 of all, or null for all.',
      choices('sqrt', 'log2', null),
    ),
  }),
  check: checkForestOptions,
  rowOperations: ({ trees }: ForestState) => 4 * stepsOf(trees),
  async fit({ criterion, oobScore, ...options }, { x, y, sampleWeight }, job): Promise<ForestState> {
    if (criterion === 'poisson') requireCounts(y);
    const { rows, columns } = x;
    const { minWeightFractionLeaf, nEstimators } = options;
    const counted = sampleWeight === undefined ? rows : sampleWeight.filter((weight) => weight > 0).length;
    const { trees, outOfBag } = await growForest(
      { team: job.team, checkpoint: () => job.checkpoint(), progress: (share) => job.progress(share) },
      {
        ...{ x, y, sampleWeight, criterion, classes: 0, nEstimators, minWeightFractionLeaf, splits: 'exact' },
        limits: treeLimits(options, { rows: counted, columns, weight: 0 }),
        draws: forestDraws(options, counted, false),
        random: new RandomState(options.randomState),
        wantsOutOfBag: oobScore,
      },
    );
    return { trees, columns, outOfBag, oobScore: oobScore ? determination(y, outOfBag) : null };
  },
  async predict({ trees }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const sums = await sumTrees(workers, trees, x, Float64Array.of(0));
    return sums.map((sum) => sum / trees.roots.length);
  },
  predictRow: ({ trees }, row) => sumTreesOfRow(trees, row, Float64Array.of(0))[0]! / trees.roots.length,
  onnx({ trees }, x, graph) {
    const sums = treeNodes(graph, x, trees, Float64Array.of(0));
    return graph.node('Div', [sums, graph.scalar(trees.roots.length)]);
  },
  attributes: ({ trees, columns, outOfBag, oobScore }) => ({
    featureImportances: meanGainByColumn(trees, columns),
    /** R² of `oobPrediction`; null unless asked for. */
    oobScore,
    /** For each training row the mean of the trees that did not see it, NaN where all did. */
    oobPrediction: outOfBag,
  }),
});

/** R² over the rows that have a prediction. */
function determination(y: Float64Array, predicted: Float64Array): number {
  const rows = Array.from(y.keys()).filter((i) => !Number.isNaN(predicted[i]));
  const mean = rows.reduce((sum, i) => sum + y[i]!, 0) / rows.length;
  const squares = (reference: (i: number) => number) =>
    rows.reduce((sum, i) => sum + (y[i]! - reference(i)) ** 2, 0);
  return 1 - squares((i) => predicted[i]!) / squares(() => mean);
}
