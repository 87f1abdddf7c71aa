import type { FloatArray } from '../../core/shared.ts';
import type { Network } from '../network.ts';
import type { DenseActivation, DenseLayer } from './dense-layers.ts';

/** The dense layers of a network, each with the activation that follows it; dropout is left out. */
export function denseLayersOf(network: Network, parameters: ReadonlyMap<string, FloatArray>): DenseLayer[] {
  return network.layers.flatMap((layer, index) => {
    if (layer.kind !== 'dense') return [];
    const next = network.layers[index + 1];
    const activation = next?.kind === 'activation' ? (next.function as DenseActivation) : 'identity';
    return [
      { weights: parameters.get(`${index}.weights`)!, bias: parameters.get(`${index}.bias`)!, activation },
    ];
  });
}
