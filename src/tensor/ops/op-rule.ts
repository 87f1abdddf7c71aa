import { OptionError } from '../../core/errors.ts';
import type { OnnxValue } from '../../define/onnx.ts';
import { elementNumbers } from '../onnx/element-types.ts';
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import {
  type Element,
  type Op,
  type OpAttributes,
  type Shape,
  shapeText,
  type Tensor,
  type TensorNode,
} from '../tensor.ts';

/** What a graph is lowered with. */
export interface Lowering {
  readonly graph: OnnxGraph;
  /** The type of real numbers. */
  readonly real: 'float32' | 'float64';
  /** A constant of real numbers. */
  constant(values: readonly number[], shape?: Shape): OnnxValue;
  /** Shapes of the inputs of the node; the number of rows may be free, see `free-rows.ts`. */
  readonly shapes: readonly Shape[];
  /** What `build` gave for the key before, or gives now: for nodes whose outputs several operations take. */
  once<T>(key: string, build: () => T): T;
  /** Whether only operators of the standard may be used. */
  readonly isPortable: boolean;
}

/** Everything that is known of an operation. */
export interface OpRule<O extends Op> {
  /** The shape of the result. @throws OptionError by {@link misfit}. */
  shape(shapes: readonly Shape[], attributes: OpAttributes[O], inputs: readonly Tensor[]): Shape;
  /** What the result holds; default: real numbers. */
  element?(attributes: OpAttributes[O]): Element;
  /** Adds the ONNX nodes that compute it. */
  lower(inputs: readonly OnnxValue[], node: TensorNode<O>, to: Lowering): OnnxValue;
  /**
   * The gradient of a scalar by each input, given the gradient `dy` by the result `y`; undefined for an input that has none. `'none'`
   * where the result does not vary with the inputs, or is never differentiated.
   */
  readonly gradient: 'none' | Gradient<O>;
}

export type Gradient<O extends Op> = (
  dy: Tensor,
  y: Tensor,
  inputs: readonly Tensor[],
  attributes: OpAttributes[O],
) => readonly (Tensor | undefined)[];

/** Says that shapes do not fit; the graph adds the layer. */
export function misfit(op: Op, shapes: readonly Shape[], need: string): OptionError {
  return new OptionError('tensor/shape', `${op} of ${shapes.map(shapeText).join(' and ')}: ${need}`, { op });
}

export function requireRank(op: Op, shapes: readonly Shape[], ...ranks: readonly number[]): void {
  for (const [i, rank] of ranks.entries()) {
    if (shapes[i]!.length !== rank)
      throw misfit(op, shapes, `operand ${i + 1} must have ${rank} dimensions, not ${shapes[i]!.length}.`);
  }
}

/** 1 where the index is the place, else 0; indices with a last axis of size 1, whole numbers of the type of the places. */
export function isPlace({ graph, real }: Lowering, index: OnnxValue, places: OnnxValue): OnnxValue {
  return graph.node('Cast', [graph.node('Equal', [index, places])], { to: elementNumbers[real] });
}
