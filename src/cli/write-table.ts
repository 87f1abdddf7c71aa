import { writeFileAtomic } from '../core/atomic-file.ts';
import { type Column, columnCell, type Frame } from '../core/frame.ts';
import { csvPieces } from '../data/write/csv-text.ts';
import type { Io, Sink } from './io.ts';
import { jsonText } from './json-text.ts';
import { formatOf } from './read-table.ts';

/** Writes a table to a file in the format that its name says: Parquet, JSON (an array of objects, or one a line) or CSV. @throws FileError */
export async function writeTable(table: Frame, path: string, { signal }: Io): Promise<void> {
  const format = formatOf(path);
  if (format === 'parquet') {
    const { writeParquet } = await import('../data/write/write-parquet.ts');
    return writeParquet(table, path, { signal });
  }
  if (format === 'json') return writeFileAtomic(path, jsonPieces(table, /\.json$/i.test(path)));
  const { writeCsv } = await import('../data/write/write-csv.ts');
  return writeCsv(table, path, { signal, delimiter: /\.(?:tsv|tab)$/i.test(path) ? '\t' : ',' });
}

/** Writes a table as CSV to a stream. */
export function printCsv(table: Frame, sink: Sink): void {
  const decoder = new TextDecoder();
  const style = {
    ...{ delimiter: ',', quote: '"', lineEnd: '\n', header: true, missing: '', decimal: '.' },
    ...{ byteOrderMark: false, escapeFormulas: false },
  };
  for (const piece of csvPieces(table.entries(), table.rows, style))
    sink.write(decoder.decode(piece, { stream: true }));
}

const ROWS_PER_PIECE = 1024;

function* jsonPieces(table: Frame, isArray: boolean): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const columns: [string, Column][] = table.entries();
  for (let from = 0; from < table.rows; from += ROWS_PER_PIECE) {
    const to = Math.min(table.rows, from + ROWS_PER_PIECE);
    let text = isArray && from === 0 ? '[\n' : '';
    for (let i = from; i < to; i++) {
      text += jsonText(Object.fromEntries(columns.map(([name, column]) => [name, columnCell(column, i)])));
      text += isArray && i < table.rows - 1 ? ',\n' : '\n';
    }
    yield encoder.encode(to === table.rows && isArray ? `${text}]\n` : text);
  }
}
