import { JobError, OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Specification } from '../../define/specification.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { type DivideOptions, divideRows } from './divide-rows.ts';
import type { FittedBy } from './fitted-by.ts';
import { foldModel } from './fold-model.ts';
import { type ErrorScore, type FoldOutcome, FoldRunner } from './fold-runner.ts';
import { type FoldScores, foldScores } from './fold-scores.ts';
import { requireKnownOptions } from './known-options.ts';
import { encodeRows, type LabelledRows, type RowOptions, type Target } from './labelled-rows.ts';
import { runFolds } from './run-folds.ts';
import { resolveScoring, type Scoring } from './scoring.ts';

/** How to judge a specification by folds. */
export interface ScoringOptions extends RowOptions, DivideOptions, JobOptions {
  /** Metrics by name (`'r2'`, `'rocAuc'`) or scorers of your own. Default: `r2` for a regressor, `accuracy` for a classifier. */
  readonly scoring?: Scoring | undefined;
  /** Whether the training rows are scored as well. Default false. */
  readonly returnTrainScore?: boolean | undefined;
  /** What a failed fit or metric counts as; default NaN. `'raise'` throws the error. */
  readonly errorScore?: ErrorScore | undefined;
}

export interface CrossValidateOptions<M extends boolean = boolean> extends ScoringOptions {
  /** Whether the fitted model of each fold is returned. Default false. */
  readonly returnModels?: M | undefined;
}

export interface CrossValidationResult<Models = unknown> extends FoldScores {
  readonly fitSeconds: Float64Array;
  readonly scoreSeconds: Float64Array;
  /** Why fits or metrics failed, by fold. */
  readonly errors: readonly { readonly fold: number; readonly message: string }[];
  /** Row numbers of each fold. */
  readonly splits: readonly Split[];
  /** With `returnModels`: the fitted models by fold, undefined where the fit failed; else undefined. */
  readonly models: Models;
}

export const scoringOptionNames = [
  ...['cv', 'scoring', 'returnTrainScore', 'errorScore', 'groups', 'time', 'sampleWeight', 'positiveClass'],
  ...['threads', 'signal', 'onProgress', 'onWarning'],
];

/**
 * Fits a specification once per fold on the rows outside the fold and scores it on the rows within, as scikit-learn's
 * `cross_validate`. Folds run in parallel as jobs over one copy of the data; the scores are the same for any number of threads.
 * `sampleWeight` counts in fits and in scores.
 * @throws DataError, OptionError, AbortError; JobError when every fold fails.
 */
export async function crossValidate<Spec extends Specification, Y extends Target, M extends boolean = false>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: CrossValidateOptions<M> = {},
): Promise<CrossValidationResult<M extends true ? readonly (FittedBy<Spec, Y> | undefined)[] : undefined>> {
  requireKnownOptions('crossValidate', options, [...scoringOptionNames, 'returnModels']);
  const data = await encodeRows(specification, x, y, options);
  return (await crossValidateRows(specification, data, await divideRows(data, options), options)) as never;
}

/** {@link crossValidate} for data that are coded and divided already. */
export async function crossValidateRows(
  specification: Specification,
  data: LabelledRows,
  splits: readonly Split[],
  options: CrossValidateOptions,
): Promise<CrossValidationResult> {
  const { returnTrainScore = false, returnModels = false } = options;
  const scoring = resolveScoring(specification, options.scoring);
  const runner = new FoldRunner({ ...options, data, scoring, width: splits.length });
  const outcomes = await runFolds(
    runner,
    splits.map((split) => ({ specification, split, returnState: returnModels })),
    options,
  );
  requireAnySuccess(specification.name, outcomes);
  return {
    ...foldScores(scoring, outcomes, returnTrainScore),
    fitSeconds: Float64Array.from(outcomes, ({ fitSeconds }) => fitSeconds),
    scoreSeconds: Float64Array.from(outcomes, ({ scoreSeconds }) => scoreSeconds),
    errors: outcomes.flatMap(({ error }, fold) => (error === undefined ? [] : [{ fold, message: error }])),
    splits,
    models: returnModels
      ? outcomes.map((outcome, fold) => foldModel(specification, data, splits[fold].train.length, outcome))
      : undefined,
  };
}

/** Nothing but failures is no result: a wrong option or unfit data fail in every fold alike. */
export function requireAnySuccess(model: string, outcomes: readonly FoldOutcome[]): void {
  if (outcomes.length === 0 || outcomes.some(({ failed }) => !failed)) return;
  throw new JobError(
    'select/all-folds-failed',
    `${model} failed in all ${outcomes.length} folds. The first says: ${outcomes[0].error}`,
    { model, folds: outcomes.length },
  );
}

/**
 * The test scores of one metric, one a fold: {@link crossValidate} without the rest.
 * @throws as crossValidate, and OptionError when several metrics are asked for.
 */
export async function crossValScore(
  specification: Specification,
  x: TableLike,
  y: Target,
  options: Omit<ScoringOptions, 'returnTrainScore'> = {},
): Promise<Float64Array> {
  const [scorer, ...others] = resolveScoring(specification, options.scoring);
  if (others.length > 0) {
    throw new OptionError(
      'option/invalid',
      'crossValScore computes one metric; take crossValidate for several.',
      { option: 'scoring' },
    );
  }
  const { testScores } = await crossValidate(specification, x, y, options);
  return testScores[scorer.name];
}
