import { DataError, OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import type { FittedRegressor, RegressorSpecification } from '../../define/define-regressor.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import type { NumericTarget } from '../../define/targets.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { conformalBounds, coverageRank, sortedResiduals } from '../../models/conformal/conformal-bounds.ts';
import { type DivideOptions, divideRows } from '../cross-validate/divide-rows.ts';
import { foldModel } from '../cross-validate/fold-model.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import { encodeRows, type LabelledRows, type RowOptions } from '../cross-validate/labelled-rows.ts';
import { requirePartition } from '../cross-validate/require-partition.ts';
import { runFolds } from '../cross-validate/run-folds.ts';
import { shareRows } from '../cross-validate/share-rows.ts';

export interface ConformalOptions extends Omit<RowOptions, 'positiveClass'>, DivideOptions, JobOptions {
  /**
   * `cv+`: one model per fold, every row calibrates the model that did not see it (default). `split`: one model, calibrated on
   * rows set aside.
   */
  readonly method?: 'cv+' | 'split' | undefined;
  /** Share (or count) of rows set aside by `split`. Default 0.25. */
  readonly calibrationSize?: number | undefined;
  /** Seed of the rows set aside; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
}

/** Predictions with intervals, one number a row each. */
export interface Intervals {
  readonly prediction: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Models with the errors that calibrate their intervals. */
export interface ConformalRegressor<A extends object = object> {
  readonly method: 'cv+' | 'split';
  /** One, or one per fold. */
  readonly models: readonly FittedRegressor<A>[];
  /** Absolute errors on rows that the model did not see, ascending, one list per model. */
  readonly residuals: readonly Float64Array[];
  /**
   * Predictions (with `cv+` the mean of the models) and intervals that hold the truth with probability `coverage`.
   * @param options.coverage Above 0 and below 1; default 0.9.
   * @throws OptionError for another coverage; DataError when it is higher than so few calibration rows allow.
   */
  predict(
    x: TableLike,
    options?: PredictOptions & { readonly coverage?: number | undefined },
  ): Promise<Intervals>;
}

const optionNames = [
  ...['method', 'calibrationSize', 'randomState', 'cv', 'groups', 'time', 'sampleWeight'],
  ...['threads', 'signal', 'onProgress', 'onWarning'],
];

/**
 * Prediction intervals for any regressor that hold without assumptions on the errors, as long as new rows come like the old ones
 * (exchangeable). `split` (Lei et al., "Distribution-free predictive inference for regression", 2018) covers at least the wished
 * share; `cv+` (Barber et al., "Predictive inference with the jackknife+", 2021) learns from all rows, covers about that share and at
 * least 1 − 2(1 − coverage) of it in theory.
 * `conformalRegressor` is a model that does the same and can be saved.
 * @throws OptionError for unfit options or folds that do not hold every row once; DataError for several targets; what a fit throws.
 */
export async function conformalIntervals<A extends object, M extends object>(
  specification: RegressorSpecification<A, M>,
  x: TableLike,
  y: NumericTarget,
  options: ConformalOptions = {},
): Promise<ConformalRegressor<A>> {
  requireKnownOptions('conformalIntervals', options, optionNames);
  const { method = 'cv+' } = options;
  if (method !== 'cv+' && method !== 'split') {
    throw new OptionError('option/invalid', `method is 'cv+' or 'split', got ${JSON.stringify(method)}.`, {
      option: 'method',
    });
  }
  const data = await encodeRows(specification, x, y, options);
  if (data.targets !== 1) {
    throw new DataError(
      'data/several-targets',
      `Intervals are for one target, but y has ${data.targets} columns.`,
      {
        targets: data.targets,
      },
    );
  }
  const splits = method === 'split' ? [setAside(data, options)] : await divideRows(data, options);
  if (method === 'cv+') requirePartition(splits, data.rows);
  const runner = new FoldRunner({ ...options, data, scoring: [], errorScore: 'raise', width: splits.length });
  const outcomes = await runFolds(
    runner,
    splits.map((split) => ({ specification, split, outputs: ['predict'] as const, returnState: true })),
    options,
  );
  const models = outcomes.map(
    (outcome, i) => foldModel(specification, data, splits[i].train.length, outcome) as FittedRegressor<A>,
  );
  const residuals = outcomes.map(({ outputs }, i) =>
    sortedResiduals(
      Float64Array.from(splits[i].test, (row) => data.y[row]),
      outputs.predict as Float64Array,
    ),
  );
  return {
    ...{ method, models, residuals },
    predict: (xNew, { coverage = 0.9, ...how } = {}) =>
      predictIntervals(models, residuals, xNew, coverage, how),
  };
}

function setAside({ rows, groups }: LabelledRows, options: ConformalOptions): Split {
  const { calibrationSize: testSize = 0.25, randomState = 0, time } = options;
  const { train, test } = trainTestIndices(rows, { testSize, randomState, groups, time });
  return { train: shareRows(train), test: shareRows(test) };
}

async function predictIntervals(
  models: readonly FittedRegressor[],
  residuals: readonly Float64Array[],
  x: TableLike,
  coverage: number,
  how: PredictOptions,
): Promise<Intervals> {
  coverageRank(
    coverage,
    residuals.reduce((sum, list) => sum + list.length, 0),
  );
  const predictions: Float64Array[] = [];
  for (const model of models) predictions.push(await model.predict(x, how));
  const bounds = conformalBounds(predictions, residuals, coverage);
  const ofRow = (value: (i: number) => number) => Float64Array.from(predictions[0], (_, i) => value(i));
  return {
    prediction: ofRow((i) => predictions.reduce((sum, values) => sum + values[i], 0) / predictions.length),
    lower: ofRow((i) => bounds[2 * i]),
    upper: ofRow((i) => bounds[2 * i + 1]),
  };
}
