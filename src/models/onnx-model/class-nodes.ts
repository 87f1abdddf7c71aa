import type {
  OnnxBuilder,
  OnnxClassOutputs,
  OnnxTable,
  OnnxUnsupported,
  OnnxValue,
} from '../../define/onnx.ts';
import type { OnnxClassifierState } from './classifier-state.ts';
import { insertNodes, numbersOfOutput } from './insert-nodes.ts';

/** The classes and probabilities of an ONNX file as part of a larger graph. */
export async function classNodes(
  state: OnnxClassifierState,
  x: OnnxTable,
  graph: OnnxBuilder,
): Promise<OnnxClassOutputs | OnnxUnsupported> {
  const { label, probabilities, width } = state;
  const names = [label, probabilities].filter((name) => name !== null);
  const outputs = await insertNodes(graph, state, x, names);
  if ('unsupported' in outputs) return outputs;
  const codes = label === null ? undefined : codeNodes(graph, outputs[0]!, state);
  if (probabilities === null) return { codes };
  return { codes, probabilities: orderNodes(graph, numbersOfOutput(graph, outputs.at(-1)!, width), state) };
}

/** Labels as codes, int64 [rows]. */
function codeNodes(graph: OnnxBuilder, label: OnnxValue, { classes }: OnnxClassifierState): OnnxValue {
  const isText = typeof classes[0] === 'string';
  const keys = isText ? (classes as string[]) : classes.map(Number);
  const known = isText ? label : graph.node('Cast', [label], { to: 7 });
  const codes = graph.node('ai.onnx.ml.LabelEncoder', [known], {
    keys_tensor: { tensor: keys },
    values_tensor: { tensor: classes.map((_, code) => code) },
    default_tensor: { tensor: [0] },
  });
  return graph.node('Reshape', [codes, graph.constant([-1])]);
}

/** Probabilities in the order of the classes. */
function orderNodes(graph: OnnxBuilder, value: OnnxValue, { width, places }: OnnxClassifierState): OnnxValue {
  const all =
    width === 1
      ? graph.node('Concat', [graph.node('Sub', [graph.scalar(1), value]), value], { axis: 1 })
      : value;
  return graph.node('Gather', [all, graph.constant([...places])], { axis: 1 });
}
