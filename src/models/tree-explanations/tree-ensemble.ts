import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { ShapProblem } from '../../math/trees/tree-shap.ts';
import type { Trees } from '../../math/trees/trees.ts';
import type { ColumnCategories } from '../tree-categories.ts';

/** A fitted model whose prediction, or the score its prediction is taken from, is a sum over trees. */
export interface TreeEnsemble extends ShapProblem {
  /** The class of each output; null for a regressor. */
  readonly labels: readonly (Label | null)[];
  /** What the sums are: values or their logarithms, probabilities, or scores before the logistic function or the softmax. */
  readonly unit: 'value' | 'log' | 'probability' | 'score';
  /** Of the columns of categories. */
  readonly categories: readonly ColumnCategories[];
}

interface State {
  readonly trees: Trees;
  readonly baseline: Float64Array;
  readonly link?: 'identity' | 'log';
  readonly categories?: readonly ColumnCategories[];
}

type Reader = (state: State) => ShapProblem;

// The weight of a node is that of its training rows; in boosting it is their curvature, so rows are counted there, as LightGBM does.
const mean: Reader = ({ trees }) => ({
  trees,
  cover: trees.weight,
  scale: 1 / trees.roots.length,
  start: new Float64Array(trees.width),
});
const sum: Reader = ({ trees, baseline }) => ({ trees, cover: trees.samples, scale: 1, start: baseline });

const readers: Readonly<Record<string, Reader>> = {
  'decision-tree-classifier': mean,
  'decision-tree-regressor': mean,
  'extra-trees-classifier': mean,
  'extra-trees-regressor': mean,
  'gradient-boosting-classifier': sum,
  'gradient-boosting-ranker': sum,
  'gradient-boosting-regressor': sum,
  'random-forest-classifier': mean,
  'random-forest-regressor': mean,
};

/** @throws OptionError when the model is no sum of trees. */
export function treeEnsembleOf(model: FittedModel, method: string): TreeEnsemble {
  const { name } = model.specification;
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read === undefined) {
    const hint = name.startsWith('pipeline-')
      ? ' Give it the last step and the rows as the steps before transform them.'
      : '';
    throw new OptionError(
      'model/no-method',
      `${method} takes a fitted decision tree, random forest or gradient boosting, not ${name}.${hint}`,
      { model: name },
    );
  }
  const state = model.state as unknown as State;
  const problem = read(state);
  const classes = model.target.kind === 'classes' ? model.target.classes : undefined;
  const outputs = problem.start.length;
  // A single score of two classes is that of the second.
  const labels = classes === undefined ? [null] : outputs === 1 ? [classes.at(-1)!] : classes;
  return {
    ...problem,
    labels: labels.slice(0, outputs),
    unit: unitOf(state, classes !== undefined, read === sum),
    categories: state.categories ?? [],
  };
}

function unitOf({ link }: State, isClassifier: boolean, isScore: boolean): TreeEnsemble['unit'] {
  if (isClassifier) return isScore ? 'score' : 'probability';
  return link === 'log' ? 'log' : 'value';
}
