import { OptionError } from '../core/errors.ts';
import type { OpRule } from './ops/op-rule.ts';
import { opRules } from './ops/op-rules.ts';
import type { Builder, Element, Op, OpAttributes, Shape, Tensor, TensorNode } from './tensor.ts';

/**
 * A graph of operations under construction. Its nodes are plain data, in an order of computation.
 *
 *     const graph = new TensorGraph();
 *     const x = graph.input('x', [32, 4]);
 *     const y = relu(affine(x, graph.parameter('w', [4, 8]), graph.parameter('b', [8])));
 */
export class TensorGraph implements Builder {
  readonly nodes: TensorNode[] = [];
  #layer: string | undefined;

  /** A value fed at every run. */
  input(name: string, shape: Shape, element: Element = 'real'): Tensor {
    return this.apply('input', [], { name, shape, element });
  }

  /** A value that training changes. */
  parameter(name: string, shape: Shape): Tensor {
    return this.apply('parameter', [], { name, shape });
  }

  /** @throws OptionError `tensor/shape` naming the operation and the shapes, and through {@link within} the layer. */
  apply<O extends Op>(op: O, inputs: readonly Tensor[], attributes: OpAttributes[O]): Tensor {
    const rule = opRules[op] as OpRule<O>;
    const id = this.nodes.length;
    const shapes = inputs.map((input) => input.shape);
    const shape = rule.shape(shapes, attributes, inputs);
    const element = rule.element?.(attributes) ?? 'real';
    const node: TensorNode<O> = {
      op,
      inputs: inputs.map((input) => input.id),
      attributes,
      shape,
      element,
      layer: this.#layer,
    };
    this.nodes.push(node as unknown as TensorNode);
    return { graph: this, id, shape, element };
  }

  /** Runs `build`; what it adds belongs to the layer, which messages name. */
  within<T>(layer: string, build: () => T): T {
    const outer = this.#layer;
    this.#layer = layer;
    try {
      return build();
    } catch (error) {
      // Layers within others throw through all of them; the innermost is named.
      if (!(error instanceof OptionError) || 'layer' in error.details) throw error;
      throw new OptionError(error.code, `Layer ${layer}: ${error.message}`, { ...error.details, layer });
    } finally {
      this.#layer = outer;
    }
  }

  /** The result of node `id`. */
  tensor(id: number): Tensor {
    const { shape, element } = this.nodes[id]!;
    return { graph: this, id, shape, element };
  }
}
