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
  const tensors = Object.values(outputs);
  const values = lowerNodes(graph, nodes, tensors, { real });
  for (const [i, name] of Object.keys(outputs).entries())
    graph.output(name, values[i]!, real, nodes[tensors[i]!.id]!.shape);
  return graph;
}

export interface LowerOptions {
  readonly real: 'float32' | 'float64';
  /** Values that stand for inputs and parameters, by name; those without one become inputs of the graph. */
  readonly given?: ReadonlyMap<string, OnnxValue>;
  /** Whether only operators of the standard are used, which other runtimes than ours know too. Default false. */
  readonly isPortable?: boolean;
}

/** Adds the nodes that compute `outputs` to a graph; @returns their values. */
export function lowerNodes(
  graph: OnnxGraph,
  nodes: readonly TensorNode[],
  outputs: readonly Pick<Tensor, 'id'>[],
  { real, given = new Map(), isPortable = false }: LowerOptions,
): OnnxValue[] {
  const numbers = (values: readonly number[]) =>
    real === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  const constant = (values: readonly number[], shape: readonly number[] = []) =>
    graph.constant(numbers(values), shape);
  const needed = ancestors(nodes, outputs);
  const values = new Map<number, OnnxValue>();
  const built = new Map<string, unknown>();
  const once = <T>(key: string, build: () => T): T => {
    if (!built.has(key)) built.set(key, build());
    return built.get(key) as T;
  };
  for (const [id, node] of nodes.entries()) {
    if (!needed.has(id)) continue;
    const known = 'name' in node.attributes ? given.get(node.attributes.name as string) : undefined;
    if (known !== undefined) {
      values.set(id, known);
      continue;
    }
    const { lower } = opRules[node.op] as OpRule<Op>;
    const shapes = node.inputs.map((input) => nodes[input]!.shape);
    const to: Lowering = { graph, real, constant, once, shapes, isPortable };
    values.set(
      id,
      lower(
        node.inputs.map((input) => values.get(input)!),
        node as never,
        to,
      ),
    );
  }
  return outputs.map(({ id }) => values.get(id)!);
}

function ancestors(nodes: readonly TensorNode[], last: readonly Pick<Tensor, 'id'>[]): Set<number> {
  const found = new Set(last.map(({ id }) => id));
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (found.has(id)) for (const input of nodes[id]!.inputs) found.add(input);
  }
  return found;
}
