import type { FittedModel } from '../../define/fitted.ts';
import { codesOfSet } from '../../math/trees/category-sets.ts';
import { isLeaf, type Trees } from '../../math/trees/trees.ts';
import { levelsOfCode } from '../tree-categories.ts';
import { oneTree } from './one-tree.ts';

export interface ExportTextOptions {
  /** Which tree of a forest or of boosting. Default 0. */
  readonly tree?: number | undefined;
  /** Splits from the root down to which the tree is shown. Default 10. */
  readonly maxDepth?: number | undefined;
  /** Digits after the point. Default 2. */
  readonly decimals?: number | undefined;
}

/**
 * A fitted decision tree, or one of the trees of a forest or of boosting, as text: a line for each side of a split, as scikit-learn's `export_text`
 * writes it. A leaf of boosting tells what it adds.
 *
 *     |--- petal width <= 0.80
 *     |   |--- class: setosa
 *
 * @throws OptionError when the model has no trees, or not that many.
 */
export function exportText(
  model: FittedModel,
  { tree = 0, maxDepth = 10, decimals = 2 }: ExportTextOptions = {},
): string {
  const { trees, root, categories, meaning } = oneTree(model, tree, 'exportText');
  const { names } = model.schema;
  const nameOf = (column: number) => names?.[column] ?? `feature_${column}`;
  const classes = model.target.kind === 'classes' && meaning === 'shares' ? model.target.classes : undefined;
  const lines: string[] = [];
  const visit = (node: number, depth: number): void => {
    const indent = '|   '.repeat(depth);
    if (isLeaf(trees, node)) {
      const values = trees.values.subarray(node * trees.width, (node + 1) * trees.width);
      const said =
        classes === undefined
          ? `value: [${values[0]!.toFixed(decimals)}]`
          : `class: ${String(classes[values.indexOf(Math.max(...values))])}`;
      lines.push(`${indent}|--- ${said}`);
      return;
    }
    if (depth > maxDepth) {
      lines.push(`${indent}|--- truncated branch of depth ${depthBelow(trees, node)}`);
      return;
    }
    const column = trees.feature[node]!;
    const name = nameOf(column);
    const start = trees.sets?.starts[node] ?? -1;
    if (start >= 0) {
      const own = categories.find((one) => one.column === column);
      const codes = codesOfSet(trees.sets!, start);
      const levels = own === undefined ? codes : codes.flatMap((code) => levelsOfCode(own, code));
      lines.push(`${indent}|--- ${name} is ${levels.join(' or ')}`);
      visit(trees.left[node]!, depth + 1);
      lines.push(`${indent}|--- ${name} is something else`);
      visit(trees.left[node]! + 1, depth + 1);
      return;
    }
    const threshold = trees.threshold[node]!;
    const shown = Number.isFinite(threshold) ? threshold.toFixed(decimals) : 'any value';
    lines.push(`${indent}|--- ${name} <= ${shown}`);
    visit(trees.left[node]!, depth + 1);
    lines.push(`${indent}|--- ${name} >  ${shown}`);
    visit(trees.left[node]! + 1, depth + 1);
  };
  visit(root, 0);
  return `${lines.join('\n')}\n`;
}

function depthBelow(trees: Trees, node: number): number {
  let deepest = 0;
  const open: [node: number, depth: number][] = [[node, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, depth] = next;
    deepest = Math.max(deepest, depth);
    const left = trees.left[at]!;
    if (!isLeaf(trees, at)) open.push([left, depth + 1], [left + 1, depth + 1]);
  }
  return deepest;
}
