import type { Frame } from '../../core/frame.ts';
import { type TableWire, tableFromWire, tableToWire, toSharedTable } from '../../core/table.ts';
import { type ProfileOptions, profileTable, type TableProfile } from '../../data/profile/profile-table.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';

interface ProfilePayload {
  readonly table: TableWire;
  readonly options: ProfileOptions;
}

/** `profileTable` on a worker thread. */
export async function profileInJob(
  table: Frame,
  options: ProfileOptions,
  { signal }: Pick<JobOptions, 'signal'>,
): Promise<TableProfile> {
  return runJob<ProfilePayload, TableProfile>({
    module: import.meta.url,
    name: 'profileTask' satisfies keyof typeof import('./profile-in-job.ts'),
    payload: { table: tableToWire(await toSharedTable(table)), options },
    threads: 1,
    signal,
  });
}

export function profileTask({ table, options }: ProfilePayload): TableProfile {
  return profileTable(tableFromWire(table) as Frame, options);
}
