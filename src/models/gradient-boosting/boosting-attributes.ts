import type { BoostedTrees } from '../../math/trees/boost.ts';
import { gainByColumn } from '../../math/trees/trees.ts';
import type { ColumnCategories } from '../tree-categories.ts';

/** What a fit leaves. */
export interface BoostingState extends BoostedTrees {
  readonly columns: number;
  /** Of the columns of categories, in order; models saved by the first versions have none. */
  readonly categories?: readonly ColumnCategories[];
  /** What the prediction of a regressor is of its score; models saved by the first versions have none, which is `identity`. */
  readonly link?: 'identity' | 'log';
}

export interface BoostingAttributes {
  /** Share of each column in the gain of all splits. */
  readonly featureImportances: Float64Array;
  /** Iterations whose trees are kept. */
  readonly nIter: number;
  /** Mean loss of the held-out rows (or the metric, negated where greater is better) before the first and after each iteration; empty without such rows. */
  readonly validationLoss: Float64Array;
}

export function boostingAttributes({
  trees,
  baseline,
  validationLoss,
  columns,
}: BoostingState): BoostingAttributes {
  return {
    featureImportances: gainByColumn(trees, columns),
    nIter: trees.roots.length / baseline.length,
    validationLoss,
  };
}
