import { DataError } from '../../core/errors.ts';
import { type Frame, takeColumn } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { kFold } from '../../data/split/k-fold.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { randomForestRegressor } from '../../models/random-forest/random-forest-regressor.ts';
import { crossValPredict } from '../../select/cross-validate/cross-val-predict.ts';
import { prepareTable } from '../../select/prepare-table.ts';
import { exceeds } from '../drift/missing-drift.ts';
import { upperNormal } from './upper-normal.ts';

/** The mean absolute error to be expected of a regressor, before labels come. */
export interface EstimatedLoss {
  /** Rows of the window, and labelled rows that the estimate learned from. */
  readonly rows: { readonly current: number; readonly labelled: number };
  /** Estimated, with a 95% interval. */
  readonly mae: number;
  readonly interval: readonly [number, number];
  /** Of the labelled rows. */
  readonly before: number;
  /** Share of the variance of single errors that the columns explain (cross-validated R²): at 0 the estimate cannot move. */
  readonly skill: number;
  /** Relative rise, what chance gives, and what matters. */
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
  readonly drifted: boolean;
}

/** Rows that a regressor predicted: its features, and what it said. */
export interface PredictedRows {
  readonly rows: Frame;
  readonly predictions: Float64Array;
}

/** Fewest labelled rows to learn from. */
export const LEAST_LABELLED = 200;
const MOST_LABELLED = 5000;
const MOST_CURRENT = 20_000;
const Z95 = 1.96;

/**
 * Direct loss estimation: a random forest learns |error| from the features and the prediction of labelled rows, and predicts the
 * errors of rows without a label. Like confidence-based estimation it sees rows that move to where the model errs more, and
 * cannot see that the same rows now have other answers.
 * @param labelled With the truth: rows that the model was not trained on, before the window.
 * @param tail Probability that it alarms without drift.
 * @throws DataError with fewer than 200 labelled rows; AbortError.
 */
export async function estimateLoss(
  labelled: PredictedRows & { readonly truth: Float64Array },
  current: PredictedRows,
  threshold: number,
  tail: number,
  job: Pick<JobOptions, 'signal' | 'threads'> & { readonly randomState?: number } = {},
): Promise<EstimatedLoss> {
  const { randomState = 0, ...how } = job;
  if (labelled.truth.length < LEAST_LABELLED) {
    throw new DataError(
      'data/too-few-rows',
      `${labelled.truth.length} labelled rows: estimating errors needs at least ${LEAST_LABELLED}.`,
      { rows: labelled.truth.length },
    );
  }
  const random = new RandomState(randomState);
  const learned = sample(random, labelled.truth.length, MOST_LABELLED);
  const shown = sample(random, current.predictions.length, MOST_CURRENT);
  const x = withPrediction(labelled, learned);
  const errors = Float64Array.from(learned, (i) => Math.abs(labelled.truth[i]! - labelled.predictions[i]!));
  const forest = randomForestRegressor({
    nEstimators: 60,
    minSamplesLeaf: 15,
    maxFeatures: 0.5,
    randomState,
  });
  const prepared = prepareTable(x, forest);
  const features = x.select(prepared.features);
  const guessed = await crossValPredict(prepared.specification, features, errors, {
    cv: kFold({ nSplits: 5, shuffle: true, randomState }),
    ...how,
  });
  const model = (await prepared.specification.fit(features, errors, how)) as FittedRegressor;
  const expected = await model.predict(withPrediction(current, shown).select(prepared.features), how);
  const rest = errors.map((error, i) => error - guessed[i]!);
  const before = meanOf(errors);
  // What the forest misses on average on rows it did not see is added back.
  const mae = meanOf(expected) + meanOf(rest);
  const n = current.predictions.length;
  const left = varianceOf(rest);
  const known = varianceOf(errors) / errors.length;
  // Of the labelled rows' own luck, of what the window's rows expect, and of their luck.
  const error = Z95 * Math.sqrt(known + (varianceOf(expected) + left) / n);
  const unit = before || Number.MIN_VALUE;
  const effect = (mae - before) / unit;
  const nullQuantile = (upperNormal(tail) * Math.sqrt(varianceOf(guessed) / n + known)) / unit;
  return {
    rows: { current: n, labelled: labelled.truth.length },
    ...{ mae, before, effect, nullQuantile, threshold },
    interval: [Math.max(0, mae - error), mae + error],
    skill: 1 - left / (varianceOf(errors) || Number.MIN_VALUE),
    drifted: exceeds(effect, nullQuantile, threshold),
  };
}

function sample(random: RandomState, rows: number, most: number): Int32Array {
  return rows <= most
    ? Int32Array.from({ length: rows }, (_, i) => i)
    : random.permutation(rows).slice(0, most);
}

/** The model's own answer is a column too: large answers tend to have large errors. */
function withPrediction({ rows, predictions }: PredictedRows, picked: Int32Array): Frame {
  let name = 'prediction';
  while (rows.has(name)) name += '_';
  const column = takeColumn({ kind: 'number', values: predictions }, picked);
  return rows.take(picked).with(name, column);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
}
