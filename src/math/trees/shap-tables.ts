import { gaussLegendre, type Quadrature } from '../gauss-legendre.ts';
import { endOfTree, isLeaf, type Trees } from './trees.ts';

/** A tree as the kernel `treeShap` reads it; nodes count from the root. */
export interface ShapTree {
  readonly nodes: number;
  /** Points of the quadrature, an even number. */
  readonly points: number;
  /** Node numbers of its splits, parents first. */
  readonly splits: Int32Array;
  /** For each split, the node below the last split above it that asks for the same column; 0 where there is none. */
  readonly inherits: Int32Array;
  /** Shares of the cover of each node that its parent's has. */
  readonly shares: Float64Array;
  /** Of each node: the product of the shares on its way that belong to the column asked above it. */
  readonly columnShares: Float64Array;
  /** Node numbers of its leaves. */
  readonly leaves: Int32Array;
  /** Share of the root's cover that reaches each leaf. */
  readonly reach: Float64Array;
}

/**
 * What Shapley values of one tree need that no row changes.
 *
 * A leaf of value v on whose way the columns 1 … d are asked has, for column i of a row, with z_j the share of the training rows
 * that pass the splits by column j and o_j 1 where the row passes them, else 0, the Shapley value
 *     v ∫₀¹ (o_i − z_i) Π_{j≠i} (o_j t + z_j (1 − t)) dt
 * since the weights of the coalitions are ∫ t^s (1 − t)^(d−1−s) dt (G. Owen, "Multilinear extensions of games", 1972). The
 * integrand is a polynomial of degree d − 1, so that ⌈d/2⌉ points of Gauss and Legendre give it exactly, with terms that do not
 * cancel. On the way down the products Π (o_j t + z_j (1 − t)) are built edge by edge; on the way up each edge adds its part
 *     (o_i − z_i) / (o_i t + z_i (1 − t))
 * less that of the edge above of the same column, times the sum of the leaves below (as in P. Yu et al., "Linear tree
 * Shap", 2022). The values are those of S. Lundberg et al., "From local explanations to global understanding with
 * explainable AI for trees" (2020), algorithm 2 (`tree_path_dependent`).
 */
export function shapTree(trees: Trees, tree: number, cover: ArrayLike<number>): ShapTree {
  const first = trees.roots[tree]!;
  const nodes = endOfTree(trees, tree) - first;
  const parents = new Int32Array(nodes).fill(-1);
  const asked = new Int32Array(nodes);
  const shares = new Float64Array(nodes).fill(1);
  const columnShares = new Float64Array(nodes).fill(1);
  const reached = new Float64Array(nodes).fill(1);
  const splits: number[] = [];
  const leaves: number[] = [];
  const inherits: number[] = [];
  let most = 0;
  for (let node = 0; node < nodes; node++) {
    if (isLeaf(trees, first + node)) {
      leaves.push(node);
      most = Math.max(most, asked[node]!);
      continue;
    }
    const left = trees.left[first + node]! - first;
    const earlier = sameColumnAbove(trees, first, parents, node);
    splits.push(node);
    inherits.push(earlier);
    const leftShare = shareOf(cover[first + left]!, cover[first + left + 1]!);
    for (const [child, share] of [
      [left, leftShare],
      [left + 1, 1 - leftShare],
    ] as const) {
      parents[child] = node;
      shares[child] = share;
      columnShares[child] = share * columnShares[earlier]!;
      reached[child] = share * reached[node]!;
      asked[child] = asked[node]! + (earlier === 0 ? 1 : 0);
    }
  }
  return {
    ...{ nodes, shares, columnShares, points: 2 * Math.ceil(most / 4) },
    splits: Int32Array.from(splits),
    inherits: Int32Array.from(inherits),
    leaves: Int32Array.from(leaves),
    reach: Float64Array.from(leaves, (leaf) => reached[leaf]!),
  };
}

/** A node that no training row reached, as foreign models may have, counts as halved. */
function shareOf(left: number, right: number): number {
  return left + right > 0 ? left / (left + right) : 0.5;
}

function sameColumnAbove({ feature }: Trees, first: number, parents: Int32Array, node: number): number {
  const column = feature[first + node];
  let below = node;
  for (let above = parents[node]!; above >= 0; above = parents[above]!) {
    if (feature[first + above] === column) return below;
    below = above;
  }
  return 0;
}

const quadratures = new Map<number, Quadrature>();

/** Numbers that {@link writeShapTables} writes. */
export function shapTableLength({ splits, points }: ShapTree): number {
  return splits.length * 8 * points;
}

/** The factors and weights of each split at each point, in the order that the kernel reads. */
export function writeShapTables(
  { splits, inherits, shares, columnShares, points }: ShapTree,
  children: (split: number) => number,
  out: Float64Array,
): void {
  if (!quadratures.has(points)) quadratures.set(points, gaussLegendre(points));
  const { points: t, weights } = quadratures.get(points)!;
  for (let s = 0; s < splits.length; s++) {
    const before = columnShares[inherits[s]!]!;
    const left = children(s);
    const at = s * 8 * points;
    for (let q = 0; q < points; q++) {
      const u = t[q]! + before * (1 - t[q]!);
      const partBefore = (1 - before) / u;
      for (const side of [0, 1]) {
        const share = shares[left + side]!;
        const z = before * share;
        const present = t[q]! + z * (1 - t[q]!);
        // Present where the row goes to this side, which the first block is about for the left one.
        const [here, there] = [at + 4 * points * side, at + 4 * points * (1 - side)];
        out[here + side * points + q] = present / u;
        out[here + (2 + side) * points + q] = weights[q]! * ((1 - z) / present - partBefore);
        out[there + side * points + q] = (z * (1 - t[q]!)) / u;
        out[there + (2 + side) * points + q] = weights[q]! * (-1 / (1 - t[q]!) - partBefore);
      }
    }
  }
}
