import { addAbortSignal } from 'node:stream';
import { OptionError } from '../core/errors.ts';
import type { Column, Frame } from '../core/frame.ts';
import type { CsvOptions } from '../data/read/csv/options.ts';
import { type FlagValues, list, text } from './flags.ts';
import { type Io, printWarning } from './io.ts';
import type { ProgressLine } from './progress-line.ts';

/** Flags of every command that reads a table. */
export const readFlags = {
  missing: list('TEXT,…', 'More texts that stand for a missing value (CSV), e.g. ?'),
  delimiter: text('CHAR', 'What separates fields (CSV); found by itself when not given'),
  decimal: text('CHAR', 'The decimal mark (CSV), e.g. ,'),
  thousands: text('CHAR', 'A mark between groups of digits (CSV), e.g. ,'),
  encoding: text('NAME', 'The encoding (CSV) unless UTF-8, e.g. gb18030, utf-16le'),
};

type ReadFlags = FlagValues<typeof readFlags>;

/** What help says of DATA. */
export const dataNote =
  'DATA is a file (.csv, .tsv, .parquet, .json, .ndjson; CSV also as .gz), a pattern such as "sales-*.csv", a URL, or - for CSV on stdin.';

/** Kinds of columns that must not depend on what a file happens to hold: those of the model. */
export type ColumnKinds = Readonly<Record<string, Column['kind']>>;

/**
 * Reads the table that a command was given, by the ending of its name. What the reader decides goes to stderr and to `warnings`.
 * @throws FileError, DataError
 */
export async function readTable(
  data: string,
  flags: ReadFlags,
  { io, progress, warnings, kinds }: TableReading,
): Promise<Frame> {
  const job = {
    signal: io.signal,
    onProgress: (state: { fraction: number; message: string | undefined }) =>
      progress?.show('reading', { ...state, message: undefined }),
    onWarning: ({ message }: { message: string }) => {
      warnings?.push(message);
      progress?.wipe();
      printWarning(io, message);
    },
  };
  const format = formatOf(data);
  if (format !== 'csv') requireNoCsvFlags(flags, data);
  if (format === 'parquet') {
    const { readParquet } = await import('../data/read/read-parquet.ts');
    return readParquet(data, job);
  }
  if (format === 'json') {
    const { readJson } = await import('../data/read/read-json.ts');
    return readJson(data, job);
  }
  const { readCsv } = await import('../data/read/read-csv.ts');
  return readCsv(data === '-' ? standardInput(io.signal) : data, {
    ...(await csvOptions(flags)),
    types: kinds ?? {},
    ...job,
  });
}

export interface TableReading {
  readonly io: Io;
  readonly progress?: ProgressLine | undefined;
  /** Where warnings are collected. */
  readonly warnings?: string[] | undefined;
  readonly kinds?: ColumnKinds | undefined;
}

export type TableFormat = 'csv' | 'parquet' | 'json';

/** The format that a file's name says; anything else is read as CSV. */
export function formatOf(path: string): TableFormat {
  const name = path.replace(/[?#].*$/, '').toLowerCase();
  if (/\.(?:parquet|pq)$/.test(name)) return 'parquet';
  return /\.(?:json|ndjson|jsonl)$/.test(name) ? 'json' : 'csv';
}

async function csvOptions({
  missing,
  delimiter,
  decimal,
  thousands,
  encoding,
}: ReadFlags): Promise<CsvOptions> {
  const { DEFAULT_MISSING_VALUES } = await import('../data/read/csv/options.ts');
  return {
    ...(missing !== undefined && { missingValues: [...DEFAULT_MISSING_VALUES, ...missing] }),
    ...(delimiter !== undefined && {
      delimiter: delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter,
    }),
    ...(decimal !== undefined && { decimal }),
    ...(thousands !== undefined && { thousands }),
    ...(encoding !== undefined && { encoding }),
  };
}

function requireNoCsvFlags(flags: ReadFlags, data: string): void {
  for (const name of ['missing', 'delimiter', 'decimal', 'thousands', 'encoding'] as const) {
    if (flags[name] !== undefined) {
      throw new OptionError('command/bad-flag', `--${name} is for CSV, but '${data}' is not.`, {
        flag: name,
      });
    }
  }
}

/** Standard input; an interrupt ends the waiting for more of it. */
function standardInput(signal: AbortSignal | undefined): typeof process.stdin {
  return signal === undefined ? process.stdin : addAbortSignal(signal, process.stdin);
}
