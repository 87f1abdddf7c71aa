import { Frame } from '../../core/frame.ts';
import { type TableWire, tableFromWire, tableToWire, toSharedTable } from '../../core/table.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { FeatureDriftOptions } from '../drift/drift-options.ts';
import { compareWindows, type FeatureDrift } from '../drift/feature-drift.ts';
import { type ReferenceSummary, summariseReference } from '../drift/summarise-reference.ts';
import { checkQuality, type QualityLimits, type QualityReport } from './check-quality.ts';

export interface Inspection {
  readonly quality: QualityReport;
  /** Of the comparable columns; null when there is none. */
  readonly features: FeatureDrift | null;
}

interface InspectPayload {
  readonly reference: ReferenceSummary | TableWire;
  readonly window: TableWire;
  readonly expected: readonly string[];
  readonly limits: QualityLimits;
  readonly drift: FeatureDriftOptions;
}

interface InspectedFrames {
  readonly reference: ReferenceSummary | Frame;
  readonly window: Frame;
}

/** Data quality and feature drift of a window, on a worker thread. @throws as featureDrift; AbortError. */
export async function inspectWindow(
  { reference, window, ...rest }: Omit<InspectPayload, 'window' | 'reference'> & InspectedFrames,
  job: JobOptions,
): Promise<Inspection> {
  const payload: InspectPayload = {
    ...rest,
    reference:
      reference instanceof Frame ? tableToWire(await toSharedTable(reference, 'reference')) : reference,
    window: tableToWire(await toSharedTable(window, 'window')),
  };
  return runJob({ ...job, threads: 1, module: import.meta.url, name: 'inspectTask', payload });
}

/** What the worker thread runs. */
export function inspectTask(
  { reference: given, window, expected, limits, drift }: InspectPayload,
  job: Job,
): Inspection {
  const table = tableFromWire(window) as Frame;
  const rows = 'version' in given ? undefined : (tableFromWire(given) as Frame);
  const summary = 'version' in given ? given : summariseReference(rows!);
  job.checkpoint();
  const { report, columns } = checkQuality(summary, table, expected, limits);
  job.checkpoint();
  if (columns.length === 0) return { quality: report, features: null };
  const kept = summary.columns.filter(({ name }) => report.comparable.includes(name));
  const named = new Set(report.comparable);
  const options = { ...drift, columns: onlyOf(drift.columns ?? {}, named) };
  const features = compareWindows(
    rows?.select(report.comparable) ?? { ...summary, columns: kept },
    new Frame(columns, table.rows),
    options,
    (done, all) => {
      job.checkpoint();
      job.progress(done / all);
    },
  );
  return { quality: report, features };
}

/** Settings of columns that this window lacks do not refuse it: their absence is an alarm of its own. */
function onlyOf<V>(record: Readonly<Record<string, V>>, names: ReadonlySet<string>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
}
