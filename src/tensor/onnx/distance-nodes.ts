import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';

/**
 * Distances of each row of `x` from each of `count` points, float64 [rows, count], in the form of {@link powerOf}: for `power` 1
 * Σ |a − b|, 2 Σ (a − b)², 0 max |a − b|, else Σ |a − b|^power. Column after column, as heddle sums: the same bits, so that
 * the same points are at equal distance, and never more than rows × count numbers at a time.
 * @param points Row-major, count × columns.
 */
export function distanceNodes(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  points: Float64Array,
  power: number,
): OnnxValue {
  const { columns } = x;
  const count = points.length / columns;
  const values =
    columns === 1 ? [x.value] : graph.nodes('Split', [x.value], columns, { axis: 1, num_outputs: columns });
  let sum: OnnxValue | undefined;
  for (const [j, value] of values.entries()) {
    const own = Float64Array.from({ length: count }, (_, i) => points[i * columns + j]!);
    const difference = graph.node('Sub', [value, graph.constant(own, [1, count])]);
    const part = partOf(graph, difference, power);
    sum = sum === undefined ? part : graph.node(power === 0 ? 'Max' : 'Add', [sum, part]);
  }
  return sum!;
}

function partOf(graph: OnnxBuilder, difference: OnnxValue, power: number): OnnxValue {
  if (power === 2) return graph.node('Mul', [difference, difference]);
  const size = graph.node('Abs', [difference]);
  if (power <= 1) return size;
  if (!Number.isInteger(power) || power > 16) return graph.node('Pow', [size, graph.scalar(power)]);
  let product = size;
  for (let k = 1; k < power; k++) product = graph.node('Mul', [product, size]);
  return product;
}
