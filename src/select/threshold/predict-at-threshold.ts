import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { TableLike } from '../../core/table.ts';
import type { FittedClassifier } from '../../define/define-classifier.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import { labelsAtThreshold } from '../../metrics/decision-threshold.ts';

/**
 * Predicts the positive class where its probability is at least `threshold`, else the other one.
 * @param tuned A threshold with its class, such as the result of tuneThreshold.
 * @throws OptionError when the model has another number of classes than two or does not know the positive one.
 */
export async function predictAtThreshold<L extends Label>(
  model: FittedClassifier<L>,
  x: TableLike,
  tuned: { readonly threshold: number; readonly positiveClass: L },
  options?: PredictOptions,
): Promise<L[]> {
  const { classes } = model;
  const positive = classes.indexOf(tuned.positiveClass);
  if (classes.length !== 2 || positive < 0) {
    throw new OptionError(
      'option/invalid',
      `The threshold is for the class ${JSON.stringify(tuned.positiveClass)} of two; the model has the classes ${JSON.stringify(classes.slice(0, 10))}.`,
      { option: 'positiveClass' },
    );
  }
  const probabilities = await model.predictProba(x, options);
  return labelsAtThreshold(probabilities.column(positive), tuned.threshold, classes, positive);
}
