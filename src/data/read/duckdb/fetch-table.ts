/** A result's chunks become columns. */
import { DataError } from '../../../core/errors.ts';
import type { Job } from '../../../jobs/job.ts';
import type { ParsedTable } from '../csv/reader.ts';
import { type Result, type Session, sqlName } from './bindings.ts';
import { columnBuilder } from './columns.ts';
import type { ColumnBuilder, ColumnType } from './pieces.ts';
import { TextMemory } from './text-column.ts';
import { TYPE } from './types.ts';

/** What a reader tells its job. */
export type Watch = Pick<Job, 'checkpoint' | 'progress' | 'warn'>;

const FIRST_ROOM = 65536;

/** All rows of a streaming result. `expectedRows` is their number if known, else 0. */
export async function fetchTable(
  { duckdb }: Session,
  result: Result,
  expectedRows: number,
  what: string,
  watch: Watch,
): Promise<ParsedTable> {
  const room = expectedRows === 0 ? FIRST_ROOM : expectedRows;
  const builders = buildersOf(describe(duckdb, result), room, what, watch);
  let rows = 0;
  for (;;) {
    watch.checkpoint();
    const chunk = await duckdb.fetch_chunk(result);
    const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
    if (size === 0) break;
    appendChunk(duckdb, chunk!, size, builders);
    rows += size;
    if (expectedRows > 0) watch.progress(rows / expectedRows, 'reading');
  }
  return { rows, columns: builders.map((builder) => builder.finish(rows)) };
}

/** The rows of a streaming result in tables of about `size` rows. */
export async function* fetchTables(
  { duckdb }: Session,
  result: Result,
  size: number,
  what: string,
  watch: Watch,
): AsyncGenerator<ParsedTable> {
  const columns = describe(duckdb, result);
  for (let hasMore = true; hasMore; ) {
    const builders = buildersOf(columns, size, what, watch);
    let rows = 0;
    while (rows < size) {
      watch.checkpoint();
      const chunk = await duckdb.fetch_chunk(result);
      const own = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
      hasMore = own > 0;
      if (!hasMore) break;
      appendChunk(duckdb, chunk!, own, builders);
      rows += own;
    }
    if (rows === 0) return;
    yield { rows, columns: builders.map((builder) => builder.finish(rows)) };
  }
}

function buildersOf(
  columns: readonly ColumnType[],
  room: number,
  what: string,
  watch: Watch,
): readonly ColumnBuilder[] {
  const memory = new TextMemory();
  return columns.map((column) => {
    const builder = columnBuilder(column, room, memory, watch.warn);
    if (builder === undefined) throw unsupported(column, what);
    return builder;
  });
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
  const names = distinctNames(
    Array.from({ length: duckdb.column_count(result) }, (_, j) => duckdb.column_name(result, j)),
  );
  return Array.from({ length: duckdb.column_count(result) }, (_, j) => {
    const type: number = duckdb.column_type(result, j);
    const logical = duckdb.column_logical_type(result, j);
    const decimal = type === TYPE.decimal;
    const enumeration = type === TYPE.enumeration;
    return {
      name: names[j]!,
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

/** Names with `.1`, `.2`, … behind those that came before. */
export function distinctNames(given: readonly string[]): string[] {
  const names = new Set<string>();
  for (const wanted of given) {
    let name = wanted;
    for (let n = 1; names.has(name); n++) name = `${wanted}.${n}`;
    names.add(name);
  }
  return [...names];
}

function unsupported({ name, type }: ColumnType, what: string): DataError {
  return new DataError(
    'data/unsupported-column',
    `${what}: column '${name}' holds values (lists, structs, maps, bytes, … DuckDB type ${type}) that no column can hold. ` +
      `Leave it out with columns: [...], or turn it into text or single values in SQL, e.g. CAST(${sqlName(name)} AS VARCHAR).`,
    { column: name },
  );
}
