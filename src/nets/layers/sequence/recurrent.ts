import { affineLast } from '../../../tensor/affine-last.ts';
import { add, concat, multiply, negative, reshape, slice, transpose } from '../../../tensor/functions.ts';
import type { Shape, Tensor } from '../../../tensor/tensor.ts';
import type { Initializer } from '../initializers.ts';
import { type LayerContext, type LayerRule, type ParameterSpec, requireDimensions } from '../layer-rule.ts';

export interface RecurrentOptions {
  /** Numbers of the state. */
  readonly units: number;
  /** Layers one after another, each over the states of the one before. Default 1. */
  readonly layers?: number;
  /** Whether each layer has a second one that goes from the end to the start; their states are put side by side. Default false. */
  readonly bidirectional?: boolean;
  /** Share of the states that is dropped between layers while training. Default 0. */
  readonly dropout?: number;
  /** The state after the last time [units], the default, or those of all times [time, units]. Padding leaves a state as it is. */
  readonly returns?: 'last' | 'all';
  /** Default: uniform within ±1 / √units, as in PyTorch. */
  readonly initializer?: Initializer;
}

/** The parameters of one direction of one layer. Gates lie side by side in the columns. */
export interface RecurrentParameters {
  /** [features, gates × units]. */
  readonly inputWeights: Tensor;
  /** [units, gates × units]. */
  readonly recurrentWeights: Tensor;
  /** [gates × units], as is the other. */
  readonly inputBias: Tensor;
  readonly recurrentBias: Tensor;
}

/** How a state follows from the one before. */
export interface Cell {
  readonly gates: number;
  /** Done once before all steps: the parameters in the form that makes them cheapest. */
  prepare(parameters: RecurrentParameters): RecurrentParameters;
  /**
   * @param projected What the input gives to each gate, with its bias, [rows, gates × units].
   * @param state Tensors [rows, units], of which the first is what the layer gives; undefined stands for zeros.
   */
  step(
    projected: Tensor,
    state: readonly Tensor[] | undefined,
    parameters: RecurrentParameters,
  ): readonly Tensor[];
}

/** A layer that steps a cell through time. Weights are PyTorch's, transposed; all states are computed one after another in one graph. */
export function recurrent(kind: string, cell: Cell): LayerRule<RecurrentOptions> {
  return {
    parameters(options, input) {
      requireDimensions(kind, input, 2);
      return directionsOf(options).flatMap(({ layer, name }) =>
        specs(options, cell, name, inputsOf(options, layer, input[1]!)),
      );
    },
    build(options, x, context) {
      const { layers = 1, dropout = 0, returns = 'last' } = options;
      const directions = directionsOf(options);
      // Time first, so that the rows of one time lie together.
      let values = transpose(x, [1, 0, 2]);
      let last = values;
      for (let layer = 0; layer < layers; layer++) {
        if (layer > 0 && dropout > 0) values = dropped(values, dropout, context);
        const found = directions.flatMap((direction, i) =>
          direction.layer === layer
            ? [run(values, cell, direction.reverse, context.parameters.slice(4 * i, 4 * i + 4), context.mask)]
            : [],
        );
        last = concat(
          found.map(({ last }) => last),
          1,
        );
        values = concat(
          found.map(({ states }) => states),
          2,
        );
      }
      return returns === 'last' ? last : transpose(values, [1, 0, 2]);
    },
  };
}

interface Direction {
  readonly layer: number;
  readonly reverse: boolean;
  readonly name: string;
}

function directionsOf({ layers = 1, bidirectional = false }: RecurrentOptions): Direction[] {
  return Array.from({ length: layers }, (_, layer): Direction[] => [
    { layer, reverse: false, name: `${layer}` },
    ...(bidirectional ? [{ layer, reverse: true, name: `${layer}.reverse` }] : []),
  ]).flat();
}

function inputsOf(
  { units, bidirectional = false }: RecurrentOptions,
  layer: number,
  features: number,
): number {
  return layer === 0 ? features : units * (bidirectional ? 2 : 1);
}

function specs(
  { units, initializer }: RecurrentOptions,
  { gates }: Cell,
  name: string,
  inputs: number,
): ParameterSpec[] {
  const start = initializer ?? ({ kind: 'uniform', limit: 1 / Math.sqrt(units) } as const);
  const spec = (part: string, shape: Shape, decays: boolean) => ({
    ...{ name: `${name}.${part}`, shape, initializer: start, decays },
    fans: { fanIn: shape[0]!, fanOut: shape.at(-1)! },
  });
  return [
    spec('inputWeights', [inputs, gates * units], true),
    spec('recurrentWeights', [units, gates * units], true),
    spec('inputBias', [gates * units], false),
    spec('recurrentBias', [gates * units], false),
  ];
}

/** @param x [time, rows, inputs] → all states [time, rows, units], and the last [rows, units]. */
function run(
  x: Tensor,
  cell: Cell,
  reverse: boolean,
  given: readonly Tensor[],
  mask: Tensor | undefined,
): { readonly states: Tensor; readonly last: Tensor } {
  const [inputWeights, recurrentWeights, inputBias, recurrentBias] = given as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const [time, rows] = x.shape as [number, number];
  const parameters = cell.prepare({ inputWeights, recurrentWeights, inputBias, recurrentBias });
  const projected = affineLast(x, parameters.inputWeights, parameters.inputBias);
  const idle = mask && add(negative(mask), 1);
  let state: readonly Tensor[] | undefined;
  const outputs: Tensor[] = [];
  for (let i = 0; i < time; i++) {
    const t = reverse ? time - 1 - i : i;
    const own = reshape(slice(projected, 0, t, t + 1), [rows, projected.shape[2]!]);
    const next = cell.step(own, state, parameters);
    state =
      mask === undefined || idle === undefined
        ? next
        : keep(next, state, slice(mask, 1, t, t + 1), slice(idle, 1, t, t + 1));
    outputs[t] = state[0]!;
  }
  const last = state![0]!;
  return { states: reshape(concat(outputs, 0), [time, ...last.shape]), last };
}

/** The next state where there is an input, else the one before. */
function keep(
  next: readonly Tensor[],
  before: readonly Tensor[] | undefined,
  isInput: Tensor,
  isIdle: Tensor,
): Tensor[] {
  return next.map((value, i) => {
    const moved = multiply(value, isInput);
    return before === undefined ? moved : add(moved, multiply(before[i]!, isIdle));
  });
}

/** Drawn with the rows first, so that what is dropped of a row does not depend on how a batch is divided. */
function dropped(x: Tensor, rate: number, context: LayerContext): Tensor {
  const factors = context.dropout(transpose(x, [1, 0, 2]), rate);
  return factors === undefined ? x : multiply(x, transpose(factors, [1, 0, 2]));
}
