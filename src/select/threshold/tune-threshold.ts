import { DataError, OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { inSlices } from '../../core/slices.ts';
import type { TableLike } from '../../core/table.ts';
import type { ClassifierSpecification } from '../../define/define-classifier.ts';
import type { LabelOf, LabelTarget } from '../../define/targets.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { bestPlace, labelsAtThreshold, requireLabelScorer } from '../../metrics/decision-threshold.ts';
import type { Scorer } from '../../metrics/registry.ts';
import { outputsOfRows } from '../cross-validate/cross-val-predict.ts';
import { type DivideOptions, divideRows } from '../cross-validate/divide-rows.ts';
import { requireKnownOptions } from '../cross-validate/known-options.ts';
import { encodeRows, type RowOptions } from '../cross-validate/labelled-rows.ts';
import { decode } from '../cross-validate/score-outputs.ts';
import { resolveScoring } from '../cross-validate/scoring.ts';

export interface TuneThresholdOptions extends RowOptions, DivideOptions, JobOptions {
  /** A metric of predicted classes, by name or of your own. Default `balancedAccuracy`. */
  readonly scoring?: string | Scorer | undefined;
  /** How many thresholds to try (quantiles of the predicted probabilities), or the thresholds. Default 100. */
  readonly thresholds?: number | readonly number[] | undefined;
}

export interface TunedThreshold<L extends Label = Label> {
  /** Predict `positiveClass` when its probability is at least this. */
  readonly threshold: number;
  readonly positiveClass: L;
  readonly metric: string;
  /** Mean of the metric over the folds, at the threshold. */
  readonly score: number;
  /** The same at 0.5. */
  readonly scoreAtHalf: number;
  /** Mean of the metric over the folds at every threshold tried, ascending. */
  readonly curve: { readonly thresholds: Float64Array; readonly scores: Float64Array };
}

const optionNames = [
  ...['scoring', 'thresholds', 'cv', 'groups', 'time', 'sampleWeight', 'positiveClass'],
  ...['threads', 'signal', 'onProgress', 'onWarning'],
];

/**
 * The probability from which on the positive class should be predicted, chosen by cross-validation: probabilities of rows that the
 * models did not see, cut at many thresholds, the metric averaged over the folds, as scikit-learn's `TunedThresholdClassifierCV`. Of
 * equal thresholds the one nearest to 0.5 counts. Apply it with {@link predictAtThreshold}; `thresholdClassifier` is a model that can be saved.
 * @throws DataError for more than two classes; OptionError for a metric that is none of predicted classes, a model without
 *   probabilities, folds that do not hold every row once.
 */
export async function tuneThreshold<const Y extends LabelTarget>(
  specification: ClassifierSpecification,
  x: TableLike,
  y: Y,
  options: TuneThresholdOptions = {},
): Promise<TunedThreshold<LabelOf<Y>>> {
  requireKnownOptions('tuneThreshold', options, optionNames);
  const [wanted] = resolveScoring(specification, options.scoring ?? 'balancedAccuracy');
  const scorer = requireLabelScorer(wanted);
  const data = await encodeRows(specification, x, y, options);
  const classes = data.classes!;
  if (classes.length !== 2) {
    throw new DataError(
      'data/not-two-classes',
      `A threshold divides two classes, but y holds ${classes.length}: ${JSON.stringify(classes.slice(0, 10))}.`,
      { classes: classes.length },
    );
  }
  const positiveClass = data.positiveClass ?? classes[1];
  const positive = classes.indexOf(positiveClass);
  const splits = await divideRows(data, options);
  const table = await outputsOfRows(specification, data, splits, { ...options, method: 'predictProba' });
  const probabilities = Float64Array.from({ length: data.rows }, (_, i) => table[2 * i + positive]);
  const folds = splits.map(({ test }) => {
    const codes = Int32Array.from(test, (row) => data.y[row]);
    return {
      truth: decode(codes, classes),
      probabilities: Float64Array.from(test, (row) => probabilities[row]),
      sampleWeight: data.sampleWeight && Float64Array.from(test, (row) => data.sampleWeight![row]),
    };
  });
  const scoreAt = (threshold: number) => {
    const scores = folds.map(({ truth, probabilities: own, sampleWeight }) => {
      const predicted = labelsAtThreshold(own, threshold, classes, positive);
      return scorer.compute(truth, predicted, { classes, positiveClass, sampleWeight });
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  const thresholds = thresholdsOf(options.thresholds ?? 100, probabilities);
  const scores = new Float64Array(thresholds.length);
  await inSlices(thresholds.length, 1, (i) => {
    scores[i] = scoreAt(thresholds[i]);
  });
  const best = bestPlace(scores, scorer.greaterIsBetter, (i) => Math.abs(thresholds[i] - 0.5));
  return {
    threshold: thresholds[best],
    positiveClass: positiveClass as LabelOf<Y>,
    metric: scorer.name,
    score: scores[best],
    scoreAtHalf: scoreAt(0.5),
    curve: { thresholds, scores },
  };
}

/** Distinct thresholds, ascending. */
function thresholdsOf(wanted: number | readonly number[], probabilities: Float64Array): Float64Array {
  if (typeof wanted !== 'number') {
    if (wanted.length > 0 && wanted.every((threshold) => threshold >= 0 && threshold <= 1)) {
      return Float64Array.from(new Set(wanted)).sort();
    }
    throw new OptionError('option/invalid', 'thresholds are probabilities from 0 to 1, at least one.', {
      option: 'thresholds',
    });
  }
  if (!(Number.isInteger(wanted) && wanted >= 1)) {
    throw new OptionError(
      'option/invalid',
      `thresholds must be a whole number of at least 1, got ${wanted}.`,
      {
        option: 'thresholds',
      },
    );
  }
  const sorted = probabilities.toSorted();
  // Cuts halfway between neighbours: a threshold on a probability itself would hang on its last bit.
  const cuts = sorted.subarray(1).map((value, i) => (value + sorted[i]) / 2);
  return Float64Array.from(
    new Set(Array.from({ length: wanted }, (_, k) => cuts[Math.floor(((k + 0.5) * cuts.length) / wanted)])),
  );
}
