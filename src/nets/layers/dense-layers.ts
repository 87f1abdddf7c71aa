import { affineLast } from '../../tensor/affine-last.ts';
import { gelu, logistic, relu, tanh } from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Initializer, zeros } from './initializers.ts';
import { type LayerRules, noParameters, requireDimensions } from './layer-rule.ts';

export type Activation = 'identity' | 'relu' | 'tanh' | 'logistic' | 'gelu';

export interface DenseLayerKinds {
  /** [inputs] → [units], or [time, inputs] → [time, units]: x W + b. */
  readonly dense: { readonly units: number; readonly initializer?: Initializer; readonly bias?: Initializer };
  readonly activation: { readonly function: Activation };
}

export const activations: { readonly [A in Activation]: (x: Tensor) => Tensor } = {
  identity: (x) => x,
  ...{ relu, tanh, logistic, gelu },
};

export const denseLayers: LayerRules<DenseLayerKinds> = {
  dense: {
    parameters({ units, initializer = { kind: 'glorot', distribution: 'uniform' }, bias = zeros }, input) {
      if (input.length !== 2) requireDimensions('dense', input, 1);
      const inputs = input.at(-1)!;
      const fans = { fanIn: inputs, fanOut: units };
      return [
        { name: 'weights', shape: [inputs, units], initializer, fans, decays: true },
        { name: 'bias', shape: [units], initializer: bias, fans, decays: false },
      ];
    },
    build: (_, x, { parameters: [weights, bias] }) => affineLast(x, weights!, bias!),
  },
  activation: { parameters: noParameters, build: (layer, x) => activations[layer.function](x) },
};
