import type { Frame } from '../../core/frame.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { frameOf } from './csv/frame-of.ts';
import type { ParsedTable } from './csv/reader.ts';
import type { SqlParameter, SqlRequest } from './duckdb/run-sql.ts';

export interface QueryOptions extends JobOptions {
  /** A DuckDB database file; default: an empty database in memory, which can still read files. */
  readonly database?: string | undefined;
  /** Values of the `?` or `$name` in the last statement. */
  readonly parameters?: readonly SqlParameter[] | Readonly<Record<string, SqlParameter>> | undefined;
}

/**
 * The rows of an SQL query, run by DuckDB on worker threads.
 *
 * ```ts
 * const frame = await query("SELECT city, avg(price) AS price FROM 'sales/*.parquet' WHERE year >= ? GROUP BY city", {
 *   parameters: [2020],
 * });
 * ```
 *
 * All whole and decimal numbers become numbers; a column of integers beyond 2^53 becomes text, with a warning. Dates
 * and timestamps become dates (UTC), text and enums text columns. Lists, structs, maps, bytes, times and intervals are refused:
 * cast them in the query.
 * @throws DataError with DuckDB's message for a faulty query, for a column that cannot be held.
 * @throws DependencyError when `@duckdb/node-api` is not installed.
 */
export async function query(sql: string, options: QueryOptions = {}): Promise<Frame> {
  const { database, parameters, ...job } = options;
  return runDuckdb(
    {
      what: 'The query failed',
      database,
      sql,
      parameters,
      relation: undefined,
      columns: undefined,
      source: 'the query',
    },
    job,
  );
}

/** Runs a request of DuckDB as a job. */
export async function runDuckdb(request: SqlRequest, job: JobOptions): Promise<Frame> {
  const table = await runJob<SqlRequest, ParsedTable>({
    module: new URL(`./duckdb/run-sql${import.meta.url.slice(-3)}`, import.meta.url).href,
    name: 'runSql',
    payload: request,
    ...job,
  });
  return frameOf(table);
}
