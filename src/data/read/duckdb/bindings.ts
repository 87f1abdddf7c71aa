import { createRequire } from 'node:module';
import type * as Bindings from '@duckdb/node-bindings';
import { DataError, DependencyError, HeddleError } from '../../../core/errors.ts';
import { markNative } from '../../../jobs/native-work.ts';

export type Duckdb = typeof Bindings;
export type { Connection, Result, Vector } from '@duckdb/node-bindings';

/** A connection and the binding's functions. */
export interface Session {
  readonly duckdb: Duckdb;
  readonly connection: Bindings.Connection;
}

/**
 * DuckDB's functions as they are in C, without the objects per value of its high-level interface.
 * @throws DependencyError when the package is not installed.
 */
function loadDuckdb(): Duckdb {
  try {
    const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
    return createRequire(api)('@duckdb/node-bindings') as Duckdb;
  } catch (error) {
    throw new DependencyError(
      'dependency/duckdb',
      'JSON, SQL, unusual CSV and rarer types and encodings of Parquet are read by DuckDB, which is not installed here. Run: npm install @duckdb/node-api',
      { package: '@duckdb/node-api' },
      error,
    );
  }
}

/** Opens a database (default: an empty one in memory), runs `work`, closes it. */
export async function withDuckdb<T>(
  options: DuckdbOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openDuckdb(options);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

export interface DuckdbOptions {
  readonly database?: string | undefined;
  readonly threads: number;
}

/** Opens a database (default: an empty one in memory). Close it in any case. */
export async function openDuckdb({
  database = ':memory:',
  threads,
}: DuckdbOptions): Promise<Session & { close(): void }> {
  markNative();
  const duckdb = loadDuckdb();
  const config = duckdb.create_config();
  duckdb.set_config(config, 'threads', String(threads));
  const opened = await failing(`Cannot open database '${database}'`, () => duckdb.open(database, config));
  try {
    const connection = await duckdb.connect(opened);
    const close = () => {
      duckdb.disconnect_sync(connection);
      duckdb.close_sync(opened);
    };
    try {
      // Lets the scan run ahead of the one thread that takes the rows.
      await duckdb.query(connection, "SET streaming_buffer_size = '1MB'");
      return { duckdb, connection, close };
    } catch (error) {
      duckdb.disconnect_sync(connection);
      throw error;
    }
  } catch (error) {
    duckdb.close_sync(opened);
    throw error;
  }
}

/** Runs `work`, turning DuckDB's errors into a {@link DataError} that starts with `what`. */
export async function failing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Errors of our own say more than "the query failed".
    if (error instanceof HeddleError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError('data/query-failed', `${what}: ${reason}`, {}, error);
  }
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
