import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';

/** Which columns: names, positions (0 is the first, −1 the last), or all of some kinds and with names that match a pattern. */
export const columnSelection = z.union([
  z.array(z.string()),
  z.array(z.int()),
  z.strictObject({
    kinds: z
      .array(z.enum(['number', 'string', 'boolean', 'date']))
      .min(1)
      .optional(),
    pattern: z.string().refine(isPattern, 'It takes a regular expression').optional(),
  }),
]);

export type ColumnSelection = z.output<typeof columnSelection>;

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** The names of the selected columns: listed ones as listed, others in the order of the table. @throws DataError for one not there */
export function selectColumns(x: Frame, selection: ColumnSelection): string[] {
  if (Array.isArray(selection)) return selection.map((column) => resolve(x, column));
  const { kinds, pattern } = selection;
  const matcher = new RegExp(pattern ?? '', 'u');
  return x.names.filter(
    (name) => (kinds === undefined || kinds.includes(x.column(name).kind)) && matcher.test(name),
  );
}

function resolve(x: Frame, column: string | number): string {
  if (typeof column === 'string') {
    x.column(column);
    return column;
  }
  const name = x.names.at(column);
  if (name !== undefined) return name;
  throw new DataError(
    'data/missing-column',
    `There is no column at position ${column}; the table has ${x.names.length} columns.`,
    { column, columns: x.names },
  );
}
