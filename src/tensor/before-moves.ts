import { type Op, type OpAttributes, sameShape, type Tensor } from './tensor.ts';

const moving: readonly Op[] = ['reshape', 'transpose', 'takeRows'];

/**
 * Applies a function of single numbers before what only moves them, so that a move and its inverse meet and cancel out. Tensors that were
 * not moved alike are taken as they are.
 */
export function beforeMoves(
  tensors: readonly [Tensor, ...Tensor[]],
  apply: (...inner: Tensor[]) => Tensor,
): Tensor {
  const { graph } = tensors[0];
  const nodes = tensors.map(({ id }) => graph.nodes[id]!);
  const { op, attributes } = nodes[0]!;
  if (!moving.includes(op)) return apply(...tensors);
  const sources = nodes.map(({ inputs }) => inputs[0]!);
  const { shape } = graph.nodes[sources[0]!]!;
  const isSame = (other: unknown) =>
    other === attributes || JSON.stringify(other) === JSON.stringify(attributes);
  const isMoved =
    (op !== 'takeRows' || isReordering(attributes as OpAttributes['takeRows'], shape[0]!)) &&
    nodes.every((node, i) => node.op === op && sameShape(graph.nodes[sources[i]!]!.shape, shape)) &&
    nodes.every((node) => isSame(node.attributes));
  if (!isMoved) return apply(...tensors);
  const inner = sources.map((id) => graph.tensor(id)) as [Tensor, ...Tensor[]];
  return graph.apply(op, [beforeMoves(inner, apply)], attributes);
}

/** Whether all rows are there, in another order. */
export function isReordering({ rows }: OpAttributes['takeRows'], count: number): boolean {
  return rows.length === count && !rows.includes(-1) && new Set(rows).size === count;
}
