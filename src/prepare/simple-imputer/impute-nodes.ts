import { onnxColumns, onnxNames } from '../../define/add-onnx.ts';
import type {
  OnnxBuilder,
  OnnxColumn,
  OnnxMatrix,
  OnnxTable,
  OnnxUnsupported,
  OnnxValue,
} from '../../define/onnx.ts';
import type { SimpleImputerState } from './statistics.ts';

/** What {@link imputeFrame} or {@link imputeMatrixBlock} computes. @param names Of the columns that come out. */
export function imputeNodes(
  graph: OnnxBuilder,
  state: SimpleImputerState,
  x: OnnxTable,
  names: readonly string[],
): OnnxTable | OnnxUnsupported {
  if (x.kind === 'matrix') return imputeMatrixNodes(graph, state, x, names);
  const columns: Omit<OnnxColumn, 'name'>[] = [];
  for (const [j, { name, fill }] of state.columns.entries()) {
    const column = x.columns[j]!;
    const { kind, value } = column;
    if (fill === null) continue;
    if (fill === '')
      return {
        unsupported: `column '${name}' is filled with an empty text, which stands for a missing one there`,
      };
    const filler = graph.constant(kind === 'string' ? [String(fill)] : Float64Array.of(Number(fill)));
    columns.push({
      kind: kind === 'boolean' && typeof fill !== 'boolean' ? 'number' : kind,
      value: graph.node('Where', [absence(graph, column), filler, value]),
    });
  }
  for (const j of state.indicator) columns.push({ kind: 'number', value: indicator(graph, x.columns[j]!) });
  return { kind: 'frame', columns: columns.map((column, j) => ({ ...column, name: names[j]! })) };
}

function absence(graph: OnnxBuilder, { kind, value }: Pick<OnnxColumn, 'kind' | 'value'>): OnnxValue {
  return kind === 'string'
    ? graph.node('Equal', [value, graph.constant([''])])
    : graph.node('IsNaN', [value]);
}

function indicator(graph: OnnxBuilder, column: Pick<OnnxColumn, 'kind' | 'value'>): OnnxValue {
  return graph.node('Cast', [absence(graph, column)], { to: 11 });
}

function imputeMatrixNodes(
  graph: OnnxBuilder,
  { columns, indicator: marked }: SimpleImputerState,
  x: OnnxMatrix,
  names: readonly string[],
): OnnxMatrix {
  const kept = columns.flatMap(({ fill }, j) => (fill === null ? [] : [j]));
  const select = (places: readonly number[]) =>
    places.length === x.columns
      ? x.value
      : graph.node('Gather', [x.value, graph.constant(places)], { axis: 1 });
  const parts: OnnxValue[] = [];
  if (kept.length > 0) {
    const value = select(kept);
    const fills = graph.constant(Float64Array.from(kept, (j) => Number(columns[j]!.fill)));
    parts.push(graph.node('Where', [graph.node('IsNaN', [value]), fills, value]));
  }
  if (marked.length > 0) parts.push(indicator(graph, { kind: 'number', value: select([...marked]) }));
  const value = onnxColumns(graph, parts);
  return { kind: 'matrix', value, columns: names.length, names: x.names && onnxNames({ ...x, names }) };
}
