import { inSlices } from '../../core/slices.ts';
import { meanOf } from '../drift/describe-change.ts';
import { exceeds } from '../drift/missing-drift.ts';
import type { ReferenceSummary } from '../drift/summarise-reference.ts';
import { type ExpectedScores, expectedScores } from './expected-scores.ts';
import { upperNormal } from './upper-normal.ts';

/** What the performance of a classifier may be expected to be, before labels come. */
export interface EstimatedPerformance {
  readonly rows: number;
  /** By the probabilities alone: right as far as these are calibrated. */
  readonly expected: ExpectedScores;
  /** Accuracy on the test rows of the training, and the mean confidence there; null where the model file does not say. */
  readonly training: { readonly accuracy: number; readonly confidence: number } | null;
  /**
   * Test accuracy + (mean confidence now − mean confidence then): what is wrong with the probabilities on both sides cancels. With
   * a 95% interval. Equal to the expected accuracy where the training does not say.
   */
  readonly accuracy: number;
  readonly interval: readonly [number, number];
  /** By how much confidence fell, what chance gives, and what matters. */
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
  readonly drifted: boolean;
}

export interface EstimateInput {
  readonly probabilities: readonly (readonly number[])[];
  readonly predicted: Int32Array;
  readonly classes: number;
  readonly positive: number | null;
  readonly trainingAccuracy: number | undefined;
  /** Column `confidence` over the test rows. */
  readonly predictedThen: ReferenceSummary | undefined;
}

/** Most rows that scores are expected of at once; beyond, a systematic sample says the same to two digits. */
const MOST_ROWS = 10_000;

/**
 * Confidence-based performance estimation of a window. It sees what the probabilities see: rows that move to where the model
 * is less sure. It cannot see that the same rows now have other answers (concept drift); labels alone show that.
 * @param tail Probability that it alarms without drift.
 */
export async function estimatePerformance(
  { probabilities, predicted, classes, positive, trainingAccuracy, predictedThen }: EstimateInput,
  threshold: number,
  tail: number,
): Promise<EstimatedPerformance> {
  const rows = probabilities.length;
  let sum = 0;
  let squares = 0;
  let variance = 0;
  await inSlices(rows, 10_000, (from, to) => {
    for (let i = from; i < to; i++) {
      const confidence = probabilities[i][predicted[i]];
      sum += confidence;
      squares += confidence ** 2;
      variance += confidence * (1 - confidence);
    }
  });
  const step = Math.ceil(rows / MOST_ROWS);
  const sampled = <T>(values: ArrayLike<T>): T[] =>
    Array.from({ length: Math.ceil(rows / step) }, (_, i) => values[i * step]);
  const expected = expectedScores(sampled(probabilities), sampled(predicted), classes, positive);
  const confidence = sum / rows;
  const ofMean = Math.max(0, squares / rows - confidence ** 2) / rows;
  const then = predictedThen?.columns.find(({ name }) => name === 'confidence');
  const known = then !== undefined && 'means' in then && then.present > 0 && trainingAccuracy !== undefined;
  const training = known ? { accuracy: trainingAccuracy, confidence: meanOf(then) } : null;
  const accuracy = training === null ? confidence : training.accuracy + confidence - training.confidence;
  const before = known ? then.deviation ** 2 / then.present : 0;
  const testError = training === null ? 0 : (training.accuracy * (1 - training.accuracy)) / then!.present;
  // Of the rows' own luck, of the mean confidence then, and of the test accuracy.
  const error = 1.96 * Math.sqrt(variance / rows ** 2 + before + testError);
  const effect = training === null ? 0 : training.confidence - confidence;
  const nullQuantile = upperNormal(tail) * Math.sqrt(ofMean + before);
  return {
    rows,
    expected: { ...expected, accuracy: confidence, accuracyError: Math.sqrt(variance) / rows },
    training,
    accuracy: Math.min(1, Math.max(0, accuracy)),
    interval: [Math.max(0, accuracy - error), Math.min(1, accuracy + error)],
    effect,
    nullQuantile,
    threshold,
    drifted: exceeds(effect, nullQuantile, threshold),
  };
}
