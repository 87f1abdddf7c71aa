import { z } from 'zod';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Column, Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { type CsvStyle, csvPieces } from './csv-text.ts';

const character = z.string().length(1);

/** Options of `writeCsv`. */
export const writeCsvOptions = z.strictObject({
  delimiter: option(character.default(','), 'Separates fields.'),
  quote: option(character.default('"'), 'Encloses fields that need it; doubled inside.'),
  lineEnd: option(z.enum(['\n', '\r\n']).default('\n'), 'Ends lines.'),
  header: option(z.boolean().default(true), 'Whether the first line names the columns.'),
  missing: option(z.string().default(''), 'Stands for a missing value.'),
  decimal: option(character.default('.'), 'The decimal mark.'),
  byteOrderMark: option(
    z.boolean().default(false),
    'Whether a byte order mark tells spreadsheets that the text is UTF-8.',
  ),
  escapeFormulas: option(
    z.boolean().default(false),
    'Whether texts that begin with = + - @ get an apostrophe in front, so that no spreadsheet runs them as formulas.',
  ),
});

export type WriteCsvOptions = z.input<typeof writeCsvOptions>;

/** Below this number of cells starting a worker costs more than the writing. */
const INLINE_CELLS = 20_000;

export interface WriteCsvRequest {
  readonly columns: readonly (readonly [string, Column])[];
  readonly rows: number;
  readonly path: string;
  readonly style: CsvStyle;
}

/**
 * Writes a frame as CSV in UTF-8: missing values empty, dates in ISO 8601 (the day alone when all are at midnight UTC),
 * numbers with the digits that read back as the same number. The file appears whole or not at all.
 *
 * ```ts
 * await writeCsv(frame, 'predictions.csv');
 * ```
 *
 * @throws FileError when the path cannot be written.
 */
export async function writeCsv(
  frame: Frame,
  path: string,
  options: WriteCsvOptions & JobOptions = {},
): Promise<void> {
  const { threads, signal, onProgress, onWarning, ...rest } = options;
  const style = parseOptions(writeCsvOptions, rest, 'writeCsv');
  signal?.throwIfAborted();
  const request: WriteCsvRequest = { columns: frame.entries(), rows: frame.rows, path, style };
  const job: JobOptions = { threads: threads ?? 1, signal, onProgress, onWarning };
  if (frame.rows * frame.names.length < INLINE_CELLS) {
    await runInlineAsync((inline) => writeCsvFile(request, inline), job);
    return;
  }
  await runJob<WriteCsvRequest, void>({
    module: import.meta.url,
    name: 'writeCsvFile',
    payload: request,
    ...job,
  });
}

/** The job behind {@link writeCsv}. */
export async function writeCsvFile({ columns, rows, path, style }: WriteCsvRequest, job: Job): Promise<void> {
  await writeFileAtomic(path, watched(csvPieces(columns, rows, style), job));
}

function* watched(pieces: Iterable<Uint8Array>, job: Job): Generator<Uint8Array> {
  for (const piece of pieces) {
    job.checkpoint();
    yield piece;
  }
}
