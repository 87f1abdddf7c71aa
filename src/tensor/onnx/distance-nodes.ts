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
  const count = points.length / x.columns;
  return sumOverColumns(graph, x, points, power, (column) => graph.constant(column, [1, count]));
}

/** The same for those of the points that each row names: float64 [rows, k]. @param indices int64 [rows, k]. */
export function distanceNodesOf(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  points: Float64Array,
  power: number,
  indices: OnnxValue,
): OnnxValue {
  return sumOverColumns(graph, x, points, power, (column) =>
    graph.node('Gather', [graph.constant(column), indices], { axis: 0 }),
  );
}

function sumOverColumns(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  points: Float64Array,
  power: number,
  place: (column: Float64Array) => OnnxValue,
): OnnxValue {
  const { columns } = x;
  const count = points.length / columns;
  const values =
    columns === 1 ? [x.value] : graph.nodes('Split', [x.value], columns, { axis: 1, num_outputs: columns });
  let sum: OnnxValue | undefined;
  for (const [j, value] of values.entries()) {
    const column = Float64Array.from({ length: count }, (_, i) => points[i * columns + j]!);
    const part = partOf(graph, graph.node('Sub', [value, place(column)]), power);
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
