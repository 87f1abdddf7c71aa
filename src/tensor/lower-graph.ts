import type { OnnxValue } from '../define/onnx.ts';
import { OnnxGraph } from './onnx/onnx-graph.ts';
import type { Lowering, OpRule } from './ops/op-rule.ts';
import { opRules } from './ops/op-rules.ts';
import type { Op, Tensor, TensorNode } from './tensor.ts';

/**
 * The nodes that compute `outputs` as one ONNX graph; inputs and parameters are its inputs.
 * @param nodes Of a graph, as plain data.
 */
export function lowerGraph(
  nodes: readonly TensorNode[],
  outputs: Readonly<Record<string, Pick<Tensor, 'id'>>>,
  real: 'float32' | 'float64' = 'float32',
): OnnxGraph {
  const graph = new OnnxGraph();
  const numbers = (values: readonly number[]) =>
    real === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  const constant = (values: readonly number[], shape: readonly number[] = []) =>
    graph.constant(numbers(values), shape);
  const needed = ancestors(nodes, Object.values(outputs));
  const values = new Map<number, OnnxValue>();
  for (const [id, node] of nodes.entries()) {
    if (!needed.has(id)) continue;
    const { lower } = opRules[node.op] as OpRule<Op>;
    const to: Lowering = { graph, real, constant, shapes: node.inputs.map((input) => nodes[input]!.shape) };
    values.set(
      id,
      lower(
        node.inputs.map((input) => values.get(input)!),
        node as never,
        to,
      ),
    );
  }
  for (const [name, { id }] of Object.entries(outputs))
    graph.output(name, values.get(id)!, real, nodes[id]!.shape);
  return graph;
}

function ancestors(nodes: readonly TensorNode[], last: readonly Pick<Tensor, 'id'>[]): Set<number> {
  const found = new Set(last.map(({ id }) => id));
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (found.has(id)) for (const input of nodes[id]!.inputs) found.add(input);
  }
  return found;
}
