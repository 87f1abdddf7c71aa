import { z } from 'zod';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import type { RegressorParts } from '../../define/definition.ts';
import { growForest } from '../../math/trees/forest.ts';
import { meanGainByColumn } from '../../math/trees/mean-gain.ts';
import type { Splits } from '../../math/trees/place-tree-data.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { requireCounts } from '../../math/trees/require-counts.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { monotonicDirections } from '../monotonic-cst.ts';
import { requireTreeState } from '../require-tree-state.ts';
import { categoryCounts, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import { maxFeaturesSchema, refuseAbsoluteSets, treeLimits, treeTraits } from '../tree-options.ts';
import { stateOf, treeTable } from '../tree-training-table.ts';
import { checkForestOptions } from './forest-checks.ts';
import { forestDraws, forestOptions } from './forest-options.ts';
import type { ForestState } from './forest-state.ts';
import { leafTargetsOf, requireLeafTargets } from './leaf-targets.ts';

/** The options that regressing forests share. */
export const regressorOptions = forestOptions.extend({
  criterion: option(
    z.enum(['squaredError', 'poisson', 'absoluteError']).default('squaredError'),
    'What splits lower: the variance, the Poisson deviance of counts (for targets of at least 0), or the distance from the median (exact splits only, slower).',
    choices('squaredError', 'poisson'),
  ),
  maxFeatures: option(
    maxFeaturesSchema.nullable().default(null),
    'Columns that each split considers: a number, a share, sqrt or log2 of all, or null for all.',
    choices('sqrt', 'log2', null),
  ),
  quantiles: option(
    z.boolean().default(false),
    'Whether the leaves keep their training targets, for predictQuantiles: four bytes a row and tree.',
  ),
});

type Parts = RegressorParts<typeof regressorOptions, ForestState, ReturnType<typeof attributes>, 'table'>;

/** Grows the forest. */
export async function fitForestRegressor(
  { criterion, oobScore, monotonicCst, quantiles, ...options }: z.output<typeof regressorOptions>,
  { splits, model }: { readonly splits: Splits; readonly model: string },
  data: Parameters<Parts['fit']>[1],
  job: Parameters<Parts['fit']>[2],
): Promise<ForestState> {
  const { y, sampleWeight } = data;
  if (criterion === 'poisson') requireCounts(y);
  const table = treeTable(data, options.categoricalFeatures, model);
  refuseAbsoluteSets(criterion, table.categories);
  const { x } = table;
  const { rows, columns } = x;
  const { minWeightFractionLeaf, nEstimators } = options;
  const counted = sampleWeight === undefined ? rows : sampleWeight.filter((weight) => weight > 0).length;
  const { trees, outOfBag } = await growForest(
    { team: job.team, checkpoint: () => job.checkpoint(), progress: (share) => job.progress(share) },
    {
      ...{ x, y, sampleWeight, criterion, classes: 0, nEstimators, minWeightFractionLeaf },
      ...{ splits, directions: monotonicDirections(monotonicCst, table) },
      categories: categoryCounts(table.categories, columns),
      limits: treeLimits(options, { rows: counted, columns, weight: 0 }),
      draws: forestDraws(options, counted, false),
      random: new RandomState(options.randomState),
      wantsOutOfBag: oobScore,
    },
  );
  return {
    ...{ trees, outOfBag, ...stateOf(table) },
    oobScore: oobScore ? determination(y, outOfBag) : null,
    ...(quantiles && { leafTargets: leafTargetsOf(trees, x, y, sampleWeight, () => job.checkpoint()) }),
  };
}

function attributes({ trees, columns, outOfBag, oobScore }: ForestState) {
  return {
    featureImportances: meanGainByColumn(trees, columns),
    /** R² of `oobPrediction`; null unless asked for. */
    oobScore,
    /** For each training row the mean of the trees that did not see it, NaN where all did. */
    oobPrediction: outOfBag,
  };
}

/** What regressing forests do alike. */
export const forestRegressor = {
  ...treeTraits,
  rowOperations: ({ trees }: ForestState) => 4 * stepsOf(trees),
  checkState(state: ForestState, shape) {
    requireTreeState(state, shape, [1]);
    if (state.leafTargets !== undefined) requireLeafTargets(state.trees, state.leafTargets);
  },
  async predict({ trees, categories }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const sums = await sumTrees(workers, trees, encodeTable(x, categories), Float64Array.of(0));
    return sums.map((sum) => sum / trees.roots.length);
  },
  predictRow: ({ trees, categories }, row) =>
    sumTreesOfRow(trees, encodeRow(categories, row), Float64Array.of(0))[0]! / trees.roots.length,
  onnx({ trees, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    if ('unsupported' in coded) return coded;
    const sums = treeNodes(graph, coded, trees, Float64Array.of(0));
    return graph.node('Div', [sums, graph.scalar(trees.roots.length)]);
  },
  attributes,
  check: checkForestOptions,
} satisfies Partial<Parts>;

/** R² over the rows that have a prediction. */
function determination(y: Float64Array, predicted: Float64Array): number {
  const rows = Array.from(y.keys()).filter((i) => !Number.isNaN(predicted[i]));
  const mean = rows.reduce((sum, i) => sum + y[i]!, 0) / rows.length;
  const squares = (reference: (i: number) => number) =>
    rows.reduce((sum, i) => sum + (y[i]! - reference(i)) ** 2, 0);
  return 1 - squares((i) => predicted[i]!) / squares(() => mean);
}
