import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';
import { freeRows } from '../../tensor/free-rows.ts';
import { lowerNodes } from '../../tensor/lower-graph.ts';
import { elementNumbers } from '../../tensor/onnx/element-types.ts';
import type { OnnxGraph } from '../../tensor/onnx/onnx-graph.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { denseNodes } from '../dense/dense-nodes.ts';
import { buildNetwork } from '../network.ts';
import { denseNetwork, type FittedNetwork, parametersByName } from './fitted-network.ts';

/**
 * A trained network as nodes, float64 [rows, inputs] → [rows, outputs]: in float64 when it has dense layers only, else in float32.
 * @throws OptionError `tensor/fixed-rows` for layers that need to know the number of rows beforehand.
 */
export function networkNodes(graph: OnnxBuilder, x: OnnxValue, network: FittedNetwork): OnnxValue {
  const dense = denseNetwork(network);
  if (dense !== undefined) return denseNodes(graph, x, dense);
  graph.losePrecision();
  const narrow = graph.node('Cast', [x], { to: elementNumbers.float32 });
  const shaped = graph.node('Reshape', [narrow, graph.constant([-1, ...network.inputShape])]);
  const [two, three] = [2, 3].map((rows) => forward(network, rows));
  const nodes = freeRows(two!.graph.nodes, three!.graph.nodes);
  const shapes = new Map(two!.parameters.map(({ name, shape }) => [name, shape]));
  const values = [...parametersByName(network)].map(
    ([name, data]) => [name, graph.constant(Float32Array.from(data), shapes.get(name)!)] as const,
  );
  // Inputs and parameters are given, so that nodes and constants are all that is added.
  const [output] = lowerNodes(graph as OnnxGraph, nodes, [two!.output], {
    ...{ real: 'float32', isPortable: true },
    given: new Map([['x', shaped], ...values]),
  });
  const flat = graph.node('Flatten', [output!], { axis: 1 });
  return graph.node('Cast', [flat], { to: elementNumbers.float64 });
}

interface Forward {
  readonly graph: TensorGraph;
  readonly output: Tensor;
  readonly parameters: ReturnType<typeof buildNetwork>['parameters'];
}

function forward(network: FittedNetwork, rows: number): Forward {
  const graph = new TensorGraph();
  const { output, parameters } = buildNetwork(
    graph,
    network,
    graph.input('x', [rows, ...network.inputShape]),
    'predict',
  );
  return { graph, output, parameters };
}
