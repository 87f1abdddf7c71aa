import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Column, Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { failing, type Session, sqlName, sqlText, withDuckdb } from '../read/duckdb/bindings.ts';
import { vectorWriter } from './parquet-vectors.ts';

/** Options of `writeParquet`. */
export const writeParquetOptions = z.strictObject({
  compression: option(
    z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'),
    'How pages are compressed.',
  ),
});

export type WriteParquetOptions = z.input<typeof writeParquetOptions>;

export interface WriteParquetRequest {
  readonly columns: readonly (readonly [string, Column])[];
  readonly rows: number;
  readonly path: string;
  readonly compression: string;
}

/**
 * Writes a frame as Parquet (by DuckDB, on a worker thread): numbers as DOUBLE, dates as DATE when all are at midnight UTC,
 * else as TIMESTAMP in microseconds, missing values as null. The file appears whole or not at all.
 *
 * ```ts
 * await writeParquet(frame, 'prepared.parquet');
 * ```
 *
 * @throws FileError when the path cannot be written, DependencyError when `@duckdb/node-api` is not installed.
 */
export async function writeParquet(
  frame: Frame,
  path: string,
  options: WriteParquetOptions & JobOptions = {},
): Promise<void> {
  const { threads, signal, onProgress, onWarning, ...rest } = options;
  const { compression } = parseOptions(writeParquetOptions, rest, 'writeParquet');
  await runJob<WriteParquetRequest, void>({
    module: import.meta.url,
    name: 'writeParquetFile',
    payload: { columns: frame.entries(), rows: frame.rows, path, compression },
    threads,
    signal,
    onProgress,
    onWarning,
  });
}

/** The job behind {@link writeParquet}. */
export async function writeParquetFile(request: WriteParquetRequest, job: Job): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-'));
  try {
    const file = join(folder, 'table.parquet');
    await withDuckdb({ threads: job.threads }, (session) =>
      failing(`Cannot write '${request.path}'`, async () => {
        await fillTable(session, request, job);
        await session.duckdb.query(
          session.connection,
          `COPY frame TO ${sqlText(file)} (FORMAT parquet, COMPRESSION ${request.compression})`,
        );
      }),
    );
    await writeFileAtomic(request.path, createReadStream(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillTable(session: Session, { columns, rows }: WriteParquetRequest, job: Job): Promise<void> {
  const { duckdb, connection } = session;
  const writers = columns.map(([, column]) => vectorWriter(column));
  const definitions = columns.map(([name], j) => `${sqlName(name)} ${writers[j]!.sqlType}`);
  await duckdb.query(connection, `CREATE TABLE frame (${definitions.join(', ')})`);
  const appender = duckdb.appender_create(connection, null, 'frame');
  const types = columns.map((_, j) => duckdb.appender_column_type(appender, j));
  const step = duckdb.vector_size();
  for (let from = 0; from < rows; from += step) {
    job.checkpoint();
    const to = Math.min(rows, from + step);
    const chunk = duckdb.create_data_chunk(types);
    writers.forEach((writer, j) => {
      writer.write(session, duckdb.data_chunk_get_vector(chunk, j), from, to);
    });
    duckdb.data_chunk_set_size(chunk, to - from);
    duckdb.append_data_chunk(appender, chunk);
    job.progress(to / rows, 'writing');
  }
  duckdb.appender_close_sync(appender);
}
