import { onnxFrame, onnxMatrix } from '../../define/add-onnx.ts';
import type { OnnxBuilder, OnnxTable, OnnxUnsupported, OnnxValue } from '../../define/onnx.ts';
import { elementNumbers } from '../../tensor/onnx/element-types.ts';
import type { OnnxState, PortState } from './onnx-state.ts';

/** The outputs of an ONNX file for the columns of `x`, as {@link runOnnx} gives them, as part of a larger graph. */
export async function insertNodes(
  graph: OnnxBuilder,
  { bytes, inputs }: OnnxState,
  x: OnnxTable,
  outputs: readonly string[],
): Promise<readonly OnnxValue[] | OnnxUnsupported> {
  const fixed = inputs.find(({ shape }) => typeof shape?.[0] === 'number');
  if (fixed !== undefined)
    return { unsupported: `its file takes ${fixed.shape![0]} rows at a time, neither more nor fewer` };
  const single = inputs.length === 1 ? inputs[0]! : undefined;
  if (single?.element === 'string') return { unsupported: 'its file takes rows of text' };
  const feeds: Record<string, OnnxValue> = {};
  if (single !== undefined) feeds[single.name] = feedOf(graph, single, onnxMatrix(graph, x).value);
  else {
    const { columns } = onnxFrame(graph, x);
    for (const [j, port] of inputs.entries()) {
      const column = columns.find(({ name }) => name === port.name) ?? columns[j]!;
      if ((column.kind === 'string') !== (port.element === 'string'))
        return {
          unsupported: `column '${column.name}' is a ${column.kind}, but its file takes ${port.element}`,
        };
      feeds[port.name] = feedOf(graph, port, column.value);
    }
  }
  return graph.insert(bytes, feeds, outputs);
}

function feedOf(graph: OnnxBuilder, { element, shape }: PortState, value: OnnxValue): OnnxValue {
  if (element === 'float32' || element === 'float16' || element === 'bfloat16') graph.losePrecision();
  const cast =
    element === 'string' || element === 'float64'
      ? value
      : graph.node('Cast', [value], { to: elementNumbers[element] });
  const sizes = shape?.slice(1) ?? [''];
  if (sizes.length === 1 && shape !== null) return cast;
  // What is left open takes what is left of a row; 0 keeps the number of rows.
  const rest = sizes.map((size) => (typeof size === 'number' ? size : -1));
  const target = shape?.length === 1 ? [-1] : [0, ...rest];
  return graph.node('Reshape', [cast, graph.constant(target)]);
}

/** A numeric output as float64 [rows, width]. */
export function numbersOfOutput(graph: OnnxBuilder, value: OnnxValue, width: number): OnnxValue {
  const cast = graph.node('Cast', [value], { to: elementNumbers.float64 });
  return graph.node('Reshape', [cast, graph.constant([-1, width])]);
}
