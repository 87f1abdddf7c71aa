import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { type MergeTree, mergeSizes } from './merge-tree.ts';

/** A tree in SciPy's form: for each merge its two nodes, their distance and the rows below. */
export function linkageMatrix(tree: MergeTree): Matrix {
  const { children, distances } = tree;
  const sizes = mergeSizes(tree);
  const matrix = Matrix.zeros(distances.length, 4);
  for (let k = 0; k < distances.length; k++) {
    matrix.setRow(k, [children[2 * k]!, children[2 * k + 1]!, distances[k]!, sizes[k]!]);
  }
  return matrix;
}

/**
 * The tree that a linkage matrix holds.
 * @throws DataError naming the first merge that names a node which is not there or was merged before.
 */
export function treeOfLinkage(matrix: Matrix): MergeTree {
  const { rows: merges, columns } = matrix;
  const leaves = merges + 1;
  if (columns !== 4) {
    throw new DataError(
      'data/no-linkage',
      `A linkage matrix has 4 columns (two nodes, their distance, rows), but this one has ${columns}.`,
      { columns },
    );
  }
  const children = new Int32Array(2 * merges);
  const distances = new Float64Array(merges);
  const isMerged = new Uint8Array(leaves + merges);
  for (let k = 0; k < merges; k++) {
    for (const side of [0, 1]) {
      const node = matrix.at(k, side);
      if (!Number.isInteger(node) || node < 0 || node >= leaves + k || isMerged[node] === 1) {
        throw new DataError(
          'data/no-linkage',
          `Merge ${k} of the linkage matrix joins node ${node}, which is not there or was merged before.`,
          { row: k },
        );
      }
      isMerged[node] = 1;
      children[2 * k + side] = node;
    }
    distances[k] = matrix.at(k, 2);
  }
  return { leaves, children, distances };
}
