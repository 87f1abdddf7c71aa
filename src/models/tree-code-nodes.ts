import { onnxColumns, onnxFrame, onnxMatrix } from '../define/add-onnx.ts';
import type { OnnxBuilder, OnnxMatrix, OnnxTable, OnnxUnsupported, OnnxValue } from '../define/onnx.ts';
import { categoryNodes } from '../prepare/category-nodes.ts';
import type { ColumnCategories } from './tree-categories.ts';

/** A table as the trees see it, in a graph: columns of categories by their codes, NaN where unknown or missing. */
export function codeNodes(
  graph: OnnxBuilder,
  x: OnnxTable,
  categories: readonly ColumnCategories[] = [],
): OnnxMatrix | OnnxUnsupported {
  if (categories.length === 0) return onnxMatrix(graph, x);
  const { columns } = onnxFrame(graph, x);
  const values: OnnxValue[] = [];
  for (const [j, column] of columns.entries()) {
    const own = categories.find((one) => one.column === j);
    const value =
      own === undefined
        ? column.value
        : categoryNodes(graph, column, own, Float64Array.from(own.codes), Number.NaN);
    if (typeof value === 'object' && 'unsupported' in value) return value;
    values.push(value);
  }
  const names = columns.map(({ name }) => name);
  return { kind: 'matrix', value: onnxColumns(graph, values), columns: columns.length, names };
}
