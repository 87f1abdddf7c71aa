import { DataError, FileError } from '../../core/errors.ts';
import type { Column, Frame } from '../../core/frame.ts';
import { readCsv } from '../../data/read/read-csv.ts';
import { alignTable } from '../../define/schema.ts';
import type { ServedColumn } from '../model/served-column.ts';
import { requireFewRows } from './json-body.ts';

/**
 * Rows of a CSV body as the model's table; its columns are read as the kinds they had in training, others are ignored.
 * @throws DataError naming line and column of a cell of another kind, a column that is missing, a value that is missing or infinite.
 */
export async function readCsvRows(
  body: Buffer,
  columns: readonly ServedColumn[],
  mostRows: number,
  signal: AbortSignal,
): Promise<Frame> {
  requireFewColumns(body, columns.length + MOST_OTHER_COLUMNS);
  const types = Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));
  const names = columns.map(({ name }) => name);
  const table = await readCsv(body, { types, signal, threads: 1 }).catch((error: unknown) => {
    // What is wrong with a file is here the fault of whoever sent it.
    throw error instanceof FileError ? new DataError('request/bad-csv', error.message) : error;
  });
  requireFewRows(table.rows, mostRows);
  const kinds = columns.map(({ kind }) => kind);
  const x = alignTable(table, { columns: columns.length, names, kinds }, 'frame') as Frame;
  for (const [j, [, column]] of x.entries().entries()) requireCells(columns[j]!, column);
  return x;
}

/** Columns beside the model's own; a hostile body has millions. */
const MOST_OTHER_COLUMNS = 10_000;

/** Counts what may part columns in the first line. @throws DataError `request/too-many-columns` */
function requireFewColumns(body: Buffer, most: number): void {
  const end = body.indexOf(0x0a);
  let found = 0;
  for (let i = 0; i < (end < 0 ? body.length : end); i++) {
    const byte = body[i]!;
    // , ; | and the tab
    if (byte !== 0x2c && byte !== 0x3b && byte !== 0x7c && byte !== 0x09) continue;
    if (++found <= most) continue;
    throw new DataError('request/too-many-columns', `The first line has more than ${most} columns.`, {
      limit: most,
    });
  }
}

function requireCells({ name, acceptsMissing }: ServedColumn, column: Column): void {
  const { missing } = column as { missing?: Uint8Array };
  const gap = column.kind === 'string' ? column.codes.indexOf(-1) : (missing?.indexOf(1) ?? -1);
  if (!acceptsMissing && gap >= 0) {
    throw new DataError(
      'data/missing-value',
      `Row ${gap} has no value in column '${name}', which the model cannot do without.`,
      { row: gap, column: name },
    );
  }
  if (column.kind !== 'number') return;
  const row = column.values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (row < 0) return;
  throw new DataError(
    'data/infinite-value',
    `Row ${row}, column '${name}' holds ${column.values[row]}, but takes a finite number.`,
    { row, column: name },
  );
}
