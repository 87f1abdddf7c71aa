import { sizeOf, type TensorNode } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { buildNetwork, type Network } from '../network.ts';

/** About how many floating-point operations one example costs forward; backward it is twice as many. */
export function networkOperations(network: Network): number {
  const graph = new TensorGraph();
  buildNetwork(graph, network, graph.input('x', [1, ...network.inputShape]), 'predict');
  return graph.nodes.reduce((sum, node) => sum + operationsOf(node, graph.nodes), 0);
}

function operationsOf({ op, inputs, shape, attributes }: TensorNode, nodes: readonly TensorNode[]): number {
  const of = (input: number) => nodes[inputs[input]!]!.shape;
  switch (op as string) {
    case 'input':
    case 'parameter':
    case 'constant':
    case 'reshape':
      return 0;
    case 'affine':
      return 2 * sizeOf(shape) * of(0)[1]!;
    case 'matmul':
      return 2 * sizeOf(shape) * of(0).at((attributes as { transposeA: boolean }).transposeA ? -2 : -1)!;
    case 'convolution':
      return 2 * sizeOf(shape) * sizeOf(of(1).slice(1));
    case 'convolutionInput':
      return 2 * sizeOf(of(0)) * sizeOf(of(1).slice(1));
    default:
      return sizeOf(shape);
  }
}
