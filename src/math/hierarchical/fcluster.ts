import { OptionError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { treeOfLinkage } from './linkage-matrix.ts';

/** Where to cut: merges up to this distance count, or as many as leave at most `maxclust` clusters. */
export type FlatCut = { readonly distance: number } | { readonly maxclust: number };

/**
 * Flat clusters of a linkage matrix, numbered from 1 along the tree, as by SciPy's `fcluster`. `maxclust` takes the smallest distance that leaves no
 * more clusters: merges of equal distance count together, so there may be fewer.
 * @throws OptionError for a cut that is no number; DataError for a matrix that is no linkage.
 */
export function fcluster(linkage: Matrix, cut: FlatCut): Int32Array {
  const { leaves, children, distances } = treeOfLinkage(linkage);
  // Largest distance of a merge in or below each: with inversions a merge may be nearer than those before.
  const highest = Float64Array.from(distances);
  for (let k = 0; k < highest.length; k++) {
    for (const child of [children[2 * k]!, children[2 * k + 1]!]) {
      if (child >= leaves) highest[k] = Math.max(highest[k]!, highest[child - leaves]!);
    }
  }
  const threshold = 'distance' in cut ? requireNumber('distance', cut.distance) : thresholdFor(highest, cut);
  const labels = new Int32Array(leaves);
  let label = 0;
  const stack: [node: number, label: number][] = [[leaves + highest.length - 1, 0]];
  while (stack.length > 0) {
    const [node, given] = stack.pop()!;
    const isWhole = given === 0 && (node < leaves || highest[node - leaves]! <= threshold);
    const own = isWhole ? ++label : given;
    if (node < leaves) {
      labels[node] = own;
      continue;
    }
    // SciPy numbers the rows of a merge after its subtrees; what is pushed last is numbered first.
    const pair = [children[2 * (node - leaves)]!, children[2 * (node - leaves) + 1]!];
    for (const child of pair.toReversed()) if (child < leaves) stack.push([child, own]);
    for (const child of pair.toReversed()) if (child >= leaves) stack.push([child, own]);
  }
  return labels;
}

function thresholdFor(highest: Float64Array, { maxclust }: { readonly maxclust: number }): number {
  if (!(Number.isInteger(maxclust) && maxclust >= 1)) {
    throw new OptionError(
      'option/invalid',
      `fcluster: maxclust must be a whole number from 1 on, not ${maxclust}.`,
      { option: 'maxclust' },
    );
  }
  const merged = highest.length + 1 - maxclust;
  return merged <= 0 ? Number.NEGATIVE_INFINITY : Float64Array.from(highest).sort()[merged - 1]!;
}

function requireNumber(option: string, value: number): number {
  if (!Number.isNaN(value)) return value;
  throw new OptionError('option/invalid', `fcluster: ${option} must be a number, not ${value}.`, { option });
}
