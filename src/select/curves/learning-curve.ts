import { OptionError } from '../../core/errors.ts';
import { RandomState } from '../../core/random.ts';
import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Specification } from '../../define/specification.ts';
import {
  requireAnySuccess,
  type ScoringOptions,
  scoringOptionNames,
} from '../cross-validate/cross-validate.ts';
import { divideRows } from '../cross-validate/divide-rows.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import { encodeRows, type Target } from '../cross-validate/labelled-rows.ts';
import { runFolds } from '../cross-validate/run-folds.ts';
import { resolveScoring } from '../cross-validate/scoring.ts';
import { shareRows } from '../cross-validate/share-rows.ts';
import { type ScoreTable, scoreTable } from './score-table.ts';

export interface LearningCurveOptions extends Omit<ScoringOptions, 'returnTrainScore'> {
  /** Shares of the training rows (above 0, at most 1) or counts. Default 0.1, 0.325, 0.55, 0.775, 1. */
  readonly trainSizes?: readonly number[] | undefined;
  /** Whether rows are drawn at random; else the first ones of each fold's training rows are taken. Default false. */
  readonly shuffle?: boolean | undefined;
  /** Seed of the draw, with `shuffle`; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
}

export interface LearningCurve {
  /** Training rows, ascending. */
  readonly trainSizes: Int32Array;
  readonly testScores: ScoreTable;
  readonly trainScores: ScoreTable;
  /** One row per size, one number per fold. */
  readonly fitSeconds: readonly Float64Array[];
}

/**
 * Scores on training and test rows for growing numbers of training rows, as scikit-learn's `learning_curve`: whether more data
 * would help.
 * @throws OptionError for sizes that the folds do not allow; else as crossValidate.
 */
export async function learningCurve(
  specification: Specification,
  x: TableLike,
  y: Target,
  options: LearningCurveOptions = {},
): Promise<LearningCurve> {
  const own = ['trainSizes', 'shuffle', 'randomState'];
  const shared = scoringOptionNames.filter((name) => name !== 'returnTrainScore');
  requireKnownOptions('learningCurve', options, [...own, ...shared]);
  const { trainSizes = [0.1, 0.325, 0.55, 0.775, 1], shuffle = false, randomState = 0 } = options;
  const data = await encodeRows(specification, x, y, options);
  const scoring = resolveScoring(specification, options.scoring);
  const splits = await divideRows(data, options);
  const sizes = countsOf(trainSizes, Math.min(...splits.map(({ train }) => train.length)));
  const random = new RandomState(shuffle ? randomState : 0);
  const ordered = splits.map(({ train, test }) => ({
    train: shuffle ? random.permutation(train) : train,
    test,
  }));
  const width = sizes.length * splits.length;
  const runner = new FoldRunner({ ...options, data, scoring, returnTrainScore: true, width });
  const outcomes = await runFolds(
    runner,
    Array.from(sizes).flatMap((size) =>
      ordered.map((split) => ({ specification, split: firstRows(split, size) })),
    ),
    options,
  );
  requireAnySuccess(specification.name, outcomes);
  const metrics = scoring.map(({ name }) => name);
  return {
    trainSizes: sizes,
    testScores: scoreTable(metrics, 'testScores', outcomes, splits.length),
    trainScores: scoreTable(metrics, 'trainScores', outcomes, splits.length),
    fitSeconds: Array.from(sizes, (_, i) =>
      Float64Array.from(splits, (_, fold) => outcomes[i * splits.length + fold].fitSeconds),
    ),
  };
}

function firstRows({ train, test }: Split, size: number): Split {
  return { train: size === train.length ? train : shareRows(train.subarray(0, size)), test };
}

/** Shares are rounded down to counts; equal counts are taken once. */
function countsOf(trainSizes: readonly number[], most: number): Int32Array {
  const counts = trainSizes.map((size) => {
    const isShare = size > 0 && size <= 1 && (size < 1 || trainSizes.every((other) => other <= 1));
    const count = isShare ? Math.floor(size * most) : size;
    if (Number.isInteger(count) && count >= 1 && count <= most) return count;
    throw new OptionError(
      'option/invalid',
      `trainSizes holds ${size}, but the folds have ${most} training rows: give counts from 1 to ${most}, or shares up to 1.`,
      { option: 'trainSizes', size },
    );
  });
  if (counts.length === 0)
    throw new OptionError('option/invalid', 'trainSizes is empty.', { option: 'trainSizes' });
  return Int32Array.from(new Set(counts)).sort();
}
