import { onnxColumns } from '../../define/add-onnx.ts';
import type { OnnxBuilder, OnnxFrame, OnnxTable, OnnxUnsupported, OnnxValue } from '../../define/onnx.ts';
import { categoryNodes } from '../category-nodes.ts';
import type { HandleUnknown } from './encode.ts';
import { columnOfGroup, namesOfColumns, type OneHotColumn } from './layout.ts';

/** What {@link writeOnes} writes; a category that it would refuse makes all columns of its column NaN. */
export function onesNodes(
  graph: OnnxBuilder,
  columns: readonly OneHotColumn[],
  x: OnnxFrame,
  handleUnknown: HandleUnknown,
): OnnxTable | OnnxUnsupported {
  const blocks: OnnxValue[] = [];
  for (const [j, layout] of columns.entries()) {
    if (layout.width === 0) continue;
    const places = Float64Array.from(layout.grouped, (group) => columnOfGroup(layout, group));
    const unknown = unknownPlace(layout, handleUnknown);
    const place = categoryNodes(graph, x.columns[j]!, layout.categories, places, unknown);
    if (typeof place !== 'string') return place;
    const range = Float64Array.from({ length: layout.width }, (_, at) => at);
    const isThere = graph.node('Equal', [place, graph.constant(range, [1, layout.width])]);
    const ones = graph.node('Cast', [isThere], { to: 11 });
    // 0 · place is 0, or NaN for the unknown.
    blocks.push(
      handleUnknown === 'error'
        ? graph.node('Add', [ones, graph.node('Mul', [place, graph.scalar(0)])])
        : ones,
    );
  }
  if (blocks.length === 0) return { unsupported: 'it makes no columns' };
  const names = namesOfColumns(columns);
  return { kind: 'matrix', value: onnxColumns(graph, blocks), columns: names.length, names };
}

/** Where the 1 of an unknown category goes; −1: nowhere. */
function unknownPlace(layout: OneHotColumn, handleUnknown: HandleUnknown): number {
  if (handleUnknown === 'error') return Number.NaN;
  if (handleUnknown === 'ignore' || layout.rare.length === 0) return -1;
  return columnOfGroup(layout, layout.grouped[layout.rare[0]!]!);
}
