import type { FloatArray } from '../../core/shared.ts';
import type { DenseActivation, DenseLayer } from '../dense/dense-layers.ts';
import { type Network, networkParameters } from '../network.ts';

/** A trained network as plain data. */
export interface FittedNetwork extends Network {
  /** Values in the order of {@link networkParameters}, buffers included. */
  readonly parameters: readonly FloatArray[];
}

/** @param values By name. */
export function fittedNetwork(network: Network, values: ReadonlyMap<string, FloatArray>): FittedNetwork {
  const { inputShape, layers } = network;
  return { inputShape, layers, parameters: networkParameters(network).map(({ name }) => values.get(name)!) };
}

/** The parameters by name. */
export function parametersByName(network: FittedNetwork): Map<string, FloatArray> {
  return new Map(networkParameters(network).map(({ name }, i) => [name, network.parameters[i]!]));
}

const denseActivations: readonly string[] = [
  'identity',
  'relu',
  'tanh',
  'logistic',
] satisfies DenseActivation[];

/**
 * A network that is nothing but dense layers, each with one of their activations: such a one is computed in float64 without ONNX
 * Runtime. Undefined for any other.
 */
export function denseNetwork(network: FittedNetwork): DenseLayer[] | undefined {
  const dense: DenseLayer[] = [];
  let canActivate = false;
  let at = 0;
  for (const layer of network.layers) {
    switch (layer.kind) {
      case 'dense': {
        const [weights, bias] = network.parameters.slice(at, at + 2);
        at += 2;
        dense.push({ weights: weights!, bias: bias!, activation: 'identity' });
        canActivate = true;
        break;
      }
      case 'activation':
        if (!canActivate || !denseActivations.includes(layer.function)) return undefined;
        dense.push({ ...dense.pop()!, activation: layer.function as DenseActivation });
        canActivate = false;
        break;
      // What is left of these once a network is trained moves no number.
      case 'dropout':
      case 'flatten':
      case 'reshape':
        break;
      default:
        return undefined;
    }
  }
  return dense.length === 0 ? undefined : dense;
}
