import { DataError } from '../core/errors.ts';
import { requireTrees } from '../math/trees/require-trees.ts';
import type { Trees } from '../math/trees/trees.ts';
import type { TableState } from './tree-training-table.ts';

interface TreeState extends TableState {
  readonly trees: Trees;
}

/**
 * A state of trees that is read from a file.
 * @param widths Numbers a node that are possible.
 * @throws DataError for one that cannot be of so many columns, or down whose trees no row should go.
 */
export function requireTreeState(
  { trees, columns, categories = [] }: TreeState,
  shape: { readonly columns: number },
  widths: readonly number[],
): void {
  const isKnown = categories.every(
    ({ column }) => Number.isInteger(column) && column >= 0 && column < columns,
  );
  if (columns !== shape.columns || !isKnown) {
    throw new DataError(
      'model/unfit-state',
      `Its trees are of ${columns} columns${isKnown ? '' : ', and of categories in others'}, where there are ${shape.columns}.`,
    );
  }
  requireTrees(trees, { columns, widths });
}

/** Numbers a node of classifying trees: the share of each class; one class is an output, and so are two. */
export function shareWidths({ outputs }: { readonly outputs: number }): readonly number[] {
  return outputs === 1 ? [1, 2] : [outputs];
}
