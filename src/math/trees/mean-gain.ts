import { gainByColumn, type Trees, treeOf } from './trees.ts';

/** {@link gainByColumn} of each tree, averaged over the trees that have a split, as shares of the whole. */
export function meanGainByColumn(trees: Trees, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let tree = 0; tree < trees.roots.length; tree++) {
    const shares = gainByColumn(treeOf(trees, tree), columns);
    for (let j = 0; j < columns; j++) sums[j]! += shares[j]!;
  }
  const total = sums.reduce((sum, share) => sum + share, 0);
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}
