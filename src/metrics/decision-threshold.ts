/** Cutting the scores of two classes at a threshold, and choosing where. */
import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import type { LabelScorer, Scorer } from './registry.ts';

/** @throws OptionError for a metric that is none of predicted classes. */
export function requireLabelScorer(scorer: Scorer): LabelScorer {
  if (scorer.problem === 'classification' && scorer.needs === 'prediction') return scorer;
  throw new OptionError(
    'option/unsupported-metric',
    `The metric '${scorer.name}' does not look at predicted classes, so no threshold changes it. Take e.g. 'f1Positive' or 'balancedAccuracy'.`,
    { option: 'scoring', metric: scorer.name },
  );
}

/** The place of the positive class where its score is at least `threshold`, else that of the other of two. */
export function codesAtThreshold(
  scores: Float64Array,
  threshold: number,
  positive: number,
  codes: Int32Array = new Int32Array(scores.length),
): Int32Array {
  for (let i = 0; i < scores.length; i++) codes[i] = scores[i]! >= threshold ? positive : 1 - positive;
  return codes;
}

/** The same as labels. */
export function labelsAtThreshold<L extends Label>(
  scores: Float64Array,
  threshold: number,
  classes: readonly L[],
  positive: number,
): L[] {
  return Array.from(codesAtThreshold(scores, threshold, positive), (code) => classes[code]!);
}

/**
 * The place of the best of some scores; NaN is the worst.
 * @param distance Of equal scores the one of least distance counts; by default the first.
 */
export function bestPlace(
  scores: Float64Array,
  greaterIsBetter: boolean,
  distance: (i: number) => number = () => 0,
): number {
  const loss = (i: number) =>
    Number.isNaN(scores[i]!) ? Number.POSITIVE_INFINITY : greaterIsBetter ? -scores[i]! : scores[i]!;
  let best = 0;
  for (let i = 1; i < scores.length; i++) {
    if (loss(i) < loss(best) || (loss(i) === loss(best) && distance(i) < distance(best))) best = i;
  }
  return best;
}
