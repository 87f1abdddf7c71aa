import type { Matrix } from '../../core/matrix.ts';
import type { KernelFunction } from './kernel-function.ts';

/** Rows of a table as a kernel sees them. */
export interface KernelPoints {
  readonly kernel: KernelFunction;
  /** Row-major; about the means of the columns for RBF, which distances do not notice but their rounding does. */
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** What was subtracted from each column; zeros for kernels of products. */
  readonly center: Float64Array;
}

export function kernelPoints(kernel: KernelFunction, { data, rows, columns }: Matrix): KernelPoints {
  const center = new Float64Array(columns);
  if (kernel.name !== 'rbf') return { kernel, data, rows, columns, center };
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) center[j]! += data[at++]! / rows;
  return { kernel, data: centred(data, center), rows, columns, center };
}

/** A row-major table less `center`. */
export function centred(data: Float64Array, center: Float64Array): Float64Array {
  const columns = center.length;
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; )
    for (let j = 0; j < columns; j++, at++) out[at] = data[at]! - center[j]!;
  return out;
}

/**
 * Writes rows of a row-major table into panels of `width` points, column by column; what pads the last panel is 0.
 * @param rows Which rows, in order.
 */
export function fillPanels(
  out: Float32Array | Float64Array,
  data: Float64Array,
  columns: number,
  rows: Int32Array,
  width: number,
): void {
  const size = width * columns;
  const panels = Math.ceil(rows.length / width);
  out.subarray(Math.max(0, panels - 1) * size, panels * size).fill(0);
  for (let i = 0; i < rows.length; i++) {
    let at = Math.floor(i / width) * size + (i % width);
    const from = rows[i]! * columns;
    for (let j = 0; j < columns; j++, at += width) out[at] = data[from + j]!;
  }
}
