import { OptionError } from '../../../core/errors.ts';
import { affineLast } from '../../../tensor/affine-last.ts';
import {
  add,
  constant,
  matmul,
  multiply,
  reshape,
  slice,
  softmax,
  subtract,
  transpose,
} from '../../../tensor/functions.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { type Initializer, zeros } from '../initializers.ts';
import { type LayerRule, requireDimensions } from '../layer-rule.ts';

export interface AttentionOptions {
  /** Must divide the features. */
  readonly heads: number;
  /** Whether a time sees itself and those before only. Default false. */
  readonly causal?: boolean;
  /** Share of the attention weights that is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Default glorot, uniform. */
  readonly initializer?: Initializer;
}

/** What stands for −∞, so that a row without anything to see has no NaN. */
const HIDDEN = -1e9;

/**
 * [time, features] → [time, features]: multi-head self-attention, softmax(Q Kᵀ / √d) V for each head (A. Vaswani et al., arXiv:1706.03762).
 * Weights are PyTorch's, transposed: `inputWeights` [features, 3 features] for queries, keys and values side by side. Padding is not seen.
 */
export const attention: LayerRule<AttentionOptions> = {
  parameters({ heads, initializer = { kind: 'glorot', distribution: 'uniform' } }, input) {
    requireDimensions('attention', input, 2);
    const features = input[1]!;
    if (features % heads !== 0) {
      throw new OptionError(
        'tensor/shape',
        `attention cannot divide ${features} features among ${heads} heads. Choose a number of heads that divides them.`,
        { kind: 'attention' },
      );
    }
    const matrix = (name: string, outputs: number) => [
      {
        name: `${name}Weights`,
        shape: [features, outputs],
        initializer,
        fans: { fanIn: features, fanOut: outputs },
        decays: true,
      },
      {
        name: `${name}Bias`,
        shape: [outputs],
        initializer: zeros,
        fans: { fanIn: features, fanOut: outputs },
        decays: false,
      },
    ];
    return [...matrix('input', 3 * features), ...matrix('output', features)];
  },
  build({ heads, causal = false, dropout = 0 }, x, context) {
    const [inputWeights, inputBias, outputWeights, outputBias] = context.parameters;
    const [rows, time, features] = x.shape as [number, number, number];
    const width = features / heads;
    // Three products: cutting the result of one apart would copy more. Scaling weights rather than scores touches fewer numbers.
    const [queries, keys, values] = [1 / Math.sqrt(width), 1, 1].map((scale, at) => {
      const part = (all: Tensor) => {
        const axis = all.shape.length - 1;
        const own = slice(all, axis, at * features, (at + 1) * features);
        return scale === 1 ? own : multiply(own, scale);
      };
      const all = affineLast(x, part(inputWeights!), part(inputBias!));
      return transpose(reshape(all, [rows, time, heads, width]), [0, 2, 1, 3]);
    });
    let scores = matmul(queries!, keys!, { transposeB: true });
    if (causal) scores = add(scores, later(x, time));
    if (context.mask !== undefined)
      scores = add(scores, reshape(multiply(subtract(context.mask, 1), -HIDDEN), [rows, 1, 1, time]));
    const weights = softmax(scores);
    const kept = dropout === 0 ? undefined : context.dropout(weights, dropout);
    const seen = matmul(kept === undefined ? weights : multiply(weights, kept), values!);
    const joined = reshape(transpose(seen, [0, 2, 1, 3]), [rows, time, features]);
    return affineLast(joined, outputWeights!, outputBias!);
  },
};

/** {@link HIDDEN} for times after one's own. */
function later(like: Tensor, time: number): Tensor {
  const values = Array.from({ length: time * time }, (_, at) =>
    at % time > Math.floor(at / time) ? HIDDEN : 0,
  );
  return constant(like, values, [time, time]);
}
