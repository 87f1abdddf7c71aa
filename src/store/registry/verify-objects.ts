import { setImmediate } from 'node:timers/promises';
import { AbortError, FileError } from '../../core/errors.ts';
import type { JobOptions } from '../../jobs/job.ts';
import type { ObjectStore } from './object-store.ts';
import type { VerifyResult } from './registry.ts';
import type { RegistryDatabase } from './registry-database.ts';
import { allVersions } from './registry-queries.ts';

/** Hashes the file of every version again. */
export async function verifyObjects(
  database: RegistryDatabase,
  objects: ObjectStore,
  { signal, onProgress }: Pick<JobOptions, 'signal' | 'onProgress'>,
): Promise<VerifyResult> {
  const users = new Map<string, { readonly bytes: number; readonly versions: string[] }>();
  for (const { name, version, digest, bytes } of allVersions(database)) {
    const user = users.get(digest) ?? { bytes, versions: [] };
    user.versions.push(`${name}@${version}`);
    users.set(digest, user);
  }
  const faults: VerifyResult['faults'][number][] = [];
  let [checked, read] = [0, 0];
  for (const [digest, { bytes, versions }] of users) {
    if (signal?.aborted) throw new AbortError();
    const fault = await faultOf(objects, digest);
    if (fault !== undefined) faults.push({ digest, fault, versions });
    checked++;
    read += bytes;
    onProgress?.({ fraction: checked / users.size, message: undefined });
    await setImmediate();
  }
  return { checked, bytes: read, faults };
}

async function faultOf(objects: ObjectStore, digest: string): Promise<'missing' | 'changed' | undefined> {
  try {
    await objects.read(digest);
    return undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'file/not-found') return 'missing';
    if (error.code === 'registry/damaged') return 'changed';
    throw error;
  }
}
