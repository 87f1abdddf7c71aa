import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { treeOfLinkage } from './linkage-matrix.ts';
import { requireDistances } from './merge-rows.ts';
import { type LinkageMetric, linkageMetrics } from './metric.ts';
import { rowDistance } from './row-distance.ts';

/**
 * Cophenetic distances of all pairs of rows: that of the merge which first brings them together. Condensed as by SciPy: (0, 1), (0, 2), …, (1, 2), …; rows (rows −
 * 1) / 2 numbers.
 * @throws DataError for a matrix that is no linkage.
 */
export function cophenet(linkage: Matrix): Float64Array {
  const tree = treeOfLinkage(linkage);
  const { leaves, children, distances } = tree;
  const found = new Float64Array((leaves * (leaves - 1)) / 2);
  const order = leavesList(linkage);
  const places = rangesOf(tree);
  for (let k = 0; k < distances.length; k++) {
    const [first, second] = [children[2 * k]!, children[2 * k + 1]!];
    for (let a = places[2 * first]!; a < places[2 * first + 1]!; a++) {
      for (let b = places[2 * second]!; b < places[2 * second + 1]!; b++) {
        found[pairIndex(leaves, order[a]!, order[b]!)] = distances[k]!;
      }
    }
  }
  return found;
}

function pairIndex(rows: number, a: number, b: number): number {
  const [i, j] = a < b ? [a, b] : [b, a];
  return i * rows - (i * (i + 1)) / 2 + (j - i - 1);
}

/** Rows from left to right as a dendrogram draws them: those of the first node of each merge first. */
export function leavesList(linkage: Matrix): Int32Array {
  const { leaves, children } = treeOfLinkage(linkage);
  const order = new Int32Array(leaves);
  let at = 0;
  const stack = [leaves + children.length / 2 - 1];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node < leaves) order[at++] = node;
    else stack.push(children[2 * (node - leaves) + 1]!, children[2 * (node - leaves)]!);
  }
  return order;
}

/** First place of each node's rows in {@link leavesList}, and the place after the last. */
function rangesOf({ leaves, children }: ReturnType<typeof treeOfLinkage>): Int32Array {
  const nodes = leaves + children.length / 2;
  const sizes = new Int32Array(nodes).fill(1, 0, leaves);
  for (let node = leaves; node < nodes; node++) {
    sizes[node] = sizes[children[2 * (node - leaves)]!]! + sizes[children[2 * (node - leaves) + 1]!]!;
  }
  const ranges = new Int32Array(2 * nodes);
  ranges[2 * nodes - 1] = leaves;
  for (let node = nodes - 1; node >= 0; node--) {
    const from = ranges[2 * node]!;
    ranges[2 * node + 1] = from + sizes[node]!;
    if (node < leaves) continue;
    const [first, second] = [children[2 * (node - leaves)]!, children[2 * (node - leaves) + 1]!];
    ranges[2 * first] = from;
    ranges[2 * second] = from + sizes[first]!;
  }
  return ranges;
}

/**
 * How faithfully a tree keeps the distances of rows (R. Sokal and F. Rohlf, 1962): the correlation of cophenetic with original distances, −1 … 1. Takes
 * time and memory in proportion to the square of the rows.
 * @throws DataError when `x` has other rows than the tree.
 */
export function copheneticCorrelation(
  linkage: Matrix,
  x: Matrix | readonly (readonly number[])[],
  { metric = 'euclidean' }: { readonly metric?: LinkageMetric } = {},
): number {
  const table = x instanceof Matrix ? x : Matrix.fromRows(x);
  if (table.rows !== linkage.rows + 1) {
    throw new DataError(
      'data/length-mismatch',
      `The tree has ${linkage.rows + 1} rows, but x has ${table.rows}.`,
      { rows: table.rows, expected: linkage.rows + 1 },
    );
  }
  if (metric === 'precomputed') requireDistances(table);
  const distance = rowDistance(table, linkageMetrics.find((name) => name === metric) ?? 'euclidean');
  const joined = cophenet(linkage);
  const original = new Float64Array(joined.length);
  let at = 0;
  for (let i = 0; i < table.rows; i++) {
    for (let j = i + 1; j < table.rows; j++) original[at++] = distance(i, j);
  }
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(joined), mean(original)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < joined.length; k++) {
    const [u, v] = [joined[k]! - a, original[k]! - b];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return ab / Math.sqrt(aa * bb);
}
