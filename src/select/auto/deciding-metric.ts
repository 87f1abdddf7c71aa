import type { Split } from '../../data/split/splitter.ts';
import { getScorer, type Scorer } from '../../metrics/registry.ts';
import type { LabelledRows } from '../cross-validate/labelled-rows.ts';
import type { Problem } from '../problem.ts';

export interface DecidingMetric {
  readonly scorer: Scorer;
  /** Why this one, in words. */
  readonly reason: string;
}

/**
 * The metric that decides which model is best, unless one is wanted: R² for numbers; for two classes the area under the ROC curve, which
 * depends neither on a threshold nor on how common the classes are; for more, F1 as a mean over the classes, so that rare ones
 * count, and which needs no probabilities. Where a fold holds rows of one class only, its ROC curve does not exist: then accuracy.
 * @throws OptionError for a metric that is unknown or for the other problem.
 */
export function decidingMetric(
  problem: Problem,
  wanted: string | undefined,
  { classes, y }: Pick<LabelledRows, 'classes' | 'y'>,
  splits: readonly Split[],
): DecidingMetric {
  if (wanted !== undefined) {
    const scorer = problem === 'regression' ? getScorer(wanted, problem) : getScorer(wanted, problem);
    return { scorer, reason: 'as told' };
  }
  if (problem === 'regression') return { scorer: getScorer('r2'), reason: 'the target holds numbers' };
  if (classes!.length > 2) return { scorer: getScorer('f1'), reason: `there are ${classes!.length} classes` };
  const isMixed = ({ test }: Split) => test.some((row) => y[row] !== y[test[0]!]);
  return splits.every(isMixed)
    ? { scorer: getScorer('rocAuc'), reason: 'there are two classes' }
    : { scorer: getScorer('accuracy'), reason: 'a fold holds rows of one class only' };
}
