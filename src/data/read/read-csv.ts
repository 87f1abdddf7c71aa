import { OptionError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import { parseOptions } from '../../core/options.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { frameOf } from './csv/frame-of.ts';
import { type CsvOptions, csvOptions, type ParsedCsvOptions } from './csv/options.ts';
import { type CsvRequest, parseCsv } from './csv/parse-csv.ts';
import type { CsvInput } from './csv/prepare.ts';
import type { ParsedTable } from './csv/reader.ts';
import { knownEncoding } from './encoding.ts';
import { localSources, type Source, sizeOf } from './source.ts';

/** Below this size starting a worker costs more than the reading. */
const INLINE_BYTES = 2 ** 18;

/**
 * Reads CSV into a frame. The kind of a column follows from all its cells: numbers, booleans (`true`, `false`), ISO dates
 * (`2026-03-31`, `2026-03-31T14:05:00+08:00`; UTC without an offset), else text. A column without any value is a number
 * column. Integers beyond 2^53 keep their column text, with a warning. Blank lines are left out; fields may be
 * quoted, with quotes doubled inside and line ends; unquoted text keeps its blanks, numbers and dates may have some around them.
 * Unnamed columns become `column3`, repeated names `price.1`, each with a warning.
 * Large input is read on worker threads; the result does not depend on their number.
 *
 * ```ts
 * const frame = await readCsv('housing_data.csv');
 * const sales = await readCsv('sales-*.csv', { decimal: ',', types: { id: 'string' } });
 * ```
 *
 * @throws DataError naming line and column for a ragged row, an open quote, a cell that a given type refuses; for an empty
 *   file and one without rows.
 * @throws FileError for a missing file, and for text that is not in the encoding, with the one it looks like.
 */
export async function readCsv(source: Source, options: CsvOptions & JobOptions = {}): Promise<Frame> {
  const { threads, signal, onProgress, onWarning, ...rest } = options;
  const job: JobOptions = { threads, signal, onProgress, onWarning };
  const parsed = parseOptions(csvOptions, rest, 'readCsv');
  signal?.throwIfAborted();
  const inputs = await localSources(source, signal);
  if (parsed.engine === 'duckdb') {
    const { readCsvByDuckdb } = await import('./duckdb/duckdb-csv.ts');
    return readCsvByDuckdb(inputs, parsed, job);
  }
  const request = csvRequest(inputs, parsed);
  const table =
    sizeOf(inputs) < INLINE_BYTES
      ? await runInlineAsync((inline) => parseCsv(request, inline), job)
      : await runJob<CsvRequest, ParsedTable>({
          module: new URL(`./csv/parse-csv${import.meta.url.slice(-3)}`, import.meta.url).href,
          name: 'parseCsv',
          payload: request,
          ...job,
        });
  return frameOf(table);
}

/** The request of given options for the reader's job. */
export function csvRequest(
  inputs: readonly CsvInput[],
  options: ParsedCsvOptions,
  chunkBytes?: number,
): CsvRequest {
  const byte = (character: string | null) => (character === null ? -1 : character.charCodeAt(0));
  const { delimiter, header, columns, types, skipRows, maxRows } = options;
  if (delimiter !== undefined && !/^[\t\x20-\x7e]$/.test(delimiter)) {
    throw new OptionError(
      'option/invalid',
      `readCsv: option 'delimiter' cannot be ${JSON.stringify(delimiter)}: one ASCII character is needed; engine: 'duckdb' takes others.`,
      { option: 'delimiter' },
    );
  }
  return {
    inputs,
    encoding: knownEncoding(options.encoding),
    dialect: {
      delimiter: delimiter?.charCodeAt(0),
      quote: byte(options.quote),
      comment: byte(options.comment),
      decimal: byte(options.decimal),
      thousands: byte(options.thousands),
      missingValues: options.missingValues,
      trueValues: options.trueValues,
      falseValues: options.falseValues,
    },
    header,
    columns,
    types,
    skipRows,
    maxRows,
    chunkBytes,
  };
}
