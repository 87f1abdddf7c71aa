import { Frame } from '../../core/frame.ts';
import { type TableWire, tableFromWire, tableToWire, toSharedTable } from '../../core/table.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { FeatureDriftOptions } from './drift-options.ts';
import { compareWindows, type FeatureDrift } from './feature-drift.ts';
import type { ReferenceSummary } from './summarise-reference.ts';

/**
 * {@link featureDrift} on a worker thread: the same answer, and the caller's event loop goes on, however many rows there
 * are. Columns on shared memory, as readers make them, are not copied.
 * @param job `signal` stops it between two columns; `onProgress` tells the share of the columns that is done.
 * @throws as featureDrift; AbortError.
 */
export async function featureDriftAsync(
  reference: Frame | ReferenceSummary,
  current: Frame,
  options: FeatureDriftOptions = {},
  job: JobOptions = {},
): Promise<FeatureDrift> {
  const payload: DriftPayload = {
    reference:
      reference instanceof Frame ? tableToWire(await toSharedTable(reference, 'reference')) : reference,
    current: tableToWire(await toSharedTable(current, 'current')),
    options,
  };
  return runJob({ ...job, threads: 1, module: import.meta.url, name: 'driftTask', payload });
}

interface DriftPayload {
  readonly reference: TableWire | ReferenceSummary;
  readonly current: TableWire;
  readonly options: FeatureDriftOptions;
}

/** What the worker thread runs. */
export function driftTask({ reference, current, options }: DriftPayload, job: Job): FeatureDrift {
  return compareWindows(
    'version' in reference ? reference : (tableFromWire(reference) as Frame),
    tableFromWire(current) as Frame,
    options,
    (done, columns) => {
      job.checkpoint();
      job.progress(done / columns);
    },
  );
}
