import type { Label } from '../core/labels.ts';
import type { Matrix } from '../core/matrix.ts';
import type { TableLike } from '../core/table.ts';
import type { FittedClassifier } from '../define/define-classifier.ts';
import type { FittedRegressor } from '../define/define-regressor.ts';
import type { PredictOptions } from '../define/fit-options.ts';
import { hasScoreMemory } from '../define/many-classes.ts';
import { hasMethod } from '../define/run.ts';

/** What a model says of each row. */
export type Predictions = RegressionPredictions | ClassificationPredictions;

export interface RegressionPredictions {
  readonly kind: 'regression';
  readonly values: Float64Array;
  /** Rows × 2, lower and upper bound; absent when the model gives none. */
  readonly intervals?: Matrix;
}

export interface ClassificationPredictions {
  readonly kind: 'classification';
  readonly values: readonly Label[];
  readonly classes: readonly Label[];
  /** Rows × classes; absent when the model gives none, or memory does not hold those of so many classes. */
  readonly probabilities: Matrix | undefined;
}

/** Predictions, and probabilities or intervals where the model has them. @throws DataError naming a column that is missing or unfit. */
export async function predictTable(
  model: FittedRegressor | FittedClassifier,
  x: TableLike,
  options: PredictOptions = {},
): Promise<Predictions> {
  const { definition, options: own } = model.specification;
  if (model.kind === 'regressor') {
    const values = await model.predict(x, options);
    if (!hasMethod(definition, 'predictInterval', own)) return { kind: 'regression', values };
    return { kind: 'regression', values, intervals: await model.predictInterval(x, options) };
  }
  const values = await model.predict(x, options);
  const canHold = hasScoreMemory(values.length, model.classes.length);
  const probabilities =
    canHold && hasMethod(definition, 'predictProba', own) ? await model.predictProba(x, options) : undefined;
  return { kind: 'classification', values, classes: model.classes, probabilities };
}
