import { OptionError } from '../../core/errors.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { codesOfSet } from '../../math/trees/category-sets.ts';
import type { Trees } from '../../math/trees/trees.ts';
import { type ColumnCategories, levelsOfCode } from '../tree-categories.ts';
import { numberWords, signedWords } from './number-words.ts';
import { treeEnsembleOf } from './tree-ensemble.ts';

/** One tree of a model, with what its numbers mean. */
export interface OneTree {
  readonly trees: Trees;
  readonly tree: number;
  readonly root: number;
  /** Names of the columns. */
  readonly names: readonly string[];
  readonly classes: readonly unknown[] | undefined;
  /** `value`: a prediction; `shares` of the classes; `addend`: what the tree adds, known for leaves only. */
  readonly meaning: 'value' | 'shares' | 'addend';
  /** What a tree of boosting adds to. */
  readonly target: string;
  readonly categories: readonly ColumnCategories[];
}

/** @throws OptionError when the model has no trees, or not that many. */
export function oneTree(model: FittedModel, tree: number, method: string): OneTree {
  const { trees, labels, unit, categories } = treeEnsembleOf(model, method);
  const count = trees.roots.length;
  if (!(Number.isInteger(tree) && tree >= 0 && tree < count)) {
    throw new OptionError(
      'option/invalid',
      `${method}: tree must be a whole number from 0 to ${count - 1}, not ${tree}.`,
      { option: 'tree' },
    );
  }
  const isBoosted = model.specification.name.startsWith('gradient-boosting-');
  const label = labels[tree % labels.length];
  return {
    ...{ trees, tree, categories, root: trees.roots[tree]! },
    names: model.schema.names ?? Array.from({ length: model.schema.columns }, (_, j) => `x${j}`),
    classes: model.target.kind === 'classes' ? model.target.classes : undefined,
    meaning: isBoosted ? 'addend' : unit === 'value' ? 'value' : 'shares',
    target:
      unit === 'score'
        ? `the score of ${String(label)}`
        : unit === 'log'
          ? 'the logarithm of the prediction'
          : 'the prediction',
  };
}

/** The values of a node. */
export function valuesOf({ trees }: OneTree, node: number): Float64Array {
  return trees.values.subarray(node * trees.width, (node + 1) * trees.width);
}

/** What a node says in short: `216,000`, `setosa 98%`, `+0.3127`. */
export function nodeWords(one: OneTree, node: number): string {
  const values = valuesOf(one, node);
  if (one.meaning === 'value') return numberWords(values[0]!);
  if (one.meaning === 'addend') return signedWords(values[0]!);
  const best = values.indexOf(Math.max(...values));
  return `${String(one.classes![best])} ${numberWords(Math.round(1000 * values[best]!) / 10)}%`;
}

/** Categories that are named in a sentence; of more only how many there are. */
const SHOWN_CATEGORIES = 4;

/** The levels that a split by category sends left or right, `AA, UA or 3 others`; undefined for a split by a threshold. */
export function setWords(one: OneTree, node: number, side: 'left' | 'right'): string | undefined {
  const { sets, feature } = one.trees;
  const start = sets?.starts[node] ?? -1;
  const own = one.categories.find(({ column }) => column === feature[node]);
  if (start < 0 || own === undefined) return undefined;
  const left = new Set(codesOfSet(sets!, start));
  const codes = [...new Set(own.codes)].sort((a, b) => a - b);
  const chosen = codes.filter((code) => left.has(code) === (side === 'left'));
  const levels = chosen.flatMap((code) => levelsOfCode(own, code)).map(String);
  if (levels.length === 0) return 'none';
  const others = levels.length - SHOWN_CATEGORIES;
  const shown = others > 1 ? levels.slice(0, SHOWN_CATEGORIES) : levels;
  const last = others > 1 ? `${others.toLocaleString('en')} others` : shown.pop()!;
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}

/** A code as the level that it stands for; the rare ones that share it are told together. */
export function categoryWords(own: ColumnCategories, code: number): string {
  const levels = levelsOfCode(own, code).map(String);
  return levels.length === 1 ? levels[0]! : 'rare';
}
