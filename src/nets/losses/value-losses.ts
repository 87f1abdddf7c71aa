import {
  add,
  greater,
  log,
  logSoftmax,
  multiply,
  negative,
  relu,
  softplus,
  square,
  subtract,
  where,
} from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type LossRules, meanOfPlaces, rowMeans, rowSums, sumLast } from './loss-rule.ts';

/** Losses of numbers; targets have the shape of the outputs. Means are over the outputs of a row, as in PyTorch over all. */
export interface ValueLossKinds {
  /** Half the mean of squared differences. */
  readonly squaredError: Readonly<Record<never, never>>;
  /** The mean of squared differences: PyTorch's MSELoss. */
  readonly meanSquaredError: Readonly<Record<never, never>>;
  /** The mean of absolute differences: PyTorch's L1Loss. */
  readonly meanAbsoluteError: Readonly<Record<never, never>>;
  /** The mean of ½ d² up to |d| = δ, beyond of δ (|d| − ½ δ) (P. Huber, 1964). */
  readonly huber: {
    /** δ. Default 1. */
    readonly delta?: number;
  };
  /** log(1 + eᶻ) − t z of scores z; targets are within 0 … 1. */
  readonly binaryCrossEntropy: {
    /** Over the outputs of a row. Default sum; PyTorch's is mean. */
    readonly reduction?: 'sum' | 'mean';
    /** By how much targets of 1 count, as PyTorch's pos_weight. Default 1. */
    readonly positiveWeight?: number;
  };
  /** −Σ t log softmax(z) of scores z; targets are shares of the classes along the last axis, as of examples that were mixed. */
  readonly softCrossEntropy: Readonly<Record<never, never>>;
  /** Σ t (log t − log softmax(z)) of scores z; targets are distributions along the last axis: KLDivLoss with batchmean of log softmax. */
  readonly kullbackLeibler: Readonly<Record<never, never>>;
}

/** |x|, with gradient 0 at 0. */
const absolute = (x: Tensor): Tensor => add(relu(x), relu(negative(x)));

export const valueLosses: LossRules<ValueLossKinds> = {
  squaredError: {
    target: 'values',
    rows: (_, output, target) => multiply(rowMeans(square(subtract(output, target))), 0.5),
  },
  meanSquaredError: {
    target: 'values',
    rows: (_, output, target) => rowMeans(square(subtract(output, target))),
  },
  meanAbsoluteError: {
    target: 'values',
    rows: (_, output, target) => rowMeans(absolute(subtract(output, target))),
  },
  huber: {
    target: 'values',
    rows({ delta = 1 }, output, target) {
      const size = absolute(subtract(output, target));
      const beyond = relu(subtract(size, delta));
      // ½ c² + δ (|d| − c) with c = min(|d|, δ).
      return rowMeans(add(multiply(square(subtract(size, beyond)), 0.5), multiply(beyond, delta)));
    },
  },
  binaryCrossEntropy: {
    target: 'values',
    rows({ reduction = 'sum', positiveWeight = 1 }, output, target) {
      const terms =
        positiveWeight === 1
          ? subtract(softplus(output), multiply(target, output))
          : // (1 − t) z + (1 + (w − 1) t) log(1 + e^−z)
            add(
              subtract(output, multiply(target, output)),
              multiply(add(multiply(target, positiveWeight - 1), 1), softplus(negative(output))),
            );
      return (reduction === 'sum' ? rowSums : rowMeans)(terms);
    },
  },
  softCrossEntropy: {
    target: 'values',
    rows: (_, output, target) => negative(meanOfPlaces(sumLast(multiply(target, logSoftmax(output))))),
  },
  kullbackLeibler: {
    target: 'values',
    rows(_, output, target) {
      // t log t is 0 at 0.
      const logarithm = log(where(greater(target, 0), target, 1));
      const terms = multiply(target, subtract(logarithm, logSoftmax(output)));
      return meanOfPlaces(sumLast(terms));
    },
  },
};
