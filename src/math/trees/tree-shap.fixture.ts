import { readFileSync } from 'node:fs';
import type { ShapProblem } from './tree-shap.ts';
import { goesLeft, isLeaf, type Trees } from './trees.ts';

/** What parity/tree_shap.py writes. */
interface ShapFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly outputs: number;
    readonly columns: number;
    readonly trees: Readonly<
      Record<'roots' | 'feature' | 'left' | 'missingLeft' | 'values' | 'samples', readonly number[]>
    > & { readonly threshold: readonly (number | null)[] };
    readonly x: readonly (readonly (number | null)[])[];
    /** Rows × outputs × (columns and the base value). */
    readonly contributions: readonly (readonly (readonly number[])[])[];
  }[];
}

export const shapFixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/tree-shap.json', import.meta.url), 'utf8'),
) as ShapFixture;

export function treesOfFixture(trees: ShapFixture['cases'][number]['trees']): Trees {
  const nodes = trees.left.length;
  return {
    roots: Int32Array.from(trees.roots),
    feature: Int32Array.from(trees.feature),
    threshold: Float64Array.from(trees.threshold, (value) => value ?? Number.POSITIVE_INFINITY),
    left: Int32Array.from(trees.left),
    missingLeft: Uint8Array.from(trees.missingLeft),
    values: Float64Array.from(trees.values),
    width: 1,
    samples: Int32Array.from(trees.samples),
    weight: Float64Array.from(trees.samples),
    gain: new Float64Array(nodes),
  };
}

/**
 * Shapley values by their definition, over all sets of columns: column i gets the mean over the orders of columns of what it
 * adds to those before it. The worth of a set is the mean prediction when a split by another column sends the row both
 * ways, in proportion to the cover.
 * @returns For each output the values of the columns, then the worth of the empty set.
 */
export function bruteForceShap(problem: ShapProblem, row: Float64Array): number[][] {
  const columns = row.length;
  const worths = Array.from({ length: 2 ** columns }, (_, known) => worthOf(problem, row, known));
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from(problem.start, (_, k) => {
    const values = new Array<number>(columns + 1).fill(0);
    for (let i = 0; i < columns; i++) {
      for (let known = 0; known < worths.length; known++) {
        if ((known >> i) & 1) continue;
        let size = 0;
        for (let j = 0; j < columns; j++) size += (known >> j) & 1;
        const share = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
        values[i]! += share * (worths[known | (1 << i)]![k]! - worths[known]![k]!);
      }
    }
    values[columns] = worths[0]![k]!;
    return values;
  });
}

function worthOf({ trees, cover, scale, start }: ShapProblem, row: Float64Array, known: number): number[] {
  const { feature, left, values, width, roots } = trees;
  const worth = Array.from(start);
  const visit = (tree: number, node: number, share: number): void => {
    if (isLeaf(trees, node)) {
      for (let k = 0; k < width; k++)
        worth[width === 1 ? tree % worth.length : k]! += share * scale * values[node * width + k]!;
      return;
    }
    const [l, r] = [left[node]!, left[node]! + 1];
    if ((known >> feature[node]!) & 1) {
      visit(tree, goesLeft(trees, node, row[feature[node]!]!) ? l : r, share);
      return;
    }
    const leftShare = cover[l]! / (cover[l]! + cover[r]!);
    visit(tree, l, share * leftShare);
    visit(tree, r, share * (1 - leftShare));
  };
  for (const [tree, root] of roots.entries()) visit(tree, root, 1);
  return worth;
}
