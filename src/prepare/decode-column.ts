import { type Column, codeStrings, columnFromCells } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { Category } from './category.ts';
import type { LearnedCategories } from './learned-categories.ts';

/** What rare categories are called when they are turned back into a category. */
export const INFREQUENT = 'infrequent';

/**
 * A column of the kind it was learned from, out of one category a row. A column of numbers or booleans that holds
 * {@link INFREQUENT} becomes text.
 */
export function decodeColumn(
  { name, kind }: LearnedCategories,
  rows: number,
  categoryOf: (row: number) => Category,
): Column {
  const cells: Category[] = Array.from({ length: rows }, (_, row) => categoryOf(row));
  if (kind === 'string' || cells.includes(INFREQUENT)) {
    return codeStrings(rows, (row) => cells[row]?.toString());
  }
  const first = cells.findIndex((cell) => cell !== null);
  // A column without a value has the kind it was learned with.
  const sample: Label = kind === 'boolean' ? false : 0;
  const column = columnFromCells(name, first < 0 ? [sample, ...cells] : cells);
  if (first >= 0) return column;
  const missing = new Uint8Array(rows).fill(1);
  return kind === 'boolean'
    ? { kind, values: new Uint8Array(rows), missing }
    : { kind, values: new Float64Array(rows).fill(Number.NaN), missing };
}
