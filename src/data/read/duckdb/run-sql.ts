/** The job behind `query`, `readParquet` and `readJson`: SQL in, columns out, on a worker thread. */
import { DataError } from '../../../core/errors.ts';
import type { Job } from '../../../jobs/job.ts';
import { placesOf } from '../csv/names.ts';
import type { ParsedTable } from '../csv/reader.ts';
import { failing, type Result, type Session, sqlName, withDuckdb } from './bindings.ts';
import { columnBuilder } from './columns.ts';
import type { ColumnBuilder, ColumnType } from './pieces.ts';
import { TextMemory } from './text-column.ts';
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

const FIRST_ROOM = 65536;

export async function runSql(request: SqlRequest, job: Job): Promise<ParsedTable> {
  return withDuckdb({ database: request.database, threads: job.threads }, (session) =>
    failing(request.what, async () => {
      const { relation } = request;
      if (relation === undefined)
        return fetchAll(session, await statement(session, request), 0, request.what, job);
      const rows = await countRows(session, relation);
      const { duckdb, connection } = session;
      const sql = await selection(session, relation, request.columns, request.source);
      const prepared = await duckdb.prepare(connection, sql);
      const result = await duckdb.execute_prepared_streaming(prepared);
      const table = await fetchAll(session, result, rows, request.what, job);
      if (table.rows === 0) throw new DataError('data/no-rows', `${request.what}: it has no rows.`);
      return table;
    }),
  );
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
): Promise<string> {
  const prepared = await duckdb.prepare(connection, `SELECT * FROM ${relation}`);
  const names = Array.from({ length: duckdb.prepared_statement_column_count(prepared) }, (_, j) =>
    duckdb.prepared_statement_column_name(prepared, j),
  );
  const places = columns === undefined ? names.keys() : placesOf(columns, names, what);
  const parts = [...places].map((j) => {
    const name = sqlName(names[j]!);
    const text = AS_TEXT.has(duckdb.prepared_statement_column_type(prepared, j));
    return text ? `CAST(${name} AS VARCHAR) AS ${name}` : name;
  });
  return `SELECT ${parts.join(', ')} FROM ${relation}`;
}

async function fetchAll(
  { duckdb }: Session,
  result: Result,
  expectedRows: number,
  what: string,
  job: Job,
): Promise<ParsedTable> {
  const columns = describe(duckdb, result);
  const memory = new TextMemory();
  const room = expectedRows === 0 ? FIRST_ROOM : expectedRows;
  const builders = columns.map((column) => {
    const builder = columnBuilder(column, room, memory, job.warn);
    if (builder === undefined) throw unsupported(column, what);
    return builder;
  });
  let rows = 0;
  for (;;) {
    job.checkpoint();
    const chunk = await duckdb.fetch_chunk(result);
    const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
    if (size === 0) break;
    appendChunk(duckdb, chunk!, size, builders);
    rows += size;
    if (expectedRows > 0) job.progress(rows / expectedRows, 'reading');
  }
  return { rows, columns: builders.map((builder) => builder.finish(rows)) };
}

function appendChunk(
  duckdb: Session['duckdb'],
  chunk: NonNullable<Awaited<ReturnType<Session['duckdb']['fetch_chunk']>>>,
  rows: number,
  builders: readonly ColumnBuilder[],
): void {
  builders.forEach((builder, j) => {
    const vector = duckdb.data_chunk_get_vector(chunk, j);
    const validity = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null;
    builder.append({ duckdb, vector, rows, validity });
  });
}

function describe(duckdb: Session['duckdb'], result: Result): ColumnType[] {
  const names = new Set<string>();
  return Array.from({ length: duckdb.column_count(result) }, (_, j) => {
    const type: number = duckdb.column_type(result, j);
    const logical = duckdb.column_logical_type(result, j);
    const decimal = type === TYPE.decimal;
    const enumeration = type === TYPE.enumeration;
    const given = duckdb.column_name(result, j);
    let name = given;
    for (let n = 1; names.has(name); n++) name = `${given}.${n}`;
    names.add(name);
    return {
      name,
      type,
      scale: decimal ? duckdb.decimal_scale(logical) : 0,
      inner: decimal
        ? duckdb.decimal_internal_type(logical)
        : enumeration
          ? duckdb.enum_internal_type(logical)
          : type,
      values: enumeration
        ? Array.from({ length: duckdb.enum_dictionary_size(logical) }, (_, i) =>
            duckdb.enum_dictionary_value(logical, i),
          )
        : undefined,
    };
  });
}

function unsupported({ name, type }: ColumnType, what: string): DataError {
  return new DataError(
    'data/unsupported-column',
    `${what}: column '${name}' holds values (lists, structs, maps, bytes, … DuckDB type ${type}) that no column can hold. ` +
      `Leave it out with columns: [...], or turn it into text or single values in SQL, e.g. CAST(${sqlName(name)} AS VARCHAR).`,
    { column: name },
  );
}
