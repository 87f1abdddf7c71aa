import { OptionError } from '../core/errors.ts';
import type { RandomState } from '../core/random.ts';
import { type Shape, sameShape, shapeText, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { TensorGraph } from '../tensor/tensor-graph.ts';
import { initialize } from './layers/initializers.ts';
import { type Layer, type LayerKind, type LayerKinds, layerRules } from './layers/layer.ts';
import type { LayerRule, MaskedTensor, ParameterSpec } from './layers/layer-rule.ts';

/** A network as plain data: layers one after another. */
export interface Network {
  /** Of one example. */
  readonly inputShape: Shape;
  readonly layers: readonly Layer[];
}

/** A parameter with the name that it has in the whole network, such as `2.weights`, or `2.layers.0.weights` within a residual layer. */
export interface NetworkParameter extends ParameterSpec {
  /** Number of the layer of the network that it belongs to. */
  readonly layer: number;
}

/** Random numbers that a step needs: factors that drop, or standard normal ones. */
export interface StepDraw {
  readonly name: string;
  readonly shape: Shape;
  /** Of dropping; null for normal numbers. */
  readonly rate: number | null;
}

export interface BuiltNetwork {
  readonly output: Tensor;
  readonly parameters: readonly (NetworkParameter & { readonly tensor: Tensor })[];
  readonly draws: readonly StepDraw[];
  /** What each buffer becomes after a step, by name; none when the network predicts. */
  readonly updates: readonly { readonly name: string; readonly tensor: Tensor }[];
  /** What layers add to the loss of each row. */
  readonly penalties: readonly Tensor[];
  /** What each layer gives. */
  readonly activations: readonly Tensor[];
  /** What the steps of layers that have some give, in order. */
  readonly steps: readonly BuiltStep[];
}

/** A step of a layer, such as of a graph. */
export interface BuiltStep {
  /** The number of the layer of the network. */
  readonly layer: number;
  readonly name: string;
  readonly tensor: Tensor;
  /** The parameters that came with it: from which on, and how many. */
  readonly parameters: readonly [from: number, count: number];
}

/** What messages call a layer: its kind and its number from 1. */
export function layerName({ layers }: Network, index: number): string {
  return `${index + 1} (${layers[index]!.kind})`;
}

/**
 * Adds a network to a graph.
 * @param x The batch, [rows, …inputShape].
 * @param nameOf What messages call a layer.
 * @throws OptionError `tensor/shape` naming the layer and the shapes that do not fit.
 */
export function buildNetwork(
  graph: TensorGraph,
  network: Network,
  x: Tensor,
  purpose: 'train' | 'predict',
  nameOf: (network: Network, index: number) => string = layerName,
): BuiltNetwork {
  const parameters: BuiltNetwork['parameters'][number][] = [];
  const draws: StepDraw[] = [];
  const updates: BuiltNetwork['updates'][number][] = [];
  const penalties: Tensor[] = [];
  const activations: Tensor[] = [];
  const steps: BuiltStep[] = [];
  const draw = (of: Tensor, rate: number | null) => {
    if (purpose === 'predict') return undefined;
    const name = `draw.${draws.length}`;
    draws.push({ name, shape: of.shape, rate });
    return graph.input(name, of.shape);
  };
  function shared(name: string, { shape, isBuffer }: ParameterSpec): (typeof parameters)[number] | undefined {
    const found = parameters.find((one) => one.name === name);
    if (found === undefined || (sameShape(found.shape, shape) && isBuffer !== true)) return found;
    const need =
      isBuffer === true
        ? 'has statistics of its own, of which it could not keep two'
        : `has ${shapeText(found.shape)} as ${name.split('.').at(-1)}, where ${shapeText(shape)} would be needed`;
    throw new OptionError('tensor/shape', `A layer cannot be used again here: it ${need}.`, {
      parameter: name,
    });
  }
  /** @param top The number of the layer of the network. */
  function buildLayer(layer: Layer, x: MaskedTensor, place: Place, top: number): MaskedTensor {
    const rule = layerRules[layer.kind] as LayerRule<LayerKinds[LayerKind]>;
    let { mask } = x;
    const own = rule.parameters(layer as never, x.value.shape.slice(1)).map((spec) => {
      const name = `${place.path}.${spec.name}`;
      // A layer that is used again has the parameters that it had.
      return shared(name, spec) ?? { ...spec, name, layer: top, tensor: graph.parameter(name, spec.shape) };
    });
    parameters.push(...own.filter((one) => !parameters.includes(one)));
    const value = rule.build(layer as never, x.value, {
      parameters: own.map(({ tensor }) => tensor),
      dropout: draw,
      noise: (of) => draw(of, null),
      isTraining: purpose === 'train',
      update(buffer, next) {
        const { name } = own.find(({ tensor }) => tensor.id === buffer.id)!;
        if (purpose === 'train') updates.push({ name, tensor: next });
      },
      mask: x.mask,
      setMask(tensor) {
        mask = tensor;
      },
      layer(inner, tensor, { mask: innerMask, part }) {
        const path = `${place.path}.${part}`;
        return buildLayer(
          inner as Layer,
          { value: tensor, mask: innerMask },
          { name: place.name, path },
          top,
        );
      },
      step(name, build) {
        const from = parameters.length;
        const given = graph.within(`${place.name}, ${name}`, build);
        const ownStep = own.some(({ tensor }) => tensor.id === given.tensor.id);
        const at = ownStep ? parameters.findIndex(({ tensor }) => tensor.id === given.tensor.id) : from;
        steps.push({
          ...{ layer: top, name, tensor: given.tensor },
          parameters: [at, ownStep ? 1 : parameters.length - from],
        });
        return given;
      },
      layers(layers, inner, part) {
        const within = layers.reduce<MaskedTensor>(
          (masked, one, i) => {
            const name = `${place.name}, ${i + 1} (${one.kind})`;
            const path = `${place.path}.${part}.${i}`;
            return graph.within(name, () => buildLayer(one as Layer, masked, { name, path }, top));
          },
          { value: inner, mask: x.mask },
        );
        mask ??= within.mask;
        return within.value;
      },
      penalize: (rows) => penalties.push(rows),
    });
    const keepsTime = value.shape.length === 3 && value.shape[1] === mask?.shape[1];
    return { value, mask: keepsTime ? mask : undefined };
  }
  let masked: MaskedTensor = { value: x, mask: undefined };
  for (const [index, layer] of network.layers.entries()) {
    const name = nameOf(network, index);
    masked = graph.within(name, () => buildLayer(layer, masked, { name, path: String(index) }, index));
    activations.push(masked.value);
  }
  return { output: masked.value, parameters, draws, updates, penalties, activations, steps };
}

/** Of a layer: what messages call it, and what the names of its parameters begin with. */
interface Place {
  readonly name: string;
  readonly path: string;
}

const described = new WeakMap<Network, BuiltNetwork>();

/** A network built for one row, to read its shapes and operations from; kept as long as the network is. @throws OptionError as {@link buildNetwork} */
export function describeNetwork(network: Network): BuiltNetwork {
  let found = described.get(network);
  if (found === undefined) {
    const graph = new TensorGraph();
    found = buildNetwork(graph, network, graph.input('x', [1, ...network.inputShape]), 'predict');
    described.set(network, found);
  }
  return found;
}

/** The parameters of a network, in order. @throws OptionError for layers that do not fit. */
export function networkParameters(network: Network): NetworkParameter[] {
  return describeNetwork(network).parameters.map(({ tensor, ...rest }) => rest);
}

/** Draws values for all parameters, in order, in float64. */
export function initialParameters(network: Network, random: RandomState): Map<string, Float64Array> {
  return new Map(
    networkParameters(network).map(({ name, shape, initializer, fans }) => {
      const values = new Float64Array(sizeOf(shape));
      initialize(values, initializer, fans, random);
      return [name, values];
    }),
  );
}

/** The shape of what the network gives for one example. */
export function outputShape(network: Network): Shape {
  return describeNetwork(network).output.shape.slice(1);
}

export interface LayerSummary {
  /** Such as `1 (dense)`. */
  readonly layer: string;
  /** Of one example. */
  readonly outputShape: Shape;
  readonly parameters: number;
}

/** What each layer gives and how many parameters it has; of a graph, each of its steps. */
export function summarizeNetwork(network: Network): LayerSummary[] {
  const built = describeNetwork(network);
  const count = (parameters: BuiltNetwork['parameters']) =>
    parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  return network.layers.flatMap((_, index) => {
    const steps = built.steps.filter(({ layer }) => layer === index);
    if (steps.length === 0) {
      return {
        layer: layerName(network, index),
        outputShape: built.activations[index]!.shape.slice(1),
        parameters: count(built.parameters.filter(({ layer }) => layer === index)),
      };
    }
    return steps.map(({ name, tensor, parameters: [from, own] }) => ({
      layer: `${index + 1}.${name}`,
      // Parameters and constants are the same for all examples.
      outputShape: isConstant(tensor) ? tensor.shape : tensor.shape.slice(1),
      parameters: count(built.parameters.slice(from, from + own)),
    }));
  });
}

function isConstant({ graph, id }: Tensor): boolean {
  const { op } = graph.nodes[id]!;
  return op === 'parameter' || op === 'constant';
}
