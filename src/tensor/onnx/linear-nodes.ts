import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import type { LinearMap } from '../../math/linear-scores.ts';

/** X · coefᵀ + intercept, float64 [rows, outputs]. */
export function linearNodes(graph: OnnxBuilder, x: OnnxMatrix, { coef, intercept }: LinearMap): OnnxValue {
  const weights = graph.constant(coef, [intercept.length, x.columns]);
  return graph.node('Gemm', [x.value, weights, graph.constant(intercept)], { transB: 1 });
}
