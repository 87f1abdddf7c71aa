import type { TableLike } from '../../core/table.ts';
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
import { gridCandidates } from '../search/grid-search.ts';
import { withOptions } from '../search/option-paths.ts';
import type { ParamValue } from '../search/search-spaces.ts';
import { type ScoreTable, scoreTable } from './score-table.ts';

export interface ValidationCurveOptions extends Omit<ScoringOptions, 'returnTrainScore'> {
  /** Path of the option to vary, e.g. `alpha` or `ridge.alpha`. */
  readonly option: string;
  readonly values: readonly ParamValue[];
}

export interface ValidationCurve {
  readonly values: readonly ParamValue[];
  readonly testScores: ScoreTable;
  readonly trainScores: ScoreTable;
}

/**
 * Scores on training and test rows for several values of one option, as scikit-learn's `validation_curve`: where a model begins
 * to learn by heart.
 * @throws OptionError for an option or value that does not exist; else as crossValidate.
 */
export async function validationCurve(
  specification: Specification,
  x: TableLike,
  y: Target,
  options: ValidationCurveOptions,
): Promise<ValidationCurve> {
  const shared = scoringOptionNames.filter((name) => name !== 'returnTrainScore');
  requireKnownOptions('validationCurve', options, ['option', 'values', ...shared]);
  const { option, values } = options;
  const candidates = gridCandidates(specification, { [option]: values });
  const data = await encodeRows(specification, x, y, options);
  const scoring = resolveScoring(specification, options.scoring);
  const splits = await divideRows(data, options);
  const width = candidates.length * splits.length;
  const runner = new FoldRunner({ ...options, data, scoring, returnTrainScore: true, width });
  const outcomes = await runFolds(
    runner,
    candidates.flatMap((candidate) => {
      const changed = withOptions(specification, candidate);
      return splits.map((split) => ({ specification: changed, split }));
    }),
    options,
  );
  requireAnySuccess(specification.name, outcomes);
  const metrics = scoring.map(({ name }) => name);
  return {
    values,
    testScores: scoreTable(metrics, 'testScores', outcomes, splits.length),
    trainScores: scoreTable(metrics, 'trainScores', outcomes, splits.length),
  };
}
