/** The job behind `query`, `readParquet` and `readJson`: SQL in, columns out, on a worker thread. */
import { DataError } from '../../../core/errors.ts';
import type { Job } from '../../../jobs/job.ts';
import { placesOf } from '../csv/names.ts';
import type { ParsedTable } from '../csv/reader.ts';
import { failing, type Result, type Session, withDuckdb } from './bindings.ts';
import { fetchTable } from './fetch-table.ts';
import { readInShares, type SelectedColumn, selectSql, worthSharing } from './shared-read.ts';
import { AS_TEXT, TYPE } from './types.ts';

/** A value put in place of a `?` or `$name`. */
export type SqlParameter = string | number | bigint | boolean | null | Date;

export interface SqlRequest {
  /** What is done, for messages: `Cannot read 'x.parquet'`. */
  readonly what: string;
  readonly database: string | undefined;
  /** Statements; the last one's rows are the result. */
  readonly sql: string;
  readonly parameters: readonly SqlParameter[] | Readonly<Record<string, SqlParameter>> | undefined;
  /** A relation in FROM whose columns without a kind of their own are read as text, instead of `sql`. */
  readonly relation: string | undefined;
  readonly columns: readonly string[] | undefined;
  /** Names the relation in messages. */
  readonly source: string;
}

export async function runSql(request: SqlRequest, job: Job): Promise<ParsedTable> {
  return withDuckdb({ database: request.database, threads: job.threads }, (session) =>
    failing(request.what, async () => {
      const { relation } = request;
      if (relation === undefined)
        return fetchTable(session, await statement(session, request), 0, request.what, job);
      const rows = await countRows(session, relation);
      const columns = await selection(session, relation, request.columns, request.source);
      const table = worthSharing(rows, columns.length, job.threads)
        ? await readInShares({ relation, columns, rows, what: request.what }, job)
        : await readAll(session, relation, columns, rows, request.what, job);
      if (table.rows === 0) throw new DataError('data/no-rows', `${request.what}: it has no rows.`);
      return table;
    }),
  );
}

async function readAll(
  session: Session,
  relation: string,
  columns: readonly SelectedColumn[],
  rows: number,
  what: string,
  job: Job,
): Promise<ParsedTable> {
  const { duckdb, connection } = session;
  const prepared = await duckdb.prepare(connection, selectSql(relation, columns));
  return fetchTable(session, await duckdb.execute_prepared_streaming(prepared), rows, what, job);
}

/** Runs all statements; the last one streams. */
async function statement(
  { duckdb, connection }: Session,
  { sql, parameters, what }: SqlRequest,
): Promise<Result> {
  const { extracted_statements, statement_count } = await duckdb.extract_statements(connection, sql);
  if (statement_count === 0) {
    throw new DataError(
      'data/query-failed',
      `${what}: ${duckdb.extract_statements_error(extracted_statements) || 'there is no statement'}`,
    );
  }
  for (let i = 0; i < statement_count - 1; i++) {
    await duckdb.execute_prepared(
      await duckdb.prepare_extracted_statement(connection, extracted_statements, i),
    );
  }
  const last = await duckdb.prepare_extracted_statement(
    connection,
    extracted_statements,
    statement_count - 1,
  );
  bind({ duckdb, connection }, last, parameters ?? []);
  return duckdb.execute_prepared_streaming(last);
}

function bind(
  { duckdb }: Session,
  prepared: Awaited<ReturnType<Session['duckdb']['prepare']>>,
  parameters: NonNullable<SqlRequest['parameters']>,
): void {
  const entries: [number, SqlParameter][] = Array.isArray(parameters)
    ? parameters.map((value, i) => [i + 1, value])
    : Object.entries(parameters).map(([name, value]) => [duckdb.bind_parameter_index(prepared, name), value]);
  for (const [index, value] of entries) {
    if (value === null) duckdb.bind_null(prepared, index);
    else if (typeof value === 'string') duckdb.bind_varchar(prepared, index, value);
    else if (typeof value === 'boolean') duckdb.bind_boolean(prepared, index, value);
    else if (typeof value === 'bigint') duckdb.bind_int64(prepared, index, value);
    else if (value instanceof Date)
      duckdb.bind_timestamp(prepared, index, { micros: BigInt(value.getTime()) * 1000n });
    else if (Number.isSafeInteger(value)) duckdb.bind_int64(prepared, index, BigInt(value));
    else duckdb.bind_double(prepared, index, value);
  }
}

async function countRows({ duckdb, connection }: Session, relation: string): Promise<number> {
  // Only Parquet knows it without reading everything.
  if (!relation.startsWith('read_parquet')) return 0;
  const result = await duckdb.query(connection, `SELECT count(*)::DOUBLE FROM ${relation}`);
  const chunk = await duckdb.fetch_chunk(result);
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk!, 0), 8);
  return new DataView(data.buffer, data.byteOffset).getFloat64(0, true);
}

/** The columns of a relation, those without a kind of column as text. */
async function selection(
  { duckdb, connection }: Session,
  relation: string,
  columns: readonly string[] | undefined,
  what: string,
): Promise<SelectedColumn[]> {
  const prepared = await duckdb.prepare(connection, `SELECT * FROM ${relation}`);
  const names = Array.from({ length: duckdb.prepared_statement_column_count(prepared) }, (_, j) =>
    duckdb.prepared_statement_column_name(prepared, j),
  );
  const places = columns === undefined ? names.keys() : placesOf(columns, names, what);
  return [...places].map((j) => {
    const type = duckdb.prepared_statement_column_type(prepared, j);
    const asText = AS_TEXT.has(type);
    return { name: names[j]!, asText, isText: asText || type === TYPE.varchar };
  });
}
