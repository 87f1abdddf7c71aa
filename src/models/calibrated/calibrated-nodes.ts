import { addOnnx } from '../../define/add-onnx.ts';
import type { OnnxBuilder, OnnxClassOutputs, OnnxTable, OnnxValue } from '../../define/onnx.ts';
import type { Specification } from '../../define/specification.ts';
import type { CalibratedState } from './calibrated-classifier.ts';
import type { Calibrator } from './calibrator.ts';
import type { Isotonic } from './isotonic-calibration.ts';

/**
 * The averaged probabilities of all parts. @throws OptionError when the classifier that was calibrated has no ONNX form
 */
export async function calibratedNodes(
  { parts, classes }: CalibratedState,
  estimator: Specification<'classifier'>,
  x: OnnxTable,
  graph: OnnxBuilder,
): Promise<OnnxClassOutputs> {
  let sum: OnnxValue | undefined;
  for (const { state, calibrators } of parts) {
    const found = await addOnnx(estimator, state, x, graph);
    const value = partNodes(graph, scoresOf(graph, found, classes), calibrators);
    sum = sum === undefined ? value : graph.node('Add', [sum, value]);
  }
  return { probabilities: graph.node('Div', [sum!, graph.constant(Float64Array.of(parts.length), [1, 1])]) };
}

/** float64 [rows, 1] with two classes, else [rows, classes]. */
function scoresOf(
  graph: OnnxBuilder,
  { scores, probabilities }: OnnxClassOutputs,
  classes: number,
): OnnxValue {
  if (scores !== undefined) return scores;
  return classes > 2
    ? probabilities!
    : graph.node('Gather', [probabilities!, graph.constant([1])], { axis: 1 });
}

/** Probabilities [rows, classes] of one part. */
function partNodes(graph: OnnxBuilder, scores: OnnxValue, calibrators: readonly Calibrator[]): OnnxValue {
  const count = calibrators.length;
  const values = calibrators.map((calibrator, c) => {
    const own = count === 1 ? scores : graph.node('Gather', [scores, graph.constant([c])], { axis: 1 });
    return calibrator.kind === 'isotonic'
      ? isotonicNodes(graph, own, calibrator)
      : sigmoidNodes(graph, own, calibrator);
  });
  if (count === 1) {
    return graph.node('Concat', [graph.node('Sub', [graph.scalar(1), values[0]!]), values[0]!], { axis: 1 });
  }
  const all = graph.node('Concat', values, { axis: 1 });
  const sums = graph.node('MatMul', [all, graph.constant(new Float64Array(count).fill(1), [count, 1])]);
  const even = graph.constant(new Float64Array(count).fill(1 / count), [1, count]);
  return graph.node('Where', [
    graph.node('Greater', [sums, graph.scalar(0)]),
    graph.node('Div', [all, sums]),
    even,
  ]);
}

function sigmoidNodes(
  graph: OnnxBuilder,
  scores: OnnxValue,
  { slope, offset }: { readonly slope: number; readonly offset: number },
): OnnxValue {
  // The factor has a shape, so that it is not fused with a product into one of float32.
  const scaled = graph.node('Mul', [scores, graph.constant(Float64Array.of(slope), [1, 1])]);
  const z = graph.node('Add', [scaled, graph.constant(Float64Array.of(offset), [1, 1])]);
  const one = graph.scalar(1);
  const e = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [z])])]);
  const large = graph.node('Div', [one, graph.node('Add', [one, e])]);
  return graph.node('Where', [
    graph.node('GreaterOrEqual', [z, graph.scalar(0)]),
    graph.node('Mul', [e, large]),
    large,
  ]);
}

/** y_0 + Σ slope_k · min(max(score − x_k, 0), x_k+1 − x_k) */
function isotonicNodes(graph: OnnxBuilder, scores: OnnxValue, { x, y }: Isotonic): OnnxValue {
  const count = x.length - 1;
  const base = graph.constant(y.slice(0, 1), [1, 1]);
  const wide = count > 0 ? count : 1;
  const width = Float64Array.from({ length: wide }, (_, k) => (count > 0 ? x[k + 1]! - x[k]! : 1));
  const slope = Float64Array.from({ length: wide }, (_, k) =>
    count > 0 ? (y[k + 1]! - y[k]!) / width[k]! : 0,
  );
  const start = count > 0 ? x.slice(0, count) : x;
  const beyond = graph.node('Sub', [scores, graph.constant(start, [1, wide])]);
  const within = graph.node('Min', [
    graph.node('Max', [beyond, graph.constant(new Float64Array(wide), [1, wide])]),
    graph.constant(width, [1, wide]),
  ]);
  return graph.node('Add', [base, graph.node('MatMul', [within, graph.constant(slope, [wide, 1])])]);
}
