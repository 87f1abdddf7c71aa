import { DataError } from '../core/errors.ts';
import { type Column, columnCell, columnLength, isMissing } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';

/** The numbers of a complete target column. @throws DataError for text. */
export function numbersOf(target: Column): Float64Array {
  if (target.kind === 'number' || target.kind === 'date') return target.values;
  if (target.kind === 'boolean') return Float64Array.from(target.values);
  throw new DataError('data/not-a-number', 'The target holds text, but the model predicts numbers.');
}

/** The labels of a complete target column. @throws DataError for dates. */
export function labelsOf(target: Column): Label[] {
  if (target.kind === 'date') {
    throw new DataError('data/not-classes', 'The target holds dates, but the model predicts classes.');
  }
  return Array.from({ length: columnLength(target) }, (_, i) => columnCell(target, i) as Label);
}

/** Rows whose target is present and a number where it is numeric. */
export function rowsWithTarget(target: Column): Int32Array {
  const rows: number[] = [];
  for (let i = 0, n = columnLength(target); i < n; i++) {
    if (!isMissing(target, i) && (target.kind === 'string' || !Number.isNaN(target.values[i]))) rows.push(i);
  }
  return Int32Array.from(rows);
}
