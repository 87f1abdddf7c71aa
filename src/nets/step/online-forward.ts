import { OptionError } from '../../core/errors.ts';
import type { Team } from '../../kernels/host/team.ts';
import { layerName, type Network } from '../network.ts';
import type { StepParameter } from './step-memory.ts';

/** Activations by the kernel's numbers. */
const activationNumbers = { identity: 0, relu: 1, tanh: 2, logistic: 3 } as const;

export type OnlineActivation = keyof typeof activationNumbers;

/** A dense layer whose float32 parameters lie at addresses of kernel memory. */
export interface OnlineLayer {
  /** Of row-major weights, inputs × outputs. */
  readonly weights: number;
  readonly bias: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: OnlineActivation;
}

/** A network that answers at once, for acting: about a microsecond for a row through two layers of 64. */
export interface OnlineForward {
  /** Row-major, rows × inputs: to be filled before a run. */
  readonly inputs: Float32Array;
  /**
   * Puts the first `rows` rows (default: all) through the network as its parameters are now.
   * @returns row-major outputs, the same array each time.
   */
  run(rows?: number): Float32Array;
}

/** @param rows The most rows at a time. Its memory is freed with the job's. */
export function onlineForward(
  { arena, kernels }: Pick<Team, 'arena' | 'kernels'>,
  layers: readonly OnlineLayer[],
  rows = 1,
): OnlineForward {
  const width = layers[0]!.inputs;
  const places = [width, ...layers.map(({ outputs }) => outputs)].map((count) => arena.f32(rows * count));
  const calls = layers.map(({ weights, bias, inputs, outputs, activation }, k) => {
    const [from, to] = [places[k]!, places[k + 1]!];
    const number = activationNumbers[activation];
    return (count: number) =>
      kernels.denseForward(0, 1, from, count, inputs, weights, bias, outputs, number, to);
  });
  const outputs = arena.viewF32(places.at(-1)!, rows * layers.at(-1)!.outputs);
  return {
    inputs: arena.viewF32(places[0]!, rows * width),
    run(count = rows) {
      for (const call of calls) call(count);
      return outputs;
    },
  };
}

/**
 * The layers of a network whose parameters a step keeps.
 * @param places Of the network, see `Step.places`.
 * @throws OptionError for layers that are neither dense nor one of the activations identity, relu, tanh, logistic.
 */
export function onlineLayers(network: Network, places: readonly StepParameter[]): OnlineLayer[] {
  const address = (name: string) => places.find((one) => one.name.endsWith(`.${name}`))!;
  const layers: OnlineLayer[] = [];
  for (const [index, layer] of network.layers.entries()) {
    const last = layers.at(-1);
    if (layer.kind === 'dense') {
      const [weights, bias] = [address(`${index}.weights`), address(`${index}.bias`)];
      const [inputs, outputs] = weights.shape as readonly [number, number];
      layers.push({
        weights: weights.address,
        bias: bias.address,
        ...{ inputs, outputs, activation: 'identity' },
      });
    } else if (
      layer.kind === 'activation' &&
      last?.activation === 'identity' &&
      Object.hasOwn(activationNumbers, layer.function)
    ) {
      layers[layers.length - 1] = { ...last, activation: layer.function as OnlineActivation };
    } else {
      throw new OptionError(
        'tensor/not-online',
        `Layer ${layerName(network, index)}: only dense layers, each with relu, tanh, logistic or no activation, answer row by row.`,
        { layer: index },
      );
    }
  }
  return layers;
}
