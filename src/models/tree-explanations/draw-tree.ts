import { OptionError } from '../../core/errors.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { ChartOptions, LegendEntry } from '../../draw/chart-options.ts';
import { accent, muted, seriesColor } from '../../draw/theme.ts';
import type { DiagramNode } from '../../draw/tree-diagram.ts';
import { isLeaf } from '../../math/trees/trees.ts';
import { numberWords } from './number-words.ts';
import { nodeWords, type OneTree, oneTree, setWords, valuesOf } from './one-tree.ts';

export interface DrawTreeOptions extends Partial<ChartOptions> {
  /** Which tree of a forest or of boosting. Default 0. */
  readonly tree?: number | undefined;
  /** Splits from the root down to which the tree is shown. Default 4. */
  readonly depth?: number | undefined;
}

/**
 * A decision tree, or one tree of a random forest or of gradient boosting, as SVG: what each node asks, how many training rows it
 * has and what it says; fuller colours for higher values, purer classes, or larger amounts that a tree of boosting adds. The
 * drawing library is loaded at the first call.
 * @throws OptionError for other models, or a tree that the model does not have.
 */
export async function drawTree(model: FittedModel, options: DrawTreeOptions = {}): Promise<string> {
  const { tree = 0, depth = 4, ...chart } = options;
  const one = oneTree(model, tree, 'drawTree');
  if (!(Number.isInteger(depth) && depth >= 0)) {
    throw new OptionError(
      'option/invalid',
      `drawTree: depth must be a whole number of at least 0, not ${depth}.`,
      { option: 'depth' },
    );
  }
  const { treeDiagram } = await import('../../draw/tree-diagram.ts');
  const kind = one.meaning === 'addend' ? ` that adds to ${one.target}` : '';
  const several = one.trees.roots.length > 1 || one.meaning === 'addend';
  return treeDiagram(diagramOf(one, depth), {
    title: several ? `Tree ${tree} of ${one.trees.roots.length}${kind}` : 'Decision tree',
    ...{ legend: legendOf(one), ...chart },
  });
}

function diagramOf(one: OneTree, depth: number): DiagramNode {
  const { trees, names } = one;
  const paint = painterOf(one, shownNodes(one, depth));
  const visit = (node: number, level: number, edge: string | undefined): DiagramNode => {
    const rows = `n = ${trees.samples[node]!.toLocaleString('en')}`;
    const said = one.meaning === 'addend' && !isLeaf(trees, node) ? [] : [nodeWords(one, node)];
    if (isLeaf(trees, node)) return { ...paint(node), edge, lines: [...said, rows] };
    if (level === depth) {
      const leaves = leavesBelow(one, node);
      return { ...paint(node), edge, lines: [`… ${leaves.toLocaleString('en')} leaves`, rows, ...said] };
    }
    const column = names[trees.feature[node]!]!;
    const threshold = trees.threshold[node]!;
    const isSplitOfMissing = threshold === Number.POSITIVE_INFINITY;
    const levels = setWords(one, node, 'left');
    const question =
      levels === undefined
        ? isSplitOfMissing
          ? `${column} known`
          : `${column} ≤ ${numberWords(threshold)}`
        : `${column}: ${levels}`;
    const side = trees.missingLeft[node] === 1 ? 'left' : 'right';
    return {
      ...{ ...paint(node), edge, lines: [question, rows, ...said] },
      title: `${question}; missing values go ${side}; ${[rows, ...said].join('; ')}`,
      children: [visit(trees.left[node]!, level + 1, 'yes'), visit(trees.left[node]! + 1, level + 1, 'no')],
    };
  };
  return visit(one.root, 0, undefined);
}

type Paint = Pick<DiagramNode, 'color' | 'share'>;

function painterOf(one: OneTree, shown: readonly number[]): (node: number) => Paint {
  const { trees } = one;
  if (one.meaning === 'shares') {
    return (node) => {
      const values = valuesOf(one, node);
      const most = Math.max(...values);
      const even = 1 / values.length;
      const share = values.length > 1 ? (most - even) / (1 - even) : 1;
      return { color: seriesColor(values.indexOf(most)), share: Math.max(0, share) };
    };
  }
  const values = shown.map((node) => trees.values[node]!);
  if (one.meaning === 'addend') {
    const most = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
    return (node) => {
      const value = trees.values[node]!;
      if (!isLeaf(trees, node)) return { color: muted, share: 0 };
      return { color: value < 0 ? accent : seriesColor(4), share: Math.abs(value) / most };
    };
  }
  const low = values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  return (node) => ({ color: accent, share: high > low ? (trees.values[node]! - low) / (high - low) : 0 });
}

function shownNodes({ trees, root }: OneTree, depth: number): number[] {
  const found: number[] = [];
  const visit = (node: number, level: number): void => {
    found.push(node);
    if (isLeaf(trees, node) || level === depth) return;
    visit(trees.left[node]!, level + 1);
    visit(trees.left[node]! + 1, level + 1);
  };
  visit(root, 0);
  return found;
}

function leavesBelow({ trees }: OneTree, node: number): number {
  let leaves = 0;
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isLeaf(trees, next)) leaves++;
    else open.push(trees.left[next]!, trees.left[next]! + 1);
  }
  return leaves;
}

function legendOf({ meaning, classes }: OneTree): readonly LegendEntry[] | undefined {
  if (meaning !== 'shares' || classes!.length > 6) return undefined;
  return classes!.map((label, k) => ({ label: String(label), color: seriesColor(k), symbol: 'dot' }));
}
