import { z } from 'zod';
import { Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import { runInlineAsync } from '../../jobs/inline.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { frameOf } from './csv/frame-of.ts';
import { distinctNames } from './duckdb/fetch-table.ts';
import { sqlPaths, withPaths } from './duckdb/files.ts';
import { type ParquetPart, type ParquetRequest, parseParquet } from './parquet/parse-parquet.ts';
import { runDuckdb } from './query.ts';
import { type LocalSource, localSources, type Source, sizeOf } from './source.ts';

/** Options of `readParquet` and `readJson`. */
export const tableOptions = z.strictObject({
  columns: option(
    z.array(z.string()).min(1).readonly().optional(),
    'The columns to read, in this order; all when not given.',
  ),
  maxRows: option(z.int().positive().optional(), 'Rows to read at most.'),
});

export type TableOptions = z.input<typeof tableOptions>;

/** A file below this size is read without a worker, if what comes out is not much more. */
const INLINE_BYTES = 2 ** 18;
const INLINE_RESULT_BYTES = 2 ** 21;

/**
 * Reads Parquet into a frame, on all threads: flat columns in the usual encodings by heddle's own reader, the others by DuckDB. Types as in
 * {@link query}; times, intervals and UUIDs become text.
 *
 * ```ts
 * const flights = await readParquet('flights.parquet', { columns: ['carrier', 'arr_delay'] });
 * ```
 *
 * @throws FileError for a missing file and for a damaged one, naming the column; DataError for one that is no Parquet, a missing column or
 *   one of lists or structs.
 */
export async function readParquet(source: Source, options: TableOptions & JobOptions = {}): Promise<Frame> {
  const { job, columns, maxRows } = parseTableOptions(options, 'readParquet');
  const inputs = await localSources(source, job.signal);
  const byDuckdb = (names: readonly string[] | undefined) =>
    readRelation(inputs, { columns: names, maxRows }, job, '.parquet', (paths) => `read_parquet(${paths})`);
  const part = await readPart({ inputs, columns, maxRows }, job);
  if (part === undefined) return byDuckdb(columns);
  const own = await frameOf(part);
  const others = part.rest.length > 0 ? await byDuckdb(part.rest) : undefined;
  const names = distinctNames(part.names);
  return new Frame(
    part.names.map((name, j) => [
      names[j]!,
      others?.names.includes(name) ? others.column(name) : own.column(name),
    ]),
    part.rows,
  );
}

/** What heddle's own reader can read; nothing when that is nothing. */
async function readPart(
  request: Omit<ParquetRequest, 'mostBytes'>,
  job: JobOptions,
): Promise<ParquetPart | undefined> {
  if (sizeOf(request.inputs) < INLINE_BYTES) {
    const bounded = { ...request, mostBytes: INLINE_RESULT_BYTES };
    const part = await runInlineAsync((inline) => parseParquet(bounded, inline), job);
    if (part !== 'large') return part;
  }
  return runJob<ParquetRequest, ParquetPart | undefined>({
    module: new URL(`./parquet/parse-parquet${import.meta.url.slice(-3)}`, import.meta.url).href,
    name: 'parseParquet',
    payload: { ...request, mostBytes: Number.POSITIVE_INFINITY },
    ...job,
  });
}

/** The options of a reader and those of its job. */
export function parseTableOptions(options: TableOptions & JobOptions, reader: string) {
  const { threads, signal, onProgress, onWarning, ...rest } = options;
  const job: JobOptions = { threads, signal, onProgress, onWarning };
  return { job, ...parseOptions(tableOptions, rest, reader) };
}

/** Reads files by one of DuckDB's table functions. */
export async function readRelation(
  sources: readonly LocalSource[],
  { columns, maxRows }: Pick<z.output<typeof tableOptions>, 'columns' | 'maxRows'>,
  job: JobOptions,
  suffix: string,
  relationOf: (paths: string) => string,
): Promise<Frame> {
  return withPaths(sources, suffix, (paths) => {
    const relation = relationOf(sqlPaths(paths));
    return runDuckdb(
      {
        what: `Cannot read '${sources[0]!.name}'`,
        database: undefined,
        sql: '',
        parameters: undefined,
        relation: maxRows === undefined ? relation : `(SELECT * FROM ${relation} LIMIT ${maxRows})`,
        columns,
        source: sources[0]!.name,
      },
      job,
    );
  });
}
