import {
  add,
  divide,
  logSoftmax,
  multiply,
  negative,
  oneHot,
  reshape,
  softplus,
  square,
  subtract,
  sum,
} from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * What is minimised: the mean over rows, weighted by the weights of the rows, of the loss of a row. Class weights are weights of rows.
 */
export interface LossKinds {
  /** Half the mean of squared differences over the outputs; targets are [rows, outputs]. */
  readonly squaredError: Readonly<Record<never, never>>;
  /**
   * −Σ t_c log softmax(z)_c of scores z; targets are class numbers [rows]. With label smoothing ε the target is 1 − ε + ε / k for the class
   * and ε / k for others (C. Szegedy et al., arXiv:1512.00567).
   */
  readonly crossEntropy: { readonly labelSmoothing?: number };
  /** The same for targets [rows, k] that are shares of the classes, as of examples that were mixed. */
  readonly softCrossEntropy: Readonly<Record<never, never>>;
  /** log(1 + eᶻ) − t z, summed over the outputs, of scores z; targets within 0 … 1 are [rows, outputs]. */
  readonly binaryCrossEntropy: Readonly<Record<never, never>>;
}

export type LossKind = keyof LossKinds;
export type Loss = { readonly [K in LossKind]: { readonly kind: K } & LossKinds[K] }[LossKind];

interface LossRule<K extends LossKind> {
  readonly target: 'values' | 'labels';
  /** The loss of each row, [rows], from outputs [rows, k]. */
  readonly rows: (loss: LossKinds[K], output: Tensor, target: Tensor) => Tensor;
}

const lossRules: { readonly [K in LossKind]: LossRule<K> } = {
  squaredError: {
    target: 'values',
    rows: (_, output, target) =>
      multiply(sum(square(subtract(output, target)), { axes: [1] }), 0.5 / output.shape[1]!),
  },
  crossEntropy: {
    target: 'labels',
    rows({ labelSmoothing = 0 }, output, target) {
      const levels = output.shape[1]!;
      const sharp = oneHot(target, levels);
      const wanted =
        labelSmoothing === 0 ? sharp : add(multiply(sharp, 1 - labelSmoothing), labelSmoothing / levels);
      return negative(sum(multiply(wanted, logSoftmax(output)), { axes: [1] }));
    },
  },
  softCrossEntropy: {
    target: 'values',
    rows: (_, output, target) => negative(sum(multiply(target, logSoftmax(output)), { axes: [1] })),
  },
  binaryCrossEntropy: {
    target: 'values',
    rows: (_, output, target) => sum(subtract(softplus(output), multiply(target, output)), { axes: [1] }),
  },
};

/** Whether targets are numbers [rows, outputs] or class numbers [rows]. */
export function targetKind({ kind }: Loss): 'values' | 'labels' {
  return lossRules[kind].target;
}

/**
 * Adds the loss of each row, [rows], to a graph.
 * @param penalties What layers add to it.
 */
export function buildRowLosses(
  loss: Loss,
  { output, penalties }: { readonly output: Tensor; readonly penalties: readonly Tensor[] },
  target: Tensor,
): Tensor {
  const rows = (lossRules[loss.kind] as LossRule<LossKind>).rows(loss as never, output, target);
  return penalties.reduce((total, penalty) => add(total, penalty), rows);
}

/**
 * Adds Σ w_i l_i / W to a graph.
 * @param rows l, see {@link buildRowLosses}.
 * @param weights Of the rows, [rows].
 * @param total W, [1]: the weight of the whole batch, of which these rows may be a part.
 */
export function buildLoss(rows: Tensor, weights: Tensor, total: Tensor): Tensor {
  // The factors do not vary, so that backwards there is one product.
  return sum(multiply(rows, divide(weights, reshape(total, []))));
}
