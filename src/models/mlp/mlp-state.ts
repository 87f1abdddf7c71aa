import { Matrix } from '../../core/matrix.ts';
import type { DenseLayer } from '../../nets/dense/dense-layers.ts';

/** What a fit leaves. */
export interface MlpState {
  readonly layers: readonly DenseLayer[];
  readonly lossCurve: Float64Array;
  readonly validationScores: Float64Array;
  readonly nIter: number;
  readonly steps: number;
}

export interface MlpAttributes {
  /** Weights of each layer, inputs × outputs. */
  readonly coefs: readonly Matrix[];
  /** Biases of each layer. */
  readonly intercepts: readonly Float64Array[];
  /** Mean loss of each pass, penalty included, each batch's before its step. */
  readonly lossCurve: Float64Array;
  /** The last loss. */
  readonly loss: number;
  /** The least loss; with held-out rows their score counts instead, and it is null. */
  readonly bestLoss: number | null;
  /** Score of the held-out rows after each pass (accuracy, or R²); empty without such rows. */
  readonly validationScores: Float64Array;
  readonly bestValidationScore: number | null;
  /** Passes over the rows. */
  readonly nIter: number;
  /** Updates of the weights. */
  readonly steps: number;
}

export function mlpAttributes(state: MlpState): MlpAttributes {
  const { layers, lossCurve, validationScores, nIter, steps } = state;
  const least = lossCurve.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const isHeldOut = validationScores.length > 0;
  return {
    coefs: layers.map(({ weights, bias }) => {
      const columns = bias.length;
      return new Matrix({ rows: weights.length / columns, columns, data: Float64Array.from(weights) });
    }),
    intercepts: layers.map(({ bias }) => Float64Array.from(bias)),
    ...{ lossCurve, validationScores, nIter, steps },
    loss: lossCurve.at(-1) ?? Number.POSITIVE_INFINITY,
    bestLoss: isHeldOut ? null : least,
    bestValidationScore: isHeldOut ? validationScores.reduce((a, b) => Math.max(a, b)) : null,
  };
}
