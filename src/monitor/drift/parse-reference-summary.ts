import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import type { ColumnSummary, ReferenceSummary } from './summarise-reference.ts';

const count = z.number().int().nonnegative();
const shared = { name: z.string(), missing: count, present: count };
const summarySchema = z.strictObject({
  version: z.literal(1),
  rows: count,
  columns: z.array(
    z.union([
      z.strictObject({
        ...shared,
        kind: z.enum(['number', 'date']),
        deviation: z.number().nonnegative(),
        lower: z.array(z.number()),
        upper: z.array(z.number()),
        means: z.array(z.number()),
        counts: z.array(count.positive()),
      }),
      z.strictObject({
        ...shared,
        kind: z.enum(['string', 'boolean']),
        levels: z.array(z.string()),
        counts: z.array(count.positive()),
        otherRows: count,
        otherLevels: count,
      }),
    ]),
  ),
});

/**
 * A summary read from a file, checked: shapes, counts that add up, cells in order.
 * @throws DataError `data/bad-summary` naming the place.
 */
export function parseReferenceSummary(value: unknown): ReferenceSummary {
  const result = summarySchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw bad(`at ${issue.path.join('.') || 'its top'}: ${issue.message}`);
  }
  const summary: ReferenceSummary = result.data;
  const names = new Set<string>();
  for (const column of summary.columns) {
    if (names.has(column.name)) throw bad(`column '${column.name}' appears twice`);
    names.add(column.name);
    const fault = faultOf(column, summary.rows);
    if (fault !== undefined) throw bad(`column '${column.name}': ${fault}`);
  }
  return summary;
}

function faultOf(column: ColumnSummary, rows: number): string | undefined {
  const { missing, present, counts } = column;
  if (missing + present !== rows) return `${missing} missing and ${present} present rows are not ${rows}`;
  const other = 'levels' in column ? column.otherRows : 0;
  if (counts.reduce((sum, rows) => sum + rows, other) !== present)
    return `its counts do not add up to ${present}`;
  if ('levels' in column) {
    if (column.levels.length !== counts.length) return 'it has not one count per level';
    if (new Set(column.levels).size !== column.levels.length) return 'a level appears twice';
    return undefined;
  }
  const { lower, upper, means } = column;
  if ([lower, upper, means].some(({ length }) => length !== counts.length))
    return 'it has not one count per cell';
  const inOrder = lower.every((from, i) => from <= upper[i] && (i === 0 || from > upper[i - 1]));
  return inOrder ? undefined : 'its cells are not in order';
}

function bad(what: string): DataError {
  return new DataError(
    'data/bad-summary',
    `This is no summary of a reference, ${what}. Make it again with summariseReference.`,
  );
}
