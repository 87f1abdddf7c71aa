import { Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { Matrix } from '../../core/matrix.ts';
import { type TableLike, tableToWire, toMatrix, toSharedTable } from '../../core/table.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { INLINE_OPERATIONS } from '../../define/place.ts';
import { alignTable } from '../../define/schema.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import { runJob } from '../../jobs/pool.ts';
import { shapProducts, type TreeShap, treeShap } from '../../math/trees/tree-shap.ts';
import { type ColumnCategories, encodeTable } from '../tree-categories.ts';
import { categoryWords } from './one-tree.ts';
import type { ShapPayload, shapTask } from './shap-task.ts';
import { treeEnsembleOf } from './tree-ensemble.ts';

/** What is explained: the value of a regressor, or the score of one class. */
export interface ShapOutput {
  /** The class; null for a regressor. Boosting of two classes has one output, the score of the second. */
  readonly label: Label | null;
  /** Rows × columns: by how much each column moves the prediction of the row away from the base value. */
  readonly values: Matrix;
  /** The prediction when no column is known: the mean over the training rows. */
  readonly baseValue: number;
}

export interface ShapValues {
  readonly outputs: readonly ShapOutput[];
  /** The rows that are explained, with the columns in the order of the model; categories by their codes. */
  readonly x: Matrix;
  /** What the codes of each column of categories stand for; absent where there are none. */
  readonly levels?: readonly { readonly column: number; readonly levels: readonly string[] }[];
  /** A name for each column. */
  readonly names: readonly string[];
  /** `value` of a regressor, `log` of it (the losses of counts and amounts), `probability` of trees and forests, `score` (log odds, or the input of the softmax) of boosting. */
  readonly unit: 'value' | 'log' | 'probability' | 'score';
}

const taskModule = new URL(`./shap-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

/**
 * Exact Shapley values of the predictions of a decision tree, random forest or gradient boosting, as `shap.TreeExplainer` and
 * LightGBM's `pred_contrib` give them: of each row, how much each column moved its prediction away from the mean. The
 * values of a row and the base value sum to its prediction (of boosting that classifies: to its score). What a column
 * that is not known would do is averaged over the training rows on each side of a split (`tree_path_dependent`), so no background
 * data are needed. Missing values go where the splits send them.
 * Source: S. Lundberg et al., "From local explanations to global understanding with explainable AI for trees" (2020).
 * @throws OptionError for other models, DataError when `x` does not suit the model, AbortError.
 */
export async function shapValues(
  model: FittedModel,
  x: TableLike,
  options: PredictOptions = {},
): Promise<ShapValues> {
  const { labels, unit, categories, ...problem } = treeEnsembleOf(model, 'shapValues');
  const { input } = model.specification.definition;
  const table = alignTable(await toSharedTable(x), model.schema, input);
  const matrix = encodeTable(table instanceof Frame ? table : toMatrix(table), categories);
  const { rows, columns } = matrix;
  const payload: ShapPayload = { problem, x: tableToWire(matrix) };
  // The tables take about as long as 16 rows.
  const isSmall = (rows + 16) * shapProducts(problem) * 4 <= INLINE_OPERATIONS;
  const { values, baseValues } = isSmall
    ? await runInlineAsync(
        (job) => treeShap({ team: job.team, checkpoint: () => job.checkpoint() }, problem, matrix),
        options,
      )
    : await runJob<ShapPayload, TreeShap>({
        ...options,
        module: taskModule,
        name: shapTaskName,
        payload,
      });
  const names = model.schema.names ?? Array.from({ length: columns }, (_, j) => `x${j}`);
  return {
    outputs: labels.map((label, k) => ({
      label,
      values: new Matrix({ rows, columns, names, data: values[k]! }),
      baseValue: baseValues[k]!,
    })),
    x: new Matrix({ rows, columns, names, data: matrix.data }),
    ...{ names, unit },
    ...(categories.length > 0 && { levels: categories.map(levelsOf) }),
  };
}

function levelsOf(own: ColumnCategories) {
  const count = new Set(own.codes).size;
  const levels = Array.from({ length: count }, (_, code) => categoryWords(own, code));
  return { column: own.column, levels };
}

const shapTaskName = 'shapTask' satisfies (typeof shapTask)['name'];
