import { add, divide, mean, multiply, sqrt, square, subtract } from '../../../tensor/functions.ts';
import { noFans, ones, zeros } from '../initializers.ts';
import type { LayerRules } from '../layer-rule.ts';
import { type BatchNormOptions, batchNorm } from './batch-norm.ts';

export interface NormalisationLayerKinds {
  /** Each example to mean 0 and variance 1 over its numbers, then scaled and shifted by place (J. L. Ba et al., arXiv:1607.06450). */
  readonly layerNorm: { readonly epsilon?: number };
  readonly batchNorm: BatchNormOptions;
}

export const normalisationLayers: LayerRules<NormalisationLayerKinds> = {
  batchNorm,
  layerNorm: {
    parameters: (_, input) => [
      { name: 'scale', shape: input, initializer: ones, fans: noFans, decays: false },
      { name: 'shift', shape: input, initializer: zeros, fans: noFans, decays: false },
    ],
    build({ epsilon = 1e-5 }, x, { parameters: [scale, shift] }) {
      const how = { axes: x.shape.slice(1).map((_, axis) => axis + 1), keepDims: true };
      const centred = subtract(x, mean(x, how));
      const normal = divide(centred, sqrt(add(mean(square(centred), how), epsilon)));
      return add(multiply(normal, scale!), shift!);
    },
  },
};
