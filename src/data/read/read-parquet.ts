import { z } from 'zod';
import type { Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { sqlPaths, withPaths } from './duckdb/files.ts';
import { runDuckdb } from './query.ts';
import { localSources, type Source } from './source.ts';

/** Options of `readParquet` and `readJson`. */
export const tableOptions = z.strictObject({
  columns: option(
    z.array(z.string()).min(1).readonly().optional(),
    'The columns to read, in this order; all when not given.',
  ),
  maxRows: option(z.int().positive().optional(), 'Rows to read at most.'),
});

export type TableOptions = z.input<typeof tableOptions>;

/**
 * Reads Parquet into a frame, on worker threads (by DuckDB). Types as in {@link query}; times, intervals and UUIDs become text.
 *
 * ```ts
 * const flights = await readParquet('flights.parquet', { columns: ['carrier', 'arr_delay'] });
 * ```
 *
 * @throws FileError for a missing file, DataError for one that is no Parquet, a missing column or one of lists or structs.
 */
export async function readParquet(source: Source, options: TableOptions & JobOptions = {}): Promise<Frame> {
  return readRelation(source, options, 'readParquet', '.parquet', (paths) => `read_parquet(${paths})`);
}

/** Reads files by one of DuckDB's table functions. */
export async function readRelation(
  source: Source,
  options: TableOptions & JobOptions,
  reader: string,
  suffix: string,
  relationOf: (paths: string) => string,
): Promise<Frame> {
  const { threads, signal, onProgress, onWarning, ...rest } = options;
  const { columns, maxRows } = parseOptions(tableOptions, rest, reader);
  const sources = await localSources(source, signal);
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
      { threads, signal, onProgress, onWarning },
    );
  });
}
