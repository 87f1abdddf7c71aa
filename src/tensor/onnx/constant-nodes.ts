import type { OnnxBuilder, OnnxData, OnnxTable, OnnxValue } from '../../define/onnx.ts';

/** The same values for every row of `x`: [rows, values]. */
export function constantNodes(graph: OnnxBuilder, x: OnnxTable, values: OnnxData): OnnxValue {
  const any = x.kind === 'matrix' ? x.value : x.columns[0]!.value;
  const rows = graph.node('Shape', [any], { start: 0, end: 1 });
  const shape = graph.node('Concat', [rows, graph.constant([values.length])], { axis: 0 });
  return graph.node('Expand', [graph.constant(values), shape]);
}
