import { JobError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { Job } from '../../jobs/job.ts';
import {
  bestPlace,
  codesAtThreshold,
  labelsAtThreshold,
  requireLabelScorer,
} from '../../metrics/decision-threshold.ts';
import { getScorer } from '../../metrics/registry.ts';
import { evenThresholds, isFlat, meanCurve, type ThresholdCurve } from './threshold-curve.ts';

/** A metric of labels of your own; greater is better. */
export type LabelMetric = (truth: readonly Label[], prediction: readonly Label[]) => number | Promise<number>;

/** Rows of a fold with scores of a model that did not see them. */
export interface HeldOut {
  readonly codes: Int32Array;
  /** Of the positive class, one a row. */
  readonly scores: Float64Array;
  readonly sampleWeight: Float64Array | undefined;
}

export interface TuningRules {
  readonly scoring: string | LabelMetric;
  /** How many, in equal steps over the scores; or the thresholds. */
  readonly thresholds: number | readonly number[];
  readonly classes: readonly Label[];
  /** Place of the positive class. */
  readonly positive: number;
}

export interface TunedCurve {
  readonly bestThreshold: number;
  readonly bestScore: number;
  readonly curve: ThresholdCurve;
}

/**
 * The threshold of the best mean metric over the folds, the first among equals. Each fold has its own thresholds, from its lowest to its
 * highest score; between them its metric is taken as linear, as scikit-learn's TunedThresholdClassifierCV does.
 * @returns undefined when the scores of a fold are all alike.
 */
export async function tuneThreshold(
  folds: readonly HeldOut[],
  rules: TuningRules,
  job: Job,
): Promise<TunedCurve | undefined> {
  const { thresholds: wanted } = rules;
  const given = typeof wanted === 'number' ? undefined : Float64Array.from(new Set(wanted)).sort();
  const ranges = folds.map(({ scores }) => rangeOf(scores));
  if (ranges.some(([low, high]) => isFlat(low, high))) return undefined;
  const curves: ThresholdCurve[] = [];
  for (const [fold, held] of folds.entries()) {
    const thresholds = given ?? evenThresholds(...ranges[fold]!, wanted as number);
    curves.push({ thresholds, scores: await scoresAt(held, thresholds, rules, job) });
  }
  const lowest = Math.min(...ranges.map(([low]) => low));
  const highest = Math.max(...ranges.map(([, high]) => high));
  const thresholds = given ?? evenThresholds(lowest, highest, wanted as number);
  const scores = meanCurve(curves, thresholds);
  const { scoring } = rules;
  const best = bestPlace(scores, typeof scoring === 'function' || getScorer(scoring).greaterIsBetter);
  return { bestThreshold: thresholds[best]!, bestScore: scores[best]!, curve: { thresholds, scores } };
}

function rangeOf(scores: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return [low, high];
}

async function scoresAt(
  { codes, scores, sampleWeight }: HeldOut,
  thresholds: Float64Array,
  { scoring, classes, positive }: TuningRules,
  job: Job,
): Promise<Float64Array> {
  const truth = Array.from(codes, (code) => classes[code]!);
  // Metrics refuse classes such as 0.5, which codes stand for.
  const coded = Array.from(codes);
  const context = { classes: [0, 1], positiveClass: positive, sampleWeight };
  const found = new Float64Array(thresholds.length);
  for (const [k, threshold] of thresholds.entries()) {
    job.checkpoint();
    found[k] =
      typeof scoring === 'function'
        ? requireNumber(await scoring(truth, labelsAtThreshold(scores, threshold, classes, positive)))
        : requireLabelScorer(getScorer(scoring)).compute(
            coded,
            codesAtThreshold(scores, threshold, positive),
            context,
          );
  }
  return found;
}

function requireNumber(score: unknown): number {
  if (typeof score === 'number') return score;
  throw new JobError('metric/no-number', `scoring gave ${String(score)} instead of a number.`);
}
