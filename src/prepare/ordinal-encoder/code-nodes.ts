import { onnxColumns, onnxNames } from '../../define/add-onnx.ts';
import type { OnnxBuilder, OnnxFrame, OnnxTable, OnnxUnsupported, OnnxValue } from '../../define/onnx.ts';
import { categoryNodes } from '../category-nodes.ts';
import type { OrdinalColumn, OrdinalValues } from './codes.ts';

/** What {@link writeCodes} writes; a category that it would refuse becomes NaN. */
export function codeNodes(
  graph: OnnxBuilder,
  columns: readonly OrdinalColumn[],
  x: OnnxFrame,
  { unknownValue, encodedMissingValue }: OrdinalValues,
): OnnxTable | OnnxUnsupported {
  const codes: OnnxValue[] = [];
  for (const [j, { categories, numbers }] of columns.entries()) {
    const missing = categories.hasMissing ? [encodedMissingValue ?? Number.NaN] : [];
    const all = Float64Array.from([...numbers, ...missing]);
    const code = categoryNodes(graph, x.columns[j]!, categories, all, unknownValue ?? Number.NaN);
    if (typeof code !== 'string') return code;
    codes.push(code);
  }
  const value = onnxColumns(graph, codes);
  return { kind: 'matrix', value, columns: codes.length, names: onnxNames(x) };
}
