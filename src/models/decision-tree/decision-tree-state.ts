import { OptionError } from '../../core/errors.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { DecisionTreeState } from './tree-attributes.ts';

/** @throws OptionError when the model is no decision tree. */
export function decisionTreeState(model: FittedModel, method: string): DecisionTreeState {
  const { name } = model.specification;
  if (name === 'decision-tree-classifier' || name === 'decision-tree-regressor') {
    return model.state as DecisionTreeState;
  }
  throw new OptionError('model/no-method', `${method} takes a fitted decision tree, not ${name}.`, {
    model: name,
  });
}
