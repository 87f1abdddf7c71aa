import { z } from 'zod';
import { andThen } from '../../core/eventually.ts';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { scoresToCodes } from '../../define/run.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { fitTree } from '../../math/trees/fit-tree.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { pruneTree } from '../../math/trees/prune.ts';
import { refuseFullGrowth } from '../../math/trees/refuse-full-growth.ts';
import type { Trees } from '../../math/trees/trees.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { classWeightSchema } from '../class-weight-schema.ts';
import { monotonicCstSchema, monotonicDirections, refuseManyClasses } from '../monotonic-cst.ts';
import { shareWidths } from '../require-tree-state.ts';
import { categoryCounts, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import {
  ccpAlphaOption,
  maxFeaturesSchema,
  splitterOption,
  treeLimits,
  treeOptions,
  treeTraits,
} from '../tree-options.ts';
import { stateOf, treeTable } from '../tree-training-table.ts';
import { type DecisionTreeState, requireTree, treeAttributes } from './tree-attributes.ts';

const MODEL = 'decision-tree-classifier';

/** Classes from which on it is shorter to look for the largest share once a node than once a row. */
const MANY_CLASSES = 100;

/**
 * A classification tree with exact or drawn splits: each leaf predicts the shares of the classes among its training rows.
 * Options, stopping rules and pruning are those of scikit-learn's DecisionTreeClassifier; of equally good splits the
 * first column's wins. Missing values go to the side that fits best.
 */
export const decisionTreeClassifier = defineClassifier({
  name: MODEL,
  module: import.meta.url,
  summary: 'A tree of yes-or-no questions, the shares of the classes at the end of each way.',
  use: 'When the prediction must be explained in words, or as a first look at what matters.',
  ...treeTraits,
  options: treeOptions.extend({
    criterion: option(
      z.enum(['gini', 'entropy', 'logLoss']).default('gini'),
      'What splits lower: the Gini impurity or the entropy, which is the log loss.',
      choices('gini', 'entropy'),
    ),
    maxFeatures: option(
      maxFeaturesSchema.nullable().default(null),
      'Columns that each split considers: a number, a share, sqrt or log2 of all, or null for all.',
    ),
    classWeight: option(
      classWeightSchema(),
      "Weights of the classes: 'balanced' makes them weigh the same; a record gives them by name (1 where left out).",
    ),
    splitter: splitterOption,
    monotonicCst: option(
      monotonicCstSchema(),
      'Columns with which predictions may only rise (1) or fall (−1), by name or all in order; of two classes the share of the second.',
    ),
    ccpAlpha: ccpAlphaOption,
  }),
  rowOperations: ({ trees }: DecisionTreeState) => 4 * stepsOf(trees),
  fit(
    { criterion, classWeight, ccpAlpha, splitter, monotonicCst, ...options },
    data,
    job,
  ): DecisionTreeState {
    const { y, classes } = data;
    const table = treeTable(data, options.categoricalFeatures, MODEL);
    const { x } = table;
    const directions = monotonicDirections(monotonicCst, table);
    refuseManyClasses(directions, classes.length);
    const sampleWeight = applyClassWeight(classWeight, data);
    const weight = sampleWeight?.reduce((sum, w) => sum + w, 0) ?? x.rows;
    const limits = treeLimits(options, { rows: x.rows, columns: x.columns, weight });
    if (sampleWeight === undefined && directions === undefined)
      refuseFullGrowth(x, y, classes.length, limits);
    const tree = fitTree(
      { team: job.team, checkpoint: () => job.checkpoint() },
      {
        ...{
          x,
          y,
          sampleWeight,
          classes: classes.length,
          splits: splitter === 'best' ? 'exact' : 'random',
          directions,
          categories: categoryCounts(table.categories, x.columns),
        },
        criterion: criterion === 'gini' ? 'gini' : 'entropy',
        limits,
        random: new RandomState(options.randomState),
      },
    );
    return { ...pruneTree(tree, ccpAlpha), ...stateOf(table) };
  },
  classCount: ({ trees }: DecisionTreeState) => trees.width,
  checkState: (state: DecisionTreeState, shape) => requireTree(state, shape, shareWidths(shape)),
  predict({ trees, categories }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const coded = encodeTable(x, categories);
    const isWide = trees.width > MANY_CLASSES;
    const scored = isWide ? { ...trees, width: 1, values: largestClasses(trees) } : trees;
    const scores = sumTrees(workers, scored, coded, new Float64Array(scored.width));
    return andThen(scores, (values) => (isWide ? Int32Array.from(values) : scoresToCodes(values, x.rows)));
  },
  predictProba: ({ trees, categories }, x, job) =>
    sumTrees(
      { team: job.team, checkpoint: () => job.checkpoint() },
      ...([trees, encodeTable(x, categories), new Float64Array(trees.width)] as const),
    ),
  predictProbaRow: ({ trees, categories }, row) =>
    sumTreesOfRow(trees, encodeRow(categories, row), new Float64Array(trees.width)),
  onnx({ trees, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    if ('unsupported' in coded) return coded;
    return { probabilities: treeNodes(graph, coded, trees, new Float64Array(trees.width)) };
  },
  attributes: treeAttributes,
});

/** Of each node the class with the largest share, the first of equals. */
function largestClasses({ values, width }: Trees): Float64Array {
  return Float64Array.from(scoresToCodes(values, values.length / width));
}
