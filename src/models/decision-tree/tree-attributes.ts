import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import type { GrownTree } from '../../math/trees/grow-tree.ts';
import { depthOf, gainByColumn, isLeaf } from '../../math/trees/trees.ts';
import { requireTreeState } from '../require-tree-state.ts';
import type { TableState } from '../tree-training-table.ts';

/** What a fit leaves. */
export interface DecisionTreeState extends GrownTree, TableState {}

/** @throws DataError for a state of a file that cannot be of so many columns, or of nodes of so many numbers. */
export function requireTree(
  state: DecisionTreeState,
  shape: { readonly columns: number },
  widths: readonly number[],
): void {
  requireTreeState(state, shape, widths);
  const { trees, impurity } = state;
  if (trees.roots.length === 1 && impurity?.length === trees.left.length) return;
  throw new DataError(
    'model/unfit-state',
    `It has ${trees.roots.length} trees of ${trees.left.length} nodes and ${impurity?.length} impurities.`,
  );
}

/** The nodes of a tree, the root first, in arrays by node number. */
export interface TreeNodes {
  /** The column a node asks for, −1 for a leaf. */
  readonly feature: Int32Array;
  /** Values up to it go left; NaN for a leaf, and where a set of categories goes left (`decisionPath` and `exportText` tell it). */
  readonly threshold: Float64Array;
  /** Node numbers, −1 for a leaf. */
  readonly childrenLeft: Int32Array;
  readonly childrenRight: Int32Array;
  /** 1 where missing values go left. */
  readonly missingGoToLeft: Uint8Array;
  readonly impurity: Float64Array;
  readonly nNodeSamples: Int32Array;
  readonly weightedNNodeSamples: Float64Array;
  /** The mean, or the share of each class; one row a node. */
  readonly value: Matrix;
}

export interface DecisionTreeAttributes {
  readonly tree: TreeNodes;
  readonly nLeaves: number;
  /** Splits on the longest way from the root to a leaf. */
  readonly depth: number;
  /** Share of each column in the decrease of impurity. */
  readonly featureImportances: Float64Array;
}

export function treeAttributes({ trees, impurity, columns }: DecisionTreeState): DecisionTreeAttributes {
  const { feature, threshold, left, missingLeft, values, width, samples, weight } = trees;
  const nodes = feature.length;
  const ends = (node: number) => isLeaf(trees, node);
  return {
    tree: {
      feature,
      threshold: threshold.map((value, node) => (ends(node) ? Number.NaN : value)),
      childrenLeft: left.map((child, node) => (ends(node) ? -1 : child)),
      childrenRight: left.map((child, node) => (ends(node) ? -1 : child + 1)),
      missingGoToLeft: missingLeft.map((value, node) => (ends(node) ? 0 : value)),
      impurity,
      nNodeSamples: samples,
      weightedNNodeSamples: weight,
      value: new Matrix({ rows: nodes, columns: width, data: values }),
    },
    nLeaves: feature.reduce((count, column) => count + (column < 0 ? 1 : 0), 0),
    depth: depthOf(trees, 0),
    featureImportances: gainByColumn(trees, columns),
  };
}
