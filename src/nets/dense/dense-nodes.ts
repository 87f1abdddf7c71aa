import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';
import type { DenseActivation, DenseLayer } from './dense-layers.ts';

const operators: { readonly [A in Exclude<DenseActivation, 'identity'>]: string } = {
  relu: 'Relu',
  tanh: 'Tanh',
  logistic: 'Sigmoid',
};

/** The layers as nodes, float64 [rows, inputs] → [rows, outputs]. */
export function denseNodes(graph: OnnxBuilder, x: OnnxValue, layers: readonly DenseLayer[]): OnnxValue {
  return layers.reduce((value, { weights, bias, activation }) => {
    const outputs = bias.length;
    const matrix = graph.constant(Float64Array.from(weights), [weights.length / outputs, outputs]);
    const sums = graph.node('Gemm', [value, matrix, graph.constant(Float64Array.from(bias))]);
    return activation === 'identity' ? sums : graph.node(operators[activation], [sums]);
  }, x);
}
