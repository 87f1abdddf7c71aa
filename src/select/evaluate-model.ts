import type { Column } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { TableLike } from '../core/table.ts';
import type { FittedClassifier } from '../define/define-classifier.ts';
import type { FittedRegressor } from '../define/define-regressor.ts';
import type { PredictOptions } from '../define/fit-options.ts';
import {
  type ClassificationEvaluation,
  evaluateClassification,
  evaluateRegression,
  type RegressionEvaluation,
} from '../metrics/evaluate.ts';
import { type Predictions, predictTable } from './predict-table.ts';
import { labelsOf, numbersOf } from './target-values.ts';

export type Predictor = FittedRegressor | FittedClassifier;
export type Metrics = RegressionEvaluation | ClassificationEvaluation<Label>;

export interface Evaluation {
  readonly metrics: Metrics;
  readonly predictions: Predictions;
}

/**
 * Predicts `x` and compares with the truth.
 * @param target One value a row, none missing.
 * @throws DataError for columns or a target that do not suit the model.
 */
export async function evaluateModel(
  model: Predictor,
  x: TableLike,
  target: Column,
  { sampleWeight, ...how }: PredictOptions & { readonly sampleWeight?: Float64Array | undefined } = {},
): Promise<Evaluation> {
  const predictions = await predictTable(model, x, how);
  if (predictions.kind === 'regression') {
    const metrics = evaluateRegression(numbersOf(target), predictions.values, { sampleWeight });
    return { metrics, predictions };
  }
  const { values: predicted, probabilities, classes } = predictions;
  const positiveClass = (model as FittedClassifier).positiveClass ?? undefined;
  const metrics = evaluateClassification<Label>(labelsOf(target), {
    ...{ predicted, probabilities, classes, positiveClass, sampleWeight },
  });
  return { metrics, predictions };
}
