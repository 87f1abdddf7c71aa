import { OptionError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import { type Shape, shapeText, sizeOf } from '../tensor/tensor.ts';
import { TensorGraph } from '../tensor/tensor-graph.ts';
import { type GraphStep, stepName } from './layers/graph/graph-layer.ts';
import {
  exampleShape,
  type GraphOperation,
  type GraphOperations,
  type GraphValue,
  graphOperations,
} from './layers/graph/graph-operations.ts';
import { parameterName } from './layers/graph/graph-schema.ts';
import type { Initializer } from './layers/initializers.ts';
import type { Layer, LayerKind, LayerKinds } from './layers/layer.ts';
import { layerKinds, layerSchema } from './layers/layer-schema.ts';
import { buildNetwork, type Network } from './network.ts';

/** A value of a network that is being described: one for each example, or a parameter or constant, which is the same for all. */
export interface NetworkTensor {
  /** Of one example. */
  readonly shape: Shape;
}

type Operand = NetworkTensor | number;
type Unary = 'negative' | 'absolute' | 'exp' | 'log' | 'sqrt' | 'square' | 'relu' | 'tanh' | 'logistic';
type OtherUnary = 'softplus' | 'gelu' | 'erf' | 'softmax' | 'logSoftmax';
type Binary = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** Layers by their kinds: `dense(x, { units: 64 })`. Each call makes a layer of its own. */
type LayerFunctions = {
  readonly [K in Exclude<LayerKind, 'graph' | 'reshape'>]: (
    x: NetworkTensor,
    ...options: Record<never, never> extends LayerKinds[K] ? [LayerKinds[K]?] : [LayerKinds[K]]
  ) => NetworkTensor;
};

type OperationFunctions = {
  readonly [O in Unary | OtherUnary]: (x: NetworkTensor) => NetworkTensor;
} & { readonly [O in Binary]: (a: Operand, b: Operand) => NetworkTensor } & {
  readonly [O in 'sum' | 'mean' | 'max']: (x: NetworkTensor, how?: GraphOperations[O]) => NetworkTensor;
} & {
  /** x where the condition is above 0, else y. */
  readonly select: (condition: NetworkTensor, x: Operand, y: Operand) => NetworkTensor;
  readonly power: (x: NetworkTensor, exponent: number) => NetworkTensor;
  readonly matmul: (a: NetworkTensor, b: NetworkTensor, how?: GraphOperations['matmul']) => NetworkTensor;
  readonly transpose: (x: NetworkTensor, axes?: readonly number[]) => NetworkTensor;
  readonly reshape: (x: NetworkTensor, shape: Shape) => NetworkTensor;
  readonly concat: (parts: readonly NetworkTensor[], axis?: number) => NetworkTensor;
  readonly slice: (x: NetworkTensor, axis: number, from: number, to: number) => NetworkTensor;
  readonly pad: (x: NetworkTensor, axis: number, before: number, after: number) => NetworkTensor;
};

/** What a network is described with. Shapes and axes are those of one example; sizes of 1 are repeated as in NumPy. */
export type NetworkFunctions = LayerFunctions &
  OperationFunctions & {
    /** A layer to be used several times, with the same parameters each time. */
    readonly share: (layer: Layer) => (x: NetworkTensor) => NetworkTensor;
    /** Numbers to be learned, of a layer of your own. Default: glorot for two dimensions and more, zeros else. */
    readonly parameter: (name: string, shape: Shape, initializer?: Initializer) => NetworkTensor;
    readonly constant: (values: readonly number[], shape?: Shape) => NetworkTensor;
  };

/**
 * A network as a function of tensors, for what a list of layers cannot say: skips, several branches, shared layers, parameters and
 * formulas of your own. The function is called once, here; what it does is kept as plain data, so that models are saved, loaded and
 * exported without it.
 *
 *     const network = networkOf([3, 32, 32], (x, { conv2d, batchNorm, relu, add, globalAvgPool }) => {
 *       const convolve = (of: NetworkTensor) => batchNorm(conv2d(of, { filters: 32, kernelSize: 3, padding: 'same', useBias: false }));
 *       const first = relu(convolve(x));
 *       return globalAvgPool(relu(add(first, convolve(first))));
 *     });
 *     console.log(networkTable(network));
 *     const model = await neuralNetworkClassifier({ ...network, epochs: 20 }).fit(pixels, labels);
 *
 * @param inputShape Of one example.
 * @throws OptionError where shapes do not fit, at once, naming the step; for options that a layer does not have.
 */
export function networkOf(
  inputShape: Shape,
  build: (x: NetworkTensor, functions: NetworkFunctions) => NetworkTensor,
): Network {
  const trace = openTrace(inputShape);
  const output = trace.outputOf(build(trace.input, trace.functions));
  const { layers, steps } = trace;
  return { inputShape: [...inputShape], layers: [{ kind: 'graph', layers, steps, output }] };
}

interface Trace {
  readonly input: NetworkTensor;
  readonly functions: NetworkFunctions;
  readonly layers: readonly Layer[];
  readonly steps: readonly GraphStep[];
  /** The number of a value that the network can give. @throws OptionError for one that is the same for all examples, or of another network. */
  outputOf(value: NetworkTensor): number;
}

function openTrace(inputShape: Shape): Trace {
  const layers: Layer[] = [];
  const steps: GraphStep[] = [];
  const values = new Map<NetworkTensor, { readonly number: number; readonly isBatched: boolean }>();
  const input: NetworkTensor = { shape: [...inputShape] };
  values.set(input, { number: 0, isBatched: true });

  function found(value: NetworkTensor) {
    const known = values.get(value);
    if (known !== undefined) return known;
    throw new OptionError(
      'option/invalid',
      'networkOf: what the function passed on or gave back is no value of this network. Use what its functions return.',
      { option: 'network' },
    );
  }
  function record(step: GraphStep, shape: Shape, isBatched: boolean): NetworkTensor {
    steps.push(step);
    const value: NetworkTensor = { shape };
    values.set(value, { number: steps.length, isBatched });
    return value;
  }
  /** What a value is where its shape is all that counts. */
  function standIn(graph: TensorGraph, value: NetworkTensor): GraphValue {
    const { isBatched } = found(value);
    return { tensor: graph.input('x', isBatched ? [1, ...value.shape] : value.shape), isBatched };
  }
  /** Runs `measure` as the step that comes next, whose name messages get. */
  function next<T>(step: GraphStep, measure: (graph: TensorGraph, name: string) => T): T {
    const graph = new TensorGraph();
    const name = stepName(step, steps.length, layers);
    return graph.within(name, () => measure(graph, name));
  }

  function useLayer(number: number, x: NetworkTensor): NetworkTensor {
    const step = { op: 'layer', layer: number, inputs: [found(x).number] } as const;
    if (!found(x).isBatched)
      throw new OptionError(
        'tensor/shape',
        'networkOf: a layer takes what there is for each example, not a parameter.',
      );
    const shape = next(step, (graph, name) => {
      const network = { inputShape: x.shape, layers: [layers[number]!] };
      return buildNetwork(graph, network, standIn(graph, x).tensor, 'predict', () => name).output.shape.slice(
        1,
      );
    });
    return record(step, shape, true);
  }
  function addLayer(layer: Layer): number {
    layers.push(parseOptions(layerSchema, layer, `networkOf: ${layer.kind}`));
    return layers.length - 1;
  }
  function constant(numbers: readonly number[], shape: Shape = [numbers.length]): NetworkTensor {
    if (sizeOf(shape) !== numbers.length)
      throw new OptionError(
        'tensor/shape',
        `constant: ${numbers.length} numbers have not the shape ${shapeText(shape)}.`,
      );
    return record({ op: 'constant', shape: [...shape], values: [...numbers] }, [...shape], false);
  }
  function parameter(name: string, shape: Shape, initializer?: Initializer): NetworkTensor {
    if (
      !parameterName.safeParse(name).success ||
      steps.some((one) => one.op === 'parameter' && one.name === name)
    ) {
      throw new OptionError(
        'option/invalid',
        `parameter: '${name}' is no name of letters, digits and underscores that begins with a letter, or there is such a parameter.`,
        { option: 'name' },
      );
    }
    return record(
      { op: 'parameter', name, shape: [...shape], ...(initializer && { initializer }) },
      [...shape],
      false,
    );
  }
  function operate<O extends GraphOperation>(
    op: O,
    operands: readonly Operand[],
    attributes: GraphOperations[O],
  ): NetworkTensor {
    const inputs = operands.map((one) =>
      typeof one === 'number' ? record({ op: 'constant', shape: [], values: [one] }, [], false) : one,
    );
    const step = {
      op,
      inputs: inputs.map((one) => found(one).number),
      ...attributes,
    } as unknown as GraphStep;
    const isBatched = inputs.some((one) => found(one).isBatched);
    const shape = next(step, (graph) => {
      const build = graphOperations[op] as (
        inputs: readonly GraphValue[],
        given: typeof attributes,
      ) => GraphValue['tensor'];
      const tensor = build(
        inputs.map((one) => standIn(graph, one)),
        attributes,
      );
      return exampleShape({ tensor, isBatched });
    });
    return record(step, shape, isBatched);
  }

  type Loose = (...given: readonly never[]) => unknown;
  const spread =
    (op: GraphOperation): Loose =>
    (...operands: readonly Operand[]) =>
      operate(op, operands, {} as never);
  const operations = Object.fromEntries(
    (Object.keys(graphOperations) as GraphOperation[]).map((op) => [op, spread(op)]),
  );
  const layerFunctions = Object.fromEntries(
    layerKinds.map((kind): [string, Loose] => [
      kind,
      (x: NetworkTensor, options: object = {}) => useLayer(addLayer({ kind, ...options } as Layer), x),
    ]),
  );
  const told: Omit<OperationFunctions, Unary | OtherUnary | Binary | 'select'> = {
    sum: (x, how = {}) => operate('sum', [x], how),
    mean: (x, how = {}) => operate('mean', [x], how),
    max: (x, how = {}) => operate('max', [x], how),
    power: (x, exponent) => operate('power', [x], { exponent }),
    matmul: (a, b, how = {}) => operate('matmul', [a, b], how),
    transpose: (x, axes) => operate('transpose', [x], axes === undefined ? {} : { axes: [...axes] }),
    reshape: (x, shape) => operate('reshape', [x], { shape: [...shape] }),
    concat: (parts, axis = -1) => operate('concat', parts, { axis }),
    slice: (x, axis, from, to) => operate('slice', [x], { axis, from, to }),
    pad: (x, axis, before, after) => operate('pad', [x], { axis, before, after }),
  };
  const functions = {
    ...{ ...layerFunctions, ...operations, ...told, parameter, constant },
    share(layer: Layer) {
      const number = addLayer(layer);
      return (x: NetworkTensor) => useLayer(number, x);
    },
  } as unknown as NetworkFunctions;
  return {
    ...{ input, functions, layers, steps },
    outputOf(value) {
      const { number, isBatched } = found(value);
      if (isBatched) return number;
      throw new OptionError(
        'tensor/shape',
        'networkOf: the function must give something for each example, not a parameter or constant.',
      );
    },
  };
}
