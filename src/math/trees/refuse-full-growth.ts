import type { Matrix } from '../../core/matrix.ts';
import type { TreeLimits } from './grow-tree.ts';
import { MOST_VALUES, tooManyValues } from './trees.ts';

/**
 * Refuses before it begins what would end for lack of memory: a tree that no limit stops has a leaf for each class, since only equal rows
 * of different classes share one.
 * @param codes Class of each row.
 * @throws DataError when the nodes would hold more numbers than they may.
 */
export function refuseFullGrowth(x: Matrix, codes: Int32Array, classes: number, limits: TreeLimits): void {
  // A tree has at most a leaf a row.
  if (2 * Math.min(x.rows, classes) * classes <= MOST_VALUES || !isUnlimited(limits)) return;
  const nodes = 2 * leastLeaves(x, codes, classes) - 1;
  if (nodes * classes > MOST_VALUES) throw tooManyValues(nodes, classes);
}

function isUnlimited(limits: TreeLimits): boolean {
  const { maxDepth, maxLeafNodes, minSamplesSplit, minSamplesLeaf, minWeightLeaf, minImpurityDecrease } =
    limits;
  return (
    maxDepth === Number.POSITIVE_INFINITY &&
    maxLeafNodes === Number.POSITIVE_INFINITY &&
    minSamplesSplit <= 2 &&
    minSamplesLeaf <= 1 &&
    minWeightLeaf === 0 &&
    minImpurityDecrease === 0
  );
}

/** Of one row a class, the most distinct values in a column: no two of those rows share a leaf. */
function leastLeaves(x: Matrix, codes: Int32Array, classes: number): number {
  const first = new Int32Array(classes).fill(-1);
  for (let i = codes.length - 1; i >= 0; i--) first[codes[i]!] = i;
  let most = 1;
  for (let j = 0; j < x.columns; j++) {
    const values = new Set<number>();
    for (const row of first) if (row >= 0) values.add(x.data[row * x.columns + j]!);
    most = Math.max(most, values.size);
  }
  return most;
}
