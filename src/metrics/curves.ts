/**
 * Curves over the decision threshold of a binary classifier. Truth: labels of shape (rows); score: numbers of shape (rows), larger
 * meaning more positive. All throw DataError for empty, unequal, non-finite input and OptionError for an unnamed positive class.
 */
import type { Label } from '../core/labels.ts';
import type { Labels } from './labels.ts';
import {
  type CurveOptions,
  countAtThresholds,
  dropConstantRecall,
  keepPoints,
  prepend,
  type ThresholdCounts,
  toBinaryScores,
} from './thresholds.ts';
import type { Numbers } from './validate.ts';

export interface RocCurveOptions<L extends Label = Label> extends CurveOptions<L> {
  /** Leave out points on a straight line between their neighbours. Default true. */
  readonly dropIntermediate?: boolean | undefined;
}

/** Rates where `score >= thresholds[k]` counts as positive; the first threshold is Infinity (nothing positive). */
export interface RocCurve {
  readonly fpr: Float64Array;
  readonly tpr: Float64Array;
  readonly thresholds: Float64Array;
}

/** False positive rate against true positive rate. A rate whose class is absent from the truth is NaN throughout. */
export function rocCurve<L extends Label>(
  truth: Labels<L>,
  score: Numbers,
  { dropIntermediate = true, ...options }: RocCurveOptions<L> = {},
): RocCurve {
  const counts = countAtThresholds(toBinaryScores(truth, score, options));
  const { tps, fps, thresholds } = dropIntermediate ? dropCollinear(counts) : counts;
  return {
    fpr: toRate(prepend(0, fps)),
    tpr: toRate(prepend(0, tps)),
    thresholds: prepend(Infinity, thresholds),
  };
}

/** Drops points that continue the step before them in both counts (second difference 0). */
export function dropCollinear(counts: ThresholdCounts): ThresholdCounts {
  const { fps, tps } = counts;
  return keepPoints(
    counts,
    (k) => fps[k + 1] - fps[k] !== fps[k] - fps[k - 1] || tps[k + 1] - tps[k] !== tps[k] - tps[k - 1],
  );
}

/** Counts as a share of the last one; NaN when that is 0. */
export function toRate(counts: Float64Array): Float64Array {
  const total = counts[counts.length - 1];
  const rates = new Float64Array(counts.length);
  for (let k = 0; k < rates.length; k++) rates[k] = total > 0 ? counts[k] / total : NaN;
  return rates;
}

export interface PrecisionRecallCurveOptions<L extends Label = Label> extends CurveOptions<L> {
  /** Leave out points at which recall stands still. Default false. */
  readonly dropIntermediate?: boolean | undefined;
}

/** One point per ascending threshold, and a last point (precision 1, recall 0) without one. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly thresholds: Float64Array;
}

/** Precision against recall. Without a positive row recall is undefined and set to 1 at every threshold. */
export function precisionRecallCurve<L extends Label>(
  truth: Labels<L>,
  score: Numbers,
  { dropIntermediate = false, ...options }: PrecisionRecallCurveOptions<L> = {},
): PrecisionRecallCurve {
  const all = countAtThresholds(toBinaryScores(truth, score, options));
  const { tps, fps, thresholds } = dropIntermediate ? dropConstantRecall(all) : all;
  const positives = tps[tps.length - 1];
  const precision = new Float64Array(tps.length);
  const recall = new Float64Array(tps.length);
  for (let k = 0; k < tps.length; k++) {
    precision[k] = tps[k] / (tps[k] + fps[k]);
    recall[k] = positives === 0 ? 1 : tps[k] / positives;
  }
  return {
    precision: prepend(1, precision).reverse(),
    recall: prepend(0, recall).reverse(),
    thresholds: thresholds.toReversed(),
  };
}

export interface DetCurveOptions<L extends Label = Label> extends CurveOptions<L> {
  /** Leave out points at which the miss rate stands still. Default false. */
  readonly dropIntermediate?: boolean | undefined;
}

/** Error rates at ascending thresholds. */
export interface DetCurve {
  readonly fpr: Float64Array;
  readonly fnr: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * Detection error tradeoff: false positive rate against false negative rate, from the last threshold that still takes every
 * positive to the first that takes no negative. A rate whose class is absent from the truth is NaN throughout.
 * Source: A. Martin et al., "The DET curve in assessment of detection task performance", 1997.
 */
export function detCurve<L extends Label>(
  truth: Labels<L>,
  score: Numbers,
  { dropIntermediate = false, ...options }: DetCurveOptions<L> = {},
): DetCurve {
  const counts = countAtThresholds(toBinaryScores(truth, score, options));
  const withOrigin = {
    tps: prepend(0, counts.tps),
    fps: prepend(0, counts.fps),
    thresholds: prepend(Infinity, counts.thresholds),
  };
  const { tps, fps, thresholds } = dropIntermediate ? dropConstantRecall(withOrigin) : withOrigin;
  const positives = tps[tps.length - 1];
  const negatives = fps[fps.length - 1];
  const start = fps.lastIndexOf(0);
  const end = tps.indexOf(positives) + 1;
  // NaN = 0/0 where a class is absent; without positives the range would be empty, so it is not cut.
  const cut = (values: Float64Array) => values.slice(start, Math.max(end, start + 1)).reverse();
  return {
    fpr: cut(fps).map((fp) => fp / negatives),
    fnr: cut(tps).map((tp) => (positives - tp) / positives),
    thresholds: cut(thresholds),
  };
}
