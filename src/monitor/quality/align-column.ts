import { type Column, codeStrings, columnCell, columnLength, isMissing } from '../../core/frame.ts';
import { sharedArray } from '../../core/shared.ts';
import { parseDate } from '../../prepare/date-parts/parse-date.ts';

/**
 * A column in the kind it had in training: as it is; without any value, empty; dates that came as text (JSON has no dates)
 * read; numbers and booleans that were categories as text. undefined when it cannot be had.
 */
export function alignColumn(column: Column, kind: Column['kind']): Column | undefined {
  if (column.kind === kind) return column;
  const rows = columnLength(column);
  let present = 0;
  for (let i = 0; i < rows; i++) if (!isMissing(column, i)) present++;
  if (present === 0) return emptyColumn(kind, rows);
  if (kind === 'date' && column.kind === 'string') return datesOf(column.codes, column.levels);
  if (kind === 'string' && column.kind !== 'date') {
    return codeStrings(rows, (i) => {
      const cell = columnCell(column, i);
      return cell === null ? undefined : String(cell);
    });
  }
  return undefined;
}

function datesOf(codes: Int32Array, levels: readonly string[]): Column | undefined {
  const times = levels.map((level) => parseDate(level));
  const values = sharedArray(Float64Array, codes.length);
  const missing = sharedArray(Uint8Array, codes.length);
  for (let i = 0; i < codes.length; i++) {
    const time = codes[i] < 0 ? Number.NaN : times[codes[i]];
    if (codes[i] >= 0 && Number.isNaN(time)) return undefined;
    values[i] = time;
    missing[i] = codes[i] < 0 ? 1 : 0;
  }
  return { kind: 'date', values, missing };
}

function emptyColumn(kind: Column['kind'], rows: number): Column {
  if (kind === 'string') return { kind, codes: sharedArray(Int32Array, rows).fill(-1), levels: [] };
  const missing = sharedArray(Uint8Array, rows).fill(1);
  if (kind === 'boolean') return { kind, values: sharedArray(Uint8Array, rows), missing };
  return { kind, values: sharedArray(Float64Array, rows).fill(Number.NaN), missing };
}
