import type { FloatArray } from '../../core/shared.ts';
import type { DenseLayer } from '../../nets/dense/dense-layers.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import type { Network } from '../../nets/network.ts';
import type { MlpOptions } from './mlp-options.ts';

/** Weights and biases of a layer begin uniform within ±√(6 / (inputs + outputs)), or ±√(2 / …) for the logistic activation. */
export function mlpNetwork(inputs: number, outputs: number, options: MlpOptions): Network {
  const { hiddenLayerSizes, activation } = options;
  const gain = activation === 'logistic' ? 1 / Math.sqrt(3) : 1;
  const initializer = { kind: 'glorot', distribution: 'uniform', gain } as const;
  const dense = (units: number): Layer => ({ kind: 'dense', units, initializer, bias: initializer });
  return {
    inputShape: [inputs],
    layers: [
      ...hiddenLayerSizes.flatMap((units): Layer[] => [
        dense(units),
        { kind: 'activation', function: activation },
      ]),
      dense(outputs),
    ],
  };
}

/** Dense layers lie at every second place of the network, activations between. */
export function layersOf(
  parameters: ReadonlyMap<string, FloatArray>,
  { hiddenLayerSizes, activation }: MlpOptions,
): DenseLayer[] {
  return Array.from({ length: hiddenLayerSizes.length + 1 }, (_, i) => ({
    weights: parameters.get(`${2 * i}.weights`)!,
    bias: parameters.get(`${2 * i}.bias`)!,
    activation: i < hiddenLayerSizes.length ? activation : 'identity',
  }));
}

export function parametersOf(layers: readonly DenseLayer[]): Map<string, FloatArray> {
  return new Map(
    layers.flatMap(({ weights, bias }, i) => [
      [`${2 * i}.weights`, weights],
      [`${2 * i}.bias`, bias],
    ]),
  );
}
