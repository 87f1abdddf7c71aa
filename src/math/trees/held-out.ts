import { OptionError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import { type BoostingLoss, weightedMean } from './boosting-loss.ts';

/** Rows that no tree is grown on, with their present scores. */
export interface HeldOutRows {
  readonly rows: number;
  /** `lanes` a row, of which the first `outputs` count; overwritten by the next iteration. */
  readonly scores: Float64Array;
  readonly lanes: number;
  readonly outputs: number;
  /** Values, or codes of classes. */
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** Smaller is better. */
export type HeldOutMetric = (rows: HeldOutRows) => Eventually<number>;

/** Scores of rows of `lanes` numbers without their padding. */
export function compactScores(
  scores: Float64Array,
  { lanes, outputs }: { readonly lanes: number; readonly outputs: number },
  to: Float64Array,
): void {
  if (lanes === outputs) to.set(scores.subarray(0, to.length));
  else {
    for (let i = 0; i < to.length / outputs; i++)
      to.set(scores.subarray(i * lanes, i * lanes + outputs), i * outputs);
  }
}

/** The weighted mean of a loss. @throws OptionError when the loss cannot be computed. */
export function meanLoss({ lossOfRow, lossOfRows }: BoostingLoss): HeldOutMetric {
  if (lossOfRow !== undefined) {
    return ({ rows, scores, lanes, outputs, y, weights }) =>
      weightedMean(
        Float64Array.from({ length: rows }, (_, i) => lossOfRow(scores, i * lanes, y[i]!, outputs)),
        weights,
      );
  }
  if (lossOfRows !== undefined) {
    return async (held) => {
      const score = sharedArray(Float64Array, held.rows * held.outputs);
      compactScores(held.scores, held, score);
      return weightedMean(Float64Array.from(await lossOfRows({ y: held.y, score })), held.weights);
    };
  }
  throw new OptionError(
    'option/conflict',
    'Early stopping needs a number to judge the held-out rows by, which a loss of gradients alone does not give. Set evalMetric, or give the loss a function `loss`.',
    { option: 'evalMetric' },
  );
}
