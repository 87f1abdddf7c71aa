import type {
  OnnxBuilder,
  OnnxClassOutputs,
  OnnxMatrix,
  OnnxUnsupported,
  OnnxValue,
} from '../../define/onnx.ts';
import type { KernelMachine } from '../../math/svm/kernel-machine.ts';
import { classPairs } from '../../math/svm/one-vs-one.ts';
import { centred } from '../../math/svm/points.ts';
import type { UserKernel } from '../../math/svm/user-kernel.ts';

const DOUBLE = 11;
const INT64 = 7;

/** The outputs of a kernel machine, float64 [rows, outputs]. */
export function machineNodes(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  machine: KernelMachine,
  user: UserKernel | undefined,
): OnnxValue | OnnxUnsupported {
  if (user !== undefined) return { unsupported: 'its kernel is a function' };
  const { support, intercept } = machine;
  const [count, outputs] = [support.length, intercept.length];
  const bias = graph.constant(intercept, [1, outputs]);
  if (count === 0) {
    const zeros = graph.constant(new Float64Array(x.columns * outputs), [x.columns, outputs]);
    return graph.node('Add', [graph.node('MatMul', [x.value, zeros]), bias]);
  }
  const weights = graph.constant(weightsOf(machine), [count, outputs]);
  return graph.node('Add', [graph.node('MatMul', [valueNodes(graph, x, machine), weights]), bias]);
}

/** Kernel values with all support vectors, float64 [rows, support vectors]. */
function valueNodes(graph: OnnxBuilder, x: OnnxMatrix, machine: KernelMachine): OnnxValue {
  const { kernel, columns, center, support, supportVectors } = machine;
  const { name, gamma, coef0, degree } = kernel;
  if (name === 'precomputed')
    return graph.node('Gather', [x.value, graph.constant([...support])], { axis: 1 });
  const vectors = centred(supportVectors, center);
  const count = support.length;
  // The factor is in the constant: ONNX Runtime would fuse a scalar into the product, in float32.
  const factor = name === 'linear' ? 1 : name === 'rbf' ? 2 * gamma : gamma;
  const transposed = graph.constant(
    Float64Array.from(
      { length: vectors.length },
      (_, at) => factor * vectors[(at % count) * columns + Math.floor(at / count)]!,
    ),
    [columns, count],
  );
  if (name === 'rbf') {
    // −γ‖a‖² − γ‖b‖² + 2γ⟨a, b⟩, never above 0.
    const shifted = graph.node('Sub', [x.value, graph.constant(center, [1, columns])]);
    const own = graph.node('MatMul', [
      graph.node('Mul', [shifted, shifted]),
      graph.constant(new Float64Array(columns).fill(-gamma), [columns, 1]),
    ]);
    const squares = Float64Array.from({ length: count }, (_, s) =>
      vectors.subarray(s * columns, (s + 1) * columns).reduce((sum, value) => sum - gamma * value * value, 0),
    );
    const both = graph.node('Add', [own, graph.constant(squares, [1, count])]);
    const products = graph.node('MatMul', [shifted, transposed]);
    const exponent = graph.node('Min', [graph.node('Add', [both, products]), graph.scalar(0)]);
    return graph.node('Exp', [exponent]);
  }
  const products = graph.node('MatMul', [x.value, transposed]);
  if (name === 'linear') return products;
  const z = graph.node('Add', [products, graph.scalar(coef0)]);
  return name === 'poly' ? graph.node('Pow', [z, graph.scalar(degree)]) : tanhNodes(graph, z);
}

/** tanh z = 1 − 2 / (e^2z + 1): the operator itself has no float64 form everywhere. */
function tanhNodes(graph: OnnxBuilder, z: OnnxValue): OnnxValue {
  const power = graph.node('Exp', [graph.node('Mul', [z, graph.scalar(2)])]);
  const part = graph.node('Div', [graph.scalar(2), graph.node('Add', [power, graph.scalar(1)])]);
  return graph.node('Sub', [graph.scalar(1), part]);
}

/** Support vectors × outputs. */
function weightsOf({ support, intercept, segments, coefs }: KernelMachine): Float64Array {
  const outputs = intercept.length;
  const weights = new Float64Array(support.length * outputs);
  for (let at = 0; at < segments.length; at += 4) {
    const [output, place, first, last] = [0, 1, 2, 3].map((k) => segments[at + k]!) as [
      number,
      number,
      number,
      number,
    ];
    for (let s = first; s < last; s++) weights[s * outputs + output]! += coefs[place + s - first]!;
  }
  return weights;
}

/** What a classifier makes of the decisions of its pairs. */
export function voteNodes(
  graph: OnnxBuilder,
  pairs: OnnxValue,
  classes: number,
  {
    decisionFunctionShape,
    breakTies,
  }: { readonly decisionFunctionShape: 'ovr' | 'ovo'; readonly breakTies: boolean },
): OnnxClassOutputs {
  if (classes === 2) {
    // A decision of 0 goes to the second class.
    const codes = graph.node('Cast', [graph.node('LessOrEqual', [pairs, graph.scalar(0)])], { to: INT64 });
    return {
      scores: graph.node('Neg', [pairs]),
      codes: graph.node('Reshape', [codes, graph.constant([-1])]),
    };
  }
  const list = [...classPairs(classes)];
  const hot = (which: 0 | 1) => {
    const cells = new Float64Array(list.length * classes);
    for (const [row, pair] of list.entries()) cells[row * classes + pair[which]] = 1;
    return cells;
  };
  const [first, second] = [hot(0), hot(1)];
  const shape = [list.length, classes];
  /** Votes a class, where `op` says that a decision is one for the first class of its pair. */
  const votes = (op: 'Greater' | 'GreaterOrEqual') => {
    const isFirst = graph.node('Cast', [graph.node(op, [pairs, graph.scalar(0)])], { to: DOUBLE });
    const isSecond = graph.node('Sub', [graph.scalar(1), isFirst]);
    return graph.node('Add', [
      graph.node('MatMul', [isFirst, graph.constant(first, shape)]),
      graph.node('MatMul', [isSecond, graph.constant(second, shape)]),
    ]);
  };
  const codes = graph.node('ArgMax', [votes('Greater')], { axis: 1, keepdims: 0 });
  const signed = graph.constant(
    first.map((value, i) => value - second[i]!),
    shape,
  );
  const sums = graph.node('MatMul', [pairs, signed]);
  const size = graph.node('Add', [graph.node('Abs', [sums]), graph.scalar(1)]);
  const share = graph.node('Div', [sums, graph.node('Mul', [size, graph.scalar(3)])]);
  const scores = graph.node('Add', [votes('GreaterOrEqual'), share]);
  if (breakTies) return { scores };
  return { scores: decisionFunctionShape === 'ovo' ? pairs : scores, codes };
}

/** 0 where a decision is above 0, else −1: int64 [rows]. */
export function inlierNodes(graph: OnnxBuilder, decisions: OnnxValue): OnnxValue {
  const above = graph.node('Cast', [graph.node('Greater', [decisions, graph.scalar(0)])], { to: INT64 });
  const shifted = graph.node('Sub', [above, graph.constant([1])]);
  return graph.node('Reshape', [shifted, graph.constant([-1])]);
}
