import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';

/**
 * Probabilities [rows, classes] from scores, as {@link probabilitiesOf} computes them: one score a row is that of the second of two
 * classes, p = 1 / (1 + e^−score) written so that neither probability loses digits; several go through softmax.
 */
export function probabilityNodes(graph: OnnxBuilder, scores: OnnxValue, outputs: number): OnnxValue {
  if (outputs > 1) return graph.node('Softmax', [scores], { axis: 1 });
  const e = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [scores])])]);
  const one = graph.scalar(1);
  const likely = graph.node('Div', [one, graph.node('Add', [one, e])]);
  const unlikely = graph.node('Mul', [e, likely]);
  const isPositive = graph.node('GreaterOrEqual', [scores, graph.scalar(0)]);
  const first = graph.node('Where', [isPositive, unlikely, likely]);
  const second = graph.node('Where', [isPositive, likely, unlikely]);
  return graph.node('Concat', [first, second], { axis: 1 });
}
