import { type FittedModel, type RowLike, rowNumbers } from '../../define/fitted.ts';
import { goesLeft, isLeaf } from '../../math/trees/trees.ts';
import { encodeRow } from '../tree-categories.ts';
import { pairWords } from './number-words.ts';
import { categoryWords, nodeWords, type OneTree, oneTree, setWords, valuesOf } from './one-tree.ts';

export interface DecisionStep {
  readonly column: string;
  /** NaN when missing; of a column of categories the code of its level, NaN for an unknown one. */
  readonly value: number;
  /** Values up to it go left; +Infinity where only missing ones go right, NaN where a set of categories goes left. */
  readonly threshold: number;
  readonly side: 'left' | 'right';
  /** `area 1,970 > 1,500`. */
  readonly text: string;
}

export interface DecisionPath {
  readonly steps: readonly DecisionStep[];
  /** Training rows in the leaf. */
  readonly samples: number;
  /** What the leaf says: the mean of its rows, the share of each class, or what the tree adds to the score. */
  readonly values: Float64Array;
  /** `area 1,970 > 1,500 → quality 5 ≤ 6.5 → 216,000 (n = 120)`. */
  readonly text: string;
}

export interface DecisionPathOptions {
  /** Which tree of a forest or of boosting (where K classes take turns, tree t is about class t mod K). Default 0. */
  readonly tree?: number | undefined;
}

/**
 * The way of a row from the root of a tree to its leaf, in words.
 * @throws OptionError when the model is no decision tree, random forest or gradient boosting, or has not that many trees;
 *   DataError when the row does not suit the model.
 */
export function decisionPath(
  model: FittedModel,
  row: RowLike,
  { tree = 0 }: DecisionPathOptions = {},
): DecisionPath {
  const one = oneTree(model, tree, 'decisionPath');
  const { trees, names } = one;
  const numbers = encodeRow(one.categories, rowNumbers(model, row));
  const steps: DecisionStep[] = [];
  let node = one.root;
  while (!isLeaf(trees, node)) {
    const value = numbers[trees.feature[node]!]!;
    const threshold = trees.threshold[node]!;
    const isLeft = goesLeft(trees, node, value);
    const side = isLeft ? 'left' : 'right';
    const column = names[trees.feature[node]!]!;
    const condition = setCondition(one, node, value, side) ?? conditionWords(value, threshold, isLeft);
    steps.push({ column, value, threshold, side, text: `${column} ${condition}` });
    node = trees.left[node]! + (isLeft ? 0 : 1);
  }
  const samples = trees.samples[node]!;
  const said = nodeWords(one, node);
  const end = `${one.meaning === 'addend' ? `${said} to ${one.target}` : said} (n = ${samples.toLocaleString('en')})`;
  return {
    ...{ steps, samples, values: valuesOf(one, node).slice() },
    text: [...steps.map((step) => step.text), end].join(' → '),
  };
}

/** `UA, one of AA, UA or 3 others`; undefined for a split by a threshold. */
function setCondition(one: OneTree, node: number, value: number, side: 'left' | 'right'): string | undefined {
  const words = setWords(one, node, side);
  if (words === undefined) return undefined;
  const own = one.categories.find(({ column }) => column === one.trees.feature[node])!;
  if (Number.isNaN(value)) return `missing or unknown, as if ${words}`;
  const shown = categoryWords(own, value);
  return shown === words ? shown : `${shown}, one of ${words}`;
}

function conditionWords(value: number, threshold: number, goesLeft: boolean): string {
  if (Number.isNaN(value)) {
    if (threshold === Number.POSITIVE_INFINITY) return 'missing';
    return `missing, as if ${goesLeft ? '≤' : '>'} ${pairWords(threshold, threshold)[0]}`;
  }
  if (threshold === Number.POSITIVE_INFINITY) return `${pairWords(value, value)[0]}, not missing`;
  const [shown, bound] = pairWords(value, threshold);
  return `${shown} ${goesLeft ? '≤' : '>'} ${bound}`;
}
