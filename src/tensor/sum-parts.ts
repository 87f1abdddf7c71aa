import { add, concat, matmul, pad, sumRows } from './functions.ts';
import type { Op, OpAttributes, Tensor } from './tensor.ts';
import type { TensorGraph } from './tensor-graph.ts';

/** Products from which one product of rows side by side pays for their copies. */
const MANY = 3;

/**
 * The sum of what a tensor receives as gradient. Parts that slices of it gave are put side by side instead of being padded with zeros and
 * added, and products that a weight of many steps in time gets become one:
 *
 *     pad(a, 0, n) + pad(b, m, 0) = concat(a, b)        Σ Aᵢᵀ Bᵢ = concat(Aᵢ)ᵀ concat(Bᵢ)
 */
export function sumParts(graph: TensorGraph, parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0]!;
  const rest: Tensor[] = [];
  const pads = new Map<number, Tensor[]>();
  const products: Tensor[] = [];
  const sums: Tensor[] = [];
  for (const part of parts) {
    const pad = attributesOf(graph, part, 'pad');
    const product = attributesOf(graph, part, 'matmul');
    if (pad !== undefined) {
      const along = pads.get(pad.axis) ?? [];
      pads.set(pad.axis, along);
      along.push(part);
    } else if (product?.transposeA === true && !product.transposeB && part.shape.length === 2) {
      products.push(part);
    } else if (attributesOf(graph, part, 'sumRows') !== undefined) {
      sums.push(part);
    } else {
      rest.push(part);
    }
  }
  const sideBySide = (several: readonly Tensor[], input: 0 | 1) =>
    concat(
      several.map(({ id }) => graph.tensor(graph.nodes[id]!.inputs[input]!)),
      0,
    );
  const joined = [
    ...[...pads].flatMap(([axis, along]) => joinPads(graph, axis, along)),
    ...(products.length < MANY
      ? products
      : [matmul(sideBySide(products, 0), sideBySide(products, 1), { transposeA: true })]),
    ...(sums.length < MANY ? sums : [sumRows(sideBySide(sums, 0))]),
  ];
  return [...rest, ...joined].reduce((total, part) => add(total, part));
}

/** Parts that do not overlap are put side by side, others stay. */
function joinPads(graph: TensorGraph, axis: number, parts: readonly Tensor[]): readonly Tensor[] {
  const placed = parts.map((part) => {
    const inner = graph.tensor(graph.nodes[part.id]!.inputs[0]!);
    const { before } = attributesOf(graph, part, 'pad')!;
    return { inner, from: before, to: before + inner.shape[axis]! };
  });
  placed.sort((a, b) => a.from - b.from);
  if (parts.length < 2 || placed.some(({ to }, i) => i + 1 < placed.length && to > placed[i + 1]!.from))
    return parts;
  const size = parts[0]!.shape[axis]!;
  let at = 0;
  const pieces = placed.map(({ inner, from, to }, i) => {
    const [before, after] = [from - at, i === placed.length - 1 ? size - to : 0];
    at = to;
    return before === 0 && after === 0 ? inner : pad(inner, axis, before, after);
  });
  return [concat(pieces, axis)];
}

function attributesOf<O extends Op>(graph: TensorGraph, { id }: Tensor, op: O): OpAttributes[O] | undefined {
  const node = graph.nodes[id]!;
  return node.op === op ? (node.attributes as OpAttributes[O]) : undefined;
}
