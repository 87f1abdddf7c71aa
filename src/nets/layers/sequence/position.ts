import { add, constant } from '../../../tensor/functions.ts';
import { type Initializer, noFans } from '../initializers.ts';
import { type LayerRule, requireDimensions } from '../layer-rule.ts';

export interface PositionOptions {
  /** A vector that is learned for each time, the default; or sines and cosines (A. Vaswani et al., arXiv:1706.03762, section 3.5). */
  readonly encoding?: 'learned' | 'sinusoidal';
  /** Of what is learned. Default: normal numbers with deviation 0.02. */
  readonly initializer?: Initializer;
}

/** [time, features] → [time, features]: adds a vector for each time. */
export const position: LayerRule<PositionOptions> = {
  parameters({ encoding = 'learned', initializer = { kind: 'normal', deviation: 0.02 } }, input) {
    requireDimensions('position', input, 2);
    if (encoding === 'sinusoidal') return [];
    return [{ name: 'weights', shape: input, initializer, fans: noFans, decays: false }];
  },
  build(_, x, { parameters: [weights] }) {
    const [time, features] = x.shape.slice(1) as [number, number];
    return add(x, weights ?? constant(x, sinusoids(time, features), [time, features]));
  },
};

/** sin(t / 10000^(2i/features)) at place 2i, the cosine at 2i + 1. */
function sinusoids(time: number, features: number): number[] {
  return Array.from({ length: time * features }, (_, at) => {
    const [t, place] = [Math.floor(at / features), at % features];
    const angle = t / 10_000 ** ((place - (place % 2)) / features);
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
