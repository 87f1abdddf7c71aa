import type { Frame } from '../../../core/frame.ts';
import type { Job } from '../../../jobs/job.ts';
import { frameOf } from '../csv/frame-of.ts';
import { failing, openDuckdb, sqlName } from './bindings.ts';
import { fetchTables } from './fetch-table.ts';
import { sqlPaths } from './files.ts';

export interface StreamFramesRequest {
  /** Of Parquet files when they end with `.parquet`, else of CSV. */
  readonly paths: readonly string[];
  /** The columns to read, in this order; all when not given. */
  readonly columns?: readonly string[] | undefined;
  /** Rows of a frame, about: whole chunks of DuckDB's are taken. */
  readonly rows: number;
}

/**
 * The rows of files as frames one after another, read by DuckDB in the thread of the caller, which should be a worker's. Of a file only
 * what is on its way is in memory.
 * @throws DataError with DuckDB's message for files or columns that cannot be read.
 */
export async function* streamFrames(
  { paths, columns, rows }: StreamFramesRequest,
  job: Pick<Job, 'checkpoint' | 'progress' | 'warn'>,
): AsyncGenerator<Frame> {
  const what = `Cannot read '${paths[0]}'`;
  const reader = paths[0]!.endsWith('.parquet') ? 'read_parquet' : 'read_csv';
  const selected = columns === undefined ? '*' : columns.map(sqlName).join(', ');
  const session = await openDuckdb({ threads: 1 });
  try {
    const { duckdb, connection } = session;
    const result = await failing(what, async () => {
      const sql = `SELECT ${selected} FROM ${reader}(${sqlPaths(paths)})`;
      return duckdb.execute_prepared_streaming(await duckdb.prepare(connection, sql));
    });
    const tables = fetchTables(session, result, rows, what, job);
    for (;;) {
      const next = await failing(what, () => tables.next());
      if (next.done === true) return;
      yield await frameOf(next.value);
    }
  } finally {
    session.close();
  }
}
