import type { Frame } from '../../core/frame.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { parseTableOptions, readRelation, type TableOptions } from './read-parquet.ts';
import { localSources, type Source } from './source.ts';

/** A record may take this much. */
const RECORD_BYTES = 2 ** 28;

/**
 * Reads JSON into a frame, on worker threads (by DuckDB): an array of objects, or one object per line. Kinds follow from all
 * values, an absent key is missing, texts that are all ISO dates become dates. Nested lists and objects are refused.
 *
 * ```ts
 * const events = await readJson('events-*.ndjson');
 * ```
 *
 * @throws FileError for a missing file, DataError for text that is no JSON, a missing column or one of lists or objects.
 */
export async function readJson(source: Source, options: TableOptions & JobOptions = {}): Promise<Frame> {
  const { job, columns, maxRows } = parseTableOptions(options, 'readJson');
  return readRelation(
    await localSources(source, job.signal),
    { columns, maxRows },
    job,
    '.json',
    (paths) =>
      `read_json(${paths}, sample_size = -1, maximum_object_size = ${RECORD_BYTES}, union_by_name = true)`,
  );
}
