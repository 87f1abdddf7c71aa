import { OptionError } from '../../../core/errors.ts';
import { type Shape, sizeOf, type Tensor } from '../../../tensor/tensor.ts';
import { type Initializer, zeros } from '../initializers.ts';
import type { LayerRule, ParameterSpec } from '../layer-rule.ts';
import {
  type GraphOperation,
  type GraphOperations,
  type GraphValue,
  graphOperations,
  sameForAll,
} from './graph-operations.ts';

/** Numbers to be learned that belong to no layer. */
export interface GraphParameter {
  readonly op: 'parameter';
  readonly name: string;
  /** The same for all examples. */
  readonly shape: Shape;
  /** Default: glorot for two dimensions and more, zeros else. */
  readonly initializer?: Initializer | undefined;
}

/** One step of a graph. `inputs` are numbers of values: 0 is the input of the network, k what step k, counted from 1, gives. */
export type GraphStep =
  | { readonly op: 'layer'; readonly layer: number; readonly inputs: readonly number[] }
  | GraphParameter
  | { readonly op: 'constant'; readonly shape: Shape; readonly values: readonly number[] }
  | {
      readonly [O in GraphOperation]: {
        readonly op: O;
        readonly inputs: readonly number[];
      } & GraphOperations[O];
    }[GraphOperation];

/** [shape] → [shape]: a network that was given as a function of tensors, as the steps that the function took. */
export interface Graph<Inner> {
  /** Several steps may use one layer, which then has the same parameters in all of them. */
  readonly layers: readonly Inner[];
  readonly steps: readonly GraphStep[];
  /** The number of the value that the graph gives. */
  readonly output: number;
}

type AnyLayer = { readonly kind: string };

/** What a step gives, and where it is padded. */
interface MaskedValue extends GraphValue {
  readonly mask: Tensor | undefined;
}

/** What messages call a step: its number and the layer or operation. */
export function stepName(step: GraphStep, index: number, layers: readonly AnyLayer[]): string {
  return `${index + 1} (${step.op === 'layer' ? layers[step.layer]?.kind : step.op})`;
}

export const graphLayer: LayerRule<Graph<AnyLayer>> = {
  levels({ layers, steps }) {
    const first = steps.find((step) => step.op === 'layer' && step.inputs[0] === 0);
    const layer = first?.op === 'layer' ? layers[first.layer] : undefined;
    return layer?.kind === 'embedding' ? (layer as unknown as { levels: number }).levels : undefined;
  },
  parameters: ({ steps }) => steps.flatMap((step) => (step.op === 'parameter' ? [specOf(step)] : [])),
  build({ layers, steps, output }, x, context) {
    const values: MaskedValue[] = [{ tensor: x, isBatched: true, mask: context.mask }];
    const own = context.parameters.values();
    const valueAt = (number: number): MaskedValue => {
      const found = values[number];
      if (found !== undefined) return found;
      throw unfit(`there is no value ${number} before step ${values.length}.`);
    };
    for (const [index, step] of steps.entries()) {
      const name = stepName(step, index, layers);
      const value = context.step(name, () => {
        switch (step.op) {
          case 'parameter':
            return { tensor: own.next().value!, isBatched: false, mask: undefined };
          case 'constant':
            return { ...sameForAll(x, step.values, step.shape), mask: undefined };
          case 'layer': {
            const input = valueAt(step.inputs[0]!);
            const layer = layers[step.layer];
            if (layer === undefined) throw unfit(`there is no layer ${step.layer}.`);
            if (!input.isBatched) throw unfit('a layer takes what there is for each example.');
            const given = context.layer(layer, input.tensor, { mask: input.mask, part: String(step.layer) });
            return { tensor: given.value, isBatched: true, mask: given.mask };
          }
          default:
            return operate(step.op, step.inputs.map(valueAt), step);
        }
      });
      values.push(value);
    }
    const given = valueAt(output);
    if (!given.isBatched) throw unfit('the network must give something for each example.');
    if (given.mask !== undefined) context.setMask(given.mask);
    return given.tensor;
  },
};

function operate(
  op: GraphOperation,
  inputs: readonly MaskedValue[],
  attributes: GraphOperations[GraphOperation],
): MaskedValue {
  const build = graphOperations[op] as (inputs: readonly GraphValue[], given: typeof attributes) => Tensor;
  const tensor = build(inputs, attributes);
  // What is padded stays so as long as the times stay.
  const mask = inputs.find((input) => input.mask !== undefined)?.mask;
  const keepsTime = tensor.shape.length === 3 && tensor.shape[1] === mask?.shape[1];
  return {
    tensor,
    isBatched: inputs.some(({ isBatched }) => isBatched),
    mask: keepsTime ? mask : undefined,
  };
}

/** Inputs are all dimensions but the last, as of a dense layer. */
export function specOf({ name, shape, initializer }: GraphParameter): ParameterSpec {
  const fanOut = shape.at(-1) ?? 1;
  const isMatrix = shape.length >= 2;
  return {
    ...{ name, shape, decays: isMatrix, fans: { fanIn: sizeOf(shape) / fanOut, fanOut } },
    initializer: initializer ?? (isMatrix ? { kind: 'glorot', distribution: 'uniform' } : zeros),
  };
}

function unfit(message: string): OptionError {
  return new OptionError('tensor/shape', `graph: ${message}`, { kind: 'graph' });
}
