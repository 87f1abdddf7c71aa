import type { Initializer } from '../initializers.ts';
import { type LayerRule, noParameters } from '../layer-rule.ts';
import type { AttentionOptions } from './attention.ts';

export interface TransformerBlockOptions extends AttentionOptions {
  /** Of the layer within. Default 4 × features. */
  readonly hiddenUnits?: number;
  /** Default gelu. */
  readonly activation?: 'relu' | 'gelu';
  /** Where each part normalises: what it gets, the default (R. Xiong et al., arXiv:2002.04745), or what it gives. */
  readonly norm?: 'before' | 'after';
  /** Share of attention weights, hidden numbers and results of both parts that is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
  /** Of all weights. Default glorot, uniform. */
  readonly initializer?: Initializer;
}

/** [time, features] → [time, features]: attention, then two dense layers, each added to what it gets. */
export const transformerBlock: LayerRule<TransformerBlockOptions> = {
  parameters: noParameters,
  build(
    { hiddenUnits, activation = 'gelu', norm = 'before', dropout = 0, epsilon = 1e-5, ...attention },
    x,
    context,
  ) {
    const features = x.shape.at(-1)!;
    const { initializer } = attention;
    const dense = (units: number) => ({ kind: 'dense', units, ...(initializer && { initializer }) }) as const;
    const drop = { kind: 'dropout', rate: dropout } as const;
    const parts = {
      attention: [{ ...attention, kind: 'attention', dropout }, drop],
      feedForward: [
        ...[dense(hiddenUnits ?? 4 * features), { kind: 'activation', function: activation }, drop],
        ...[dense(features), drop],
      ],
    };
    const normalize = { kind: 'layerNorm', epsilon } as const;
    return Object.entries(parts).reduce((value, [part, layers]) => {
      const residual = { kind: 'residual', layers: norm === 'before' ? [normalize, ...layers] : layers };
      return context.layers(norm === 'before' ? [residual] : [residual, normalize], value, part);
    }, x);
  },
};
