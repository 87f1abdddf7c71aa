import type { FittedModel } from '../../define/fitted.ts';
import { type PruningPath, pruningPath } from '../../math/trees/prune.ts';
import { decisionTreeState } from './decision-tree-state.ts';

/**
 * The values of `ccpAlpha` at which pruning changes a fitted decision tree, rising from 0, and the impurity of the
 * leaves that are left at each, as scikit-learn's `cost_complexity_pruning_path` gives them. Fit the tree without
 * `ccpAlpha`.
 * @throws OptionError when the model is no decision tree.
 */
export function costComplexityPruningPath(model: FittedModel): PruningPath {
  return pruningPath(decisionTreeState(model, 'costComplexityPruningPath'));
}
