import {
  constant,
  gather,
  greater,
  multiply,
  reshape,
  square,
  subtract,
  toIndex,
  where,
} from '../../../tensor/functions.ts';
import { type Initializer, noFans } from '../initializers.ts';
import { type LayerRule, requireDimensions } from '../layer-rule.ts';

export interface EmbeddingOptions {
  /** Numbers that occur: 0 to levels − 1. */
  readonly levels: number;
  /** Length of the vector of each. */
  readonly units: number;
  /** The number that fills up sequences: its vector is 0, and layers that follow leave its places out. Default: none. */
  readonly paddingIndex?: number;
  /** Default: standard normal numbers, as in PyTorch. */
  readonly initializer?: Initializer;
}

/** [time] whole numbers → [time, units]: a vector for each number. */
export const embedding: LayerRule<EmbeddingOptions> = {
  levels: ({ levels }) => levels,
  parameters({ levels, units, initializer = { kind: 'normal', deviation: 1 } }, input) {
    requireDimensions('embedding', input, 1);
    return [{ name: 'weights', shape: [levels, units], initializer, fans: noFans, decays: true }];
  },
  build({ paddingIndex }, x, { parameters: [weights], setMask }) {
    const vectors = gather(weights!, toIndex(x));
    if (paddingIndex === undefined) return vectors;
    // 1 where (i − padding)² > ½.
    const apart = greater(square(subtract(x, paddingIndex)), 0.5);
    const mask = where(apart, constant(x, 1), 0);
    setMask(mask);
    return multiply(vectors, reshape(mask, [...x.shape, 1]));
  },
};
