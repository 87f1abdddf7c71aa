import { z } from 'zod';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { fitTree } from '../../math/trees/fit-tree.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { pruneTree } from '../../math/trees/prune.ts';
import { requireCounts } from '../../math/trees/require-counts.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { monotonicCstSchema, monotonicDirections } from '../monotonic-cst.ts';
import { categoryCounts, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import {
  ccpAlphaOption,
  checkTreeOptions,
  maxFeaturesSchema,
  refuseAbsoluteSets,
  splitterOption,
  treeLimits,
  treeOptions,
  treeTraits,
} from '../tree-options.ts';
import { stateOf, treeTable } from '../tree-training-table.ts';
import { type DecisionTreeState, requireTree, treeAttributes } from './tree-attributes.ts';

const MODEL = 'decision-tree-regressor';

/**
 * A regression tree with exact or drawn splits: each leaf predicts the mean of its training rows (by absolute error the median). Options, stopping rules and
 * pruning are those of scikit-learn's DecisionTreeRegressor; of equally good splits the first column's wins. Missing
 * values go to the side that fits best.
 */
export const decisionTreeRegressor = defineRegressor({
  name: MODEL,
  module: import.meta.url,
  summary: 'A tree of yes-or-no questions, a mean at the end of each way.',
  use: 'When the prediction must be explained in words, or as a first look at what matters.',
  ...treeTraits,
  options: treeOptions.extend({
    criterion: option(
      z.enum(['squaredError', 'poisson', 'absoluteError']).default('squaredError'),
      'What splits lower: the variance, the Poisson deviance of counts (for targets of at least 0), or the distance from the median (slower).',
      choices('squaredError', 'poisson'),
    ),
    maxFeatures: option(
      maxFeaturesSchema.nullable().default(null),
      'Columns that each split considers: a number, a share, sqrt or log2 of all, or null for all.',
    ),
    splitter: splitterOption,
    monotonicCst: option(
      monotonicCstSchema(),
      'Columns with which predictions may only rise (1) or fall (−1), by name or all in order.',
    ),
    ccpAlpha: ccpAlphaOption,
  }),
  check: checkTreeOptions,
  rowOperations: ({ trees }: DecisionTreeState) => 4 * stepsOf(trees),
  checkState: (state: DecisionTreeState, shape) => requireTree(state, shape, [1]),
  fit({ criterion, ccpAlpha, splitter, monotonicCst, ...options }, data, job): DecisionTreeState {
    const { y, sampleWeight } = data;
    if (criterion === 'poisson') requireCounts(y);
    const table = treeTable(data, options.categoricalFeatures, MODEL);
    refuseAbsoluteSets(criterion, table.categories);
    const { x } = table;
    const directions = monotonicDirections(monotonicCst, table);
    const weight = sampleWeight?.reduce((sum, w) => sum + w, 0) ?? x.rows;
    const tree = fitTree(
      { team: job.team, checkpoint: () => job.checkpoint() },
      {
        ...{
          x,
          y,
          sampleWeight,
          criterion,
          classes: 0,
          splits: splitter === 'best' ? 'exact' : 'random',
          directions,
          categories: categoryCounts(table.categories, x.columns),
        },
        limits: treeLimits(options, { rows: x.rows, columns: x.columns, weight }),
        random: new RandomState(options.randomState),
      },
    );
    return { ...pruneTree(tree, ccpAlpha), ...stateOf(table) };
  },
  predict: ({ trees, categories }, x, job) =>
    sumTrees(
      { team: job.team, checkpoint: () => job.checkpoint() },
      ...([trees, encodeTable(x, categories), Float64Array.of(0)] as const),
    ),
  predictRow: ({ trees, categories }, row) =>
    sumTreesOfRow(trees, encodeRow(categories, row), Float64Array.of(0))[0]!,
  onnx({ trees, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    return 'unsupported' in coded ? coded : treeNodes(graph, coded, trees, Float64Array.of(0));
  },
  attributes: treeAttributes,
});
