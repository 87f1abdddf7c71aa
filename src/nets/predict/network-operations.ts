import { sizeOf, type TensorNode } from '../../tensor/tensor.ts';
import { describeNetwork, type Network } from '../network.ts';

/** About how many floating-point operations one example costs forward; backward it is twice as many. */
export function networkOperations(network: Network): number {
  const nodes = nodesOf(network);
  return nodes.reduce((sum, node) => sum + operationsOf(node, nodes), 0);
}

/** Products with weights that cost less than this share of all are left out. */
const SMALL_SHARE = 0.1;

/** The fewest rows that one example is in products with weights: 1 in a perceptron, the times of a sequence in a transformer. */
export function productRows(network: Network): number {
  const nodes = nodesOf(network);
  const byRows = new Map<number, number>();
  for (const node of nodes) {
    if (node.op !== 'affine') continue;
    const rows = node.shape[0]!;
    byRows.set(rows, (byRows.get(rows) ?? 0) + operationsOf(node, nodes));
  }
  const total = [...byRows.values()].reduce((sum, operations) => sum + operations, 0);
  const large = [...byRows].filter(([, operations]) => operations >= SMALL_SHARE * total);
  return large.length === 0 ? 1 : Math.min(...large.map(([rows]) => rows));
}

const nodesOf = (network: Network): readonly TensorNode[] => describeNetwork(network).output.graph.nodes;

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
