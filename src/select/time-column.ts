import { DataError } from '../core/errors.ts';
import { type Column, columnCell, columnLength, isMissing } from '../core/frame.ts';
import { parseDate } from '../prepare/date-parts/parse-date.ts';

/**
 * The moments of rows as a column that can be put in order: dates, numbers, or text with the year first.
 * @throws DataError naming the first row that has no moment.
 */
export function timeColumn(name: string, column: Column): Column {
  const n = columnLength(column);
  const values = new Float64Array(n);
  const parsed = column.kind === 'string' ? column.levels.map(parseDate) : [];
  for (let i = 0; i < n; i++) {
    const value = column.kind === 'string' ? parsed[column.codes[i]!] : column.values[i]!;
    values[i] = column.kind === 'boolean' || isMissing(column, i) ? Number.NaN : value!;
    if (Number.isFinite(values[i])) continue;
    const cell = columnCell(column, i);
    throw new DataError(
      'data/not-a-time',
      `Column '${name}' ${cell === null ? 'is missing' : `holds ${JSON.stringify(cell)}`} in data row ${i + 1}, but every row ` +
        'needs a date (year first) or a number to divide by time.',
      { column: name, row: i },
    );
  }
  return { kind: column.kind === 'number' ? 'number' : 'date', values };
}
