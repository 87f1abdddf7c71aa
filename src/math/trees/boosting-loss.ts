import type { Eventually } from '../../core/eventually.ts';
import type { Team } from '../../kernels/host/team.ts';

/** Scores, targets and weights of rows in the team's memory. */
export interface BoostingRows {
  /** `lanes` float64 a row. */
  readonly scores: number;
  readonly lanes: number;
  /** Numbers of scores a row: 1, or the number of classes. */
  readonly outputs: number;
  /** float64: values, or codes of classes. */
  readonly y: number;
  /** float64, or 0 when all rows weigh 1. */
  readonly weights: number;
  /** Pairs (gradient, hessian) of float32, `plane` bytes apart for each output. */
  readonly gradients: number;
  readonly plane: number;
  /** Scratch of lanes numbers a thread, rounded up to 64 bytes. */
  readonly scratch: number;
}

/** A loss that boosting minimises, by its first and second derivatives in the score. */
export interface BoostingLoss {
  /** The constant scores that minimise the loss. */
  baseline(y: Float64Array, weights: Float64Array | undefined, outputs: number): Eventually<Float64Array>;
  /** Derivatives of rows `from` … `to` − 1; `from` is even. */
  gradients?(team: Team, rows: BoostingRows, from: number, to: number): void;
  /** The same for all `training` rows at once, in place of `gradients`. */
  allGradients?(team: Team, rows: BoostingRows, training: number): Eventually<void>;
  /** Loss of one row, whose scores begin at `at`. */
  lossOfRow?(scores: Float64Array, at: number, y: number, outputs: number): number;
  /** Loss of each row by its scores without padding, in place of `lossOfRow`. */
  lossOfRows?(rows: {
    readonly y: Float64Array;
    readonly score: Float64Array;
  }): Eventually<ArrayLike<number>>;
  /** Called before each iteration with y − score of the training rows, which it may reorder. */
  prepare?(residuals: Float64Array, weights: Float64Array | undefined): void;
  /** What a leaf adds before shrinkage, from y − score of its rows; without it −G / (H + l2). Both may be reordered. */
  leafOfResiduals?(residuals: Float64Array, weights: Float64Array | undefined): number;
  /** What a leaf adds in place of −G / (H + l2). */
  dampStep?(step: number): number;
}

/** A loss whose derivatives are a kernel's. */
export type KernelLoss = BoostingLoss & Required<Pick<BoostingLoss, 'gradients' | 'lossOfRow'>>;

/** Probabilities of absent classes are taken as this, so that scores stay finite. */
const LEAST_SHARE = 1e-15;

export const boostingLosses = {
  // ½ (score − y)²
  squaredError: {
    baseline: (y, weights) => Float64Array.of(weightedMean(y, weights)),
    gradients: (team, { scores, y, weights, gradients }, from, to) =>
      team.callIfLarge(to - from, 'squaredGradients', scores, y, weights, from, to, gradients),
    lossOfRow: (scores, at, y) => 0.5 * (scores[at]! - y) ** 2,
  },
  // log(1 + e^score) − y · score, y in {0, 1}
  logistic: {
    baseline(y, weights) {
      const [first, second] = classShares(y, weights, 2);
      return Float64Array.of(Math.log(second! / first!));
    },
    gradients: (team, { scores, y, weights, gradients }, from, to) =>
      team.callIfLarge((to - from) * 5, 'logisticGradients', scores, y, weights, from, to, gradients),
    lossOfRow(scores, at, y) {
      const score = scores[at]!;
      return Math.max(score, 0) - y * score + Math.log1p(Math.exp(-Math.abs(score)));
    },
  },
  // log Σ_k e^score_k − score_y
  softmax: {
    baseline: (y, weights, outputs) => classShares(y, weights, outputs).map(Math.log),
    gradients: (team, { scores, lanes, outputs, y, weights, gradients, plane, scratch }, from, to) =>
      team.callIfLarge(
        (to - from) * outputs * 20,
        'softmaxGradients',
        ...([scores, y, weights, from, to, outputs, lanes, gradients, plane, scratch] as const),
      ),
    lossOfRow(scores, at, y, outputs) {
      let largest = scores[at]!;
      for (let k = 1; k < outputs; k++) largest = Math.max(largest, scores[at + k]!);
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += Math.exp(scores[at + k]! - largest);
      return Math.log(sum) + largest - scores[at + y]!;
    },
  },
} satisfies Readonly<Record<string, KernelLoss>>;

function classShares(y: Float64Array, weights: Float64Array | undefined, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights?.[i] ?? 1;
    shares[y[i]!]! += weight;
    total += weight;
  }
  return shares.map((share) => Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share / total)));
}

export function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * values[i]!;
    total += weight;
  }
  return sum / total;
}
