import { layerNorm, reshape } from '../../../tensor/functions.ts';
import { type Shape, sizeOf } from '../../../tensor/tensor.ts';
import { noFans, ones, zeros } from '../initializers.ts';
import type { LayerRules } from '../layer-rule.ts';
import { type BatchNormOptions, batchNorm } from './batch-norm.ts';
import { type GroupNormOptions, groupNorm } from './group-norm.ts';

export interface NormalisationLayerKinds {
  /**
   * Each example to mean 0 and variance 1 over its numbers, then scaled and shifted by place (J. L. Ba et al., arXiv:1607.06450). Sequences
   * [time, features], and all with `over: 'last'`, are normalised at each place of the axes before, as PyTorch does for LayerNorm(features).
   */
  readonly layerNorm: { readonly epsilon?: number; readonly over?: 'all' | 'last' };
  readonly batchNorm: BatchNormOptions;
  /**
   * Each group of channels of each example of [channels, …] to mean 0 and variance 1, then scaled and shifted by channel (Y. Wu and K. He,
   * arXiv:1803.08494).
   */
  readonly groupNorm: GroupNormOptions;
}

export const normalisationLayers: LayerRules<NormalisationLayerKinds> = {
  batchNorm,
  groupNorm,
  layerNorm: {
    parameters({ over }, input) {
      const shape = normalized(input, over);
      return [
        { name: 'scale', shape, initializer: ones, fans: noFans, decays: false },
        { name: 'shift', shape, initializer: zeros, fans: noFans, decays: false },
      ];
    },
    build({ epsilon = 1e-5, over }, x, { parameters: [scale, shift] }) {
      const size = sizeOf(normalized(x.shape.slice(1), over));
      const flat = reshape(x, [sizeOf(x.shape) / size, size]);
      return reshape(layerNorm(flat, reshape(scale!, [size]), reshape(shift!, [size]), epsilon), x.shape);
    },
  },
};

/** The axes of an example that are normalised together. */
function normalized(input: Shape, over: 'all' | 'last' = input.length === 2 ? 'last' : 'all'): Shape {
  return over === 'last' ? input.slice(-1) : input;
}
