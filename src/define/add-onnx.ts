import { OptionError } from '../core/errors.ts';
import type { Input, State } from './definition.ts';
import type {
  OnnxBuilder,
  OnnxFrame,
  OnnxMatrix,
  OnnxOutputs,
  OnnxTable,
  OnnxUnsupported,
  OnnxValue,
} from './onnx.ts';
import type { Specification } from './specification.ts';

type AnyOutputs = OnnxOutputs[keyof OnnxOutputs];
type AnyHook = (
  state: State,
  x: OnnxTable,
  graph: OnnxBuilder,
  options: object,
) => AnyOutputs | OnnxUnsupported | Promise<AnyOutputs | OnnxUnsupported>;

/**
 * Adds the nodes of a fitted specification to a graph, by its definition's hook.
 * @throws OptionError `onnx/unsupported` naming the model and the reason.
 */
export async function addOnnx<K extends keyof OnnxOutputs>(
  specification: Specification & { readonly kind: K },
  state: State,
  x: OnnxTable,
  graph: OnnxBuilder,
): Promise<OnnxOutputs[K]> {
  const { definition, options, name } = specification;
  const hook = definition.onnx as AnyHook | undefined;
  if (definition.kind === 'clusterer' && definition.predict === undefined)
    throw unsupportedOnnx(name, 'it has clusters for its training rows only and cannot place new ones');
  if (hook === undefined) throw unsupportedOnnx(name, 'its definition has no hook `onnx`');
  const outputs = await hook.call(definition, state, onnxInput(definition.input, x, graph), graph, options);
  if (typeof outputs === 'object' && 'unsupported' in outputs)
    throw unsupportedOnnx(name, outputs.unsupported);
  return outputs as OnnxOutputs[K];
}

export function unsupportedOnnx(model: string, reason: string): OptionError {
  return new OptionError('onnx/unsupported', `${model} cannot be written as ONNX: ${reason}.`, {
    model,
    reason,
  });
}

function onnxInput(input: Input = 'matrix', x: OnnxTable, graph: OnnxBuilder): OnnxTable {
  if (input === 'table') return x;
  return input === 'frame' ? onnxFrame(graph, x) : onnxMatrix(graph, x);
}

/** The columns of a table side by side. @throws OptionError for a column of text, which no matrix holds. */
export function onnxMatrix(graph: OnnxBuilder, x: OnnxTable): OnnxMatrix {
  if (x.kind === 'matrix') return x;
  const { columns } = x;
  const text = columns.find(({ kind }) => kind === 'string');
  if (text !== undefined) throw unsupportedOnnx('a matrix of numbers', `column '${text.name}' holds text`);
  const names = columns.map(({ name }) => name);
  const value = onnxColumns(
    graph,
    columns.map((column) => column.value),
  );
  return { kind: 'matrix', value, columns: columns.length, names };
}

/** float64 values [rows, any] side by side. */
export function onnxColumns(graph: OnnxBuilder, values: readonly OnnxValue[]): OnnxValue {
  return values.length === 1 ? values[0]! : graph.node('Concat', values, { axis: 1 });
}

/** A matrix as columns of numbers; unnamed ones are called `x0`, `x1`, …, as in {@link Frame.fromMatrix}. */
export function onnxFrame(graph: OnnxBuilder, x: OnnxTable): OnnxFrame {
  if (x.kind === 'frame') return x;
  const values =
    x.columns === 1
      ? [x.value]
      : graph.nodes('Split', [x.value], x.columns, { axis: 1, num_outputs: x.columns });
  return {
    kind: 'frame',
    columns: values.map((value, j) => ({ name: x.names?.[j] ?? `x${j}`, kind: 'number', value })),
  };
}

/** Names of the columns of a table, as {@link onnxFrame} gives them. */
export function onnxNames(x: OnnxTable): readonly string[] {
  if (x.kind === 'frame') return x.columns.map(({ name }) => name);
  return x.names ?? Array.from({ length: x.columns }, (_, j) => `x${j}`);
}
