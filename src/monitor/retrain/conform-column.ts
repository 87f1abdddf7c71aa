import { DataError } from '../../core/errors.ts';
import { type Column, codeStrings, columnCell, columnLength, isMissing } from '../../core/frame.ts';
import { sharedArray } from '../../core/shared.ts';
import { parseDate } from '../../prepare/date-parts/parse-date.ts';

/**
 * A column in the kind that the training table has: a code that one file holds as a number and another as text is the same code.
 * @param where The table, as messages name it.
 * @throws DataError naming column and row of a cell that cannot be of that kind.
 */
export function conformColumn(name: string, column: Column, kind: Column['kind'], where: string): Column {
  if (column.kind === kind) return column;
  const rows = columnLength(column);
  if (kind === 'string') {
    return codeStrings(rows, (i) => {
      const cell = columnCell(column, i);
      return cell === null ? undefined : cell instanceof Date ? cell.toISOString() : String(cell);
    });
  }
  const values = kind === 'boolean' ? sharedArray(Uint8Array, rows) : sharedArray(Float64Array, rows);
  const missing = sharedArray(Uint8Array, rows);
  for (let i = 0; i < rows; i++) {
    if (isMissing(column, i)) {
      missing[i] = 1;
      values[i] = kind === 'boolean' ? 0 : Number.NaN;
      continue;
    }
    const value = asNumber(columnCell(column, i)!, kind);
    if (value === undefined) {
      throw new DataError(
        'data/other-kind',
        `Column '${name}' of ${where} holds ${JSON.stringify(columnCell(column, i))} in data row ${i + 1}, but the model was trained on ` +
          `${kind}s. Correct the cell or the column.`,
        { column: name, row: i },
      );
    }
    values[i] = value;
  }
  return { kind, values, missing } as Column;
}

/** A column of gaps. */
export function missingColumn(kind: Column['kind'], rows: number): Column {
  return conformColumn(
    '',
    codeStrings(rows, () => undefined),
    kind,
    '',
  );
}

function asNumber(
  cell: number | string | boolean | Date,
  kind: 'number' | 'boolean' | 'date',
): number | undefined {
  if (kind === 'date') {
    const time = typeof cell === 'string' ? parseDate(cell) : undefined;
    return time === undefined || Number.isNaN(time) ? undefined : time;
  }
  if (kind === 'boolean') {
    if (cell === 1 || cell === 0) return cell;
    return cell === 'true' ? 1 : cell === 'false' ? 0 : undefined;
  }
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const value = Number(cell);
  return Number.isNaN(value) ? undefined : value;
}
