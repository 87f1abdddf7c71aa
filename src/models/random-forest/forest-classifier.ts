import { z } from 'zod';
import { Matrix } from '../../core/matrix.ts';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import type { ClassifierParts } from '../../define/definition.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { growForest } from '../../math/trees/forest.ts';
import { meanGainByColumn } from '../../math/trees/mean-gain.ts';
import type { Splits } from '../../math/trees/place-tree-data.ts';
import { stepsOf, sumTrees, sumTreesOfRow } from '../../math/trees/predict.ts';
import { treeNodes } from '../../tensor/onnx/tree-nodes.ts';
import { monotonicDirections, refuseManyClasses } from '../monotonic-cst.ts';
import { requireTreeState, shareWidths } from '../require-tree-state.ts';
import { categoryCounts, encodeRow, encodeTable } from '../tree-categories.ts';
import { codeNodes } from '../tree-code-nodes.ts';
import { maxFeaturesSchema, treeLimits, treeTraits } from '../tree-options.ts';
import { stateOf, treeTable } from '../tree-training-table.ts';
import { checkForestOptions } from './forest-checks.ts';
import { forestDraws, forestOptions } from './forest-options.ts';
import type { ForestState } from './forest-state.ts';

/** The options that classifying forests share. */
export const classifierOptions = forestOptions.extend({
  criterion: option(
    z.enum(['gini', 'entropy', 'logLoss']).default('gini'),
    'What splits lower: the Gini impurity or the entropy, which is the log loss.',
    choices('gini', 'entropy'),
  ),
  maxFeatures: option(
    maxFeaturesSchema.nullable().default('sqrt'),
    'Columns that each split considers: a number, a share, sqrt or log2 of all, or null for all.',
    choices('sqrt', 'log2', null),
  ),
  classWeight: option(
    z
      .union([z.enum(['balanced', 'balancedSubsample']), z.record(z.string(), z.number().nonnegative())])
      .nullable()
      .default(null),
    "Weights of the classes: 'balanced' makes them weigh the same, 'balancedSubsample' in each tree's sample; a record gives them by name (1 where left out).",
  ),
});

type Parts = ClassifierParts<typeof classifierOptions, ForestState, ReturnType<typeof attributes>, 'table'>;

/** Grows the forest. */
export async function fitForestClassifier(
  { criterion, classWeight, oobScore, monotonicCst, ...options }: z.output<typeof classifierOptions>,
  { splits, model }: { readonly splits: Splits; readonly model: string },
  data: Parameters<Parts['fit']>[1],
  job: Parameters<Parts['fit']>[2],
): Promise<ForestState> {
  const { y, classes } = data;
  const table = treeTable(data, options.categoricalFeatures, model);
  const { x } = table;
  const { rows, columns } = x;
  const { minWeightFractionLeaf, nEstimators } = options;
  const directions = monotonicDirections(monotonicCst, table);
  refuseManyClasses(directions, classes.length);
  const isBySample = classWeight === 'balancedSubsample';
  const sampleWeight = applyClassWeight(isBySample ? null : classWeight, data);
  const counted = sampleWeight === undefined ? rows : sampleWeight.filter((weight) => weight > 0).length;
  const { trees, outOfBag } = await growForest(
    { team: job.team, checkpoint: () => job.checkpoint(), progress: (share) => job.progress(share) },
    {
      ...{ x, y, sampleWeight, classes: classes.length, nEstimators, minWeightFractionLeaf },
      ...{ splits, directions, categories: categoryCounts(table.categories, columns) },
      criterion: criterion === 'gini' ? 'gini' : 'entropy',
      limits: treeLimits(options, { rows: counted, columns, weight: 0 }),
      draws: forestDraws(options, counted, isBySample),
      random: new RandomState(options.randomState),
      wantsOutOfBag: oobScore,
    },
  );
  return {
    ...{ trees, outOfBag, ...stateOf(table) },
    oobScore: oobScore ? accuracy(y, outOfBag, classes.length) : null,
  };
}

function attributes({ trees, columns, outOfBag, oobScore }: ForestState) {
  return {
    featureImportances: meanGainByColumn(trees, columns),
    /** Accuracy by `oobDecisionFunction`; null unless asked for. */
    oobScore,
    /**
     * For each training row the class shares by the trees that did not see it, NaN where all did; no rows unless asked for.
     */
    oobDecisionFunction: new Matrix({
      rows: outOfBag.length / trees.width,
      columns: trees.width,
      data: outOfBag,
    }),
  };
}

/** What classifying forests do alike. */
export const forestClassifier = {
  ...treeTraits,
  check: checkForestOptions,
  rowOperations: ({ trees }: ForestState) => 4 * stepsOf(trees),
  classCount: ({ trees }: ForestState) => trees.width,
  checkState: (state: ForestState, shape) => requireTreeState(state, shape, shareWidths(shape)),
  async predictProba({ trees, categories }, x, job) {
    const workers = { team: job.team, checkpoint: () => job.checkpoint() };
    const sums = await sumTrees(workers, trees, encodeTable(x, categories), new Float64Array(trees.width));
    return sums.map((sum) => sum / trees.roots.length);
  },
  predictProbaRow: ({ trees, categories }, row) =>
    sumTreesOfRow(trees, encodeRow(categories, row), new Float64Array(trees.width)).map(
      (sum) => sum / trees.roots.length,
    ),
  onnx({ trees, categories }, x, graph) {
    const coded = codeNodes(graph, x, categories);
    if ('unsupported' in coded) return coded;
    const sums = treeNodes(graph, coded, trees, new Float64Array(trees.width));
    return { probabilities: graph.node('Div', [sums, graph.scalar(trees.roots.length)]) };
  },
  attributes,
} satisfies Partial<Parts>;

/** The share of right classes among the rows that have a prediction. */
function accuracy(y: Int32Array, shares: Float64Array, classes: number): number {
  let [right, counted] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const row = shares.subarray(i * classes, (i + 1) * classes);
    if (Number.isNaN(row[0])) continue;
    counted++;
    if (row.indexOf(Math.max(...row)) === y[i]) right++;
  }
  return right / counted;
}
