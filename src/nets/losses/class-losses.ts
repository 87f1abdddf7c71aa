import {
  add,
  constant,
  divide,
  greater,
  logSoftmax,
  multiply,
  negative,
  oneHot,
  where,
} from '../../tensor/functions.ts';
import { type LossRules, meanOfPlaces, sumLast, sumOfPlaces } from './loss-rule.ts';

/** Losses of classes; targets are class numbers, [rows] or for sequences [rows, time]. */
export interface ClassLossKinds {
  /**
   * −Σ t_c log softmax(z)_c of scores z along the last axis, the mean over times. With label smoothing ε the target is 1 − ε + ε / k for the
   * class and ε / k for others (C. Szegedy et al., arXiv:1512.00567). Weights of classes and places left out count as in PyTorch: the mean
   * over a batch is divided by the weights of its targets.
   */
  readonly crossEntropy: {
    readonly labelSmoothing?: number;
    /** One for each class. Default 1. */
    readonly classWeights?: readonly number[];
    /** The class number of places that do not count, such as padding. Default none. */
    readonly ignoreIndex?: number;
  };
}

export const classLosses: LossRules<ClassLossKinds> = {
  crossEntropy: {
    target: 'labels',
    weight({ classWeights, ignoreIndex }) {
      if (classWeights === undefined && ignoreIndex === undefined) return undefined;
      return (target) => {
        let weight = 0;
        for (let i = 0; i < target.length; i++)
          if (target[i] !== ignoreIndex) weight += classWeights?.[target[i]!] ?? 1;
        return weight / target.length;
      };
    },
    rows(loss, output, target) {
      const { labelSmoothing = 0, classWeights, ignoreIndex } = loss;
      const levels = output.shape.at(-1)!;
      const sharp = oneHot(target, levels);
      const logarithms = logSoftmax(output);
      if (classWeights === undefined && ignoreIndex === undefined) {
        const wanted =
          labelSmoothing === 0 ? sharp : add(multiply(sharp, 1 - labelSmoothing), labelSmoothing / levels);
        return negative(meanOfPlaces(sumLast(multiply(wanted, logarithms))));
      }
      const all = Array.from({ length: levels }, (_, c) => classWeights?.[c] ?? 1);
      const counted = constant(
        output,
        all.map((weight, c) => (c === ignoreIndex ? 0 : weight)),
        [levels],
      );
      const weighted = multiply(sharp, counted);
      let terms = multiply(sumLast(multiply(weighted, logarithms)), 1 - labelSmoothing);
      if (labelSmoothing > 0) {
        const isCounted = sumLast(
          multiply(
            sharp,
            constant(
              output,
              all.map((_, c) => Number(c !== ignoreIndex)),
              [levels],
            ),
          ),
        );
        const spread = sumLast(multiply(logarithms, constant(output, all, [levels])));
        terms = add(terms, multiply(multiply(spread, isCounted), labelSmoothing / levels));
      }
      // The row's own weight has its places' as a factor, see `weight`: what is left is their mean.
      const weights = sumOfPlaces(sumLast(weighted));
      return negative(divide(sumOfPlaces(terms), where(greater(weights, 0), weights, 1)));
    },
  },
};
