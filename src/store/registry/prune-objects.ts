import { rmSync } from 'node:fs';
import { fileErrorFrom } from '../../core/file-error.ts';
import type { ObjectStore } from './object-store.ts';
import type { PruneResult } from './registry.ts';
import type { RegistryDatabase } from './registry-database.ts';

/** Deleted in one transaction, during which others wait. */
const FILES_AT_ONCE = 20;

/**
 * Deletes files that no version names. Each batch is a transaction: a registration that put the same file meanwhile waits for
 * it, finds its file gone and puts it again, so that no row is left without its file.
 */
export async function pruneObjects(database: RegistryDatabase, objects: ObjectStore): Promise<PruneResult> {
  await objects.sweep();
  const stored = await objects.list();
  let [files, bytes] = [0, 0];
  for (let from = 0; from < stored.length; from += FILES_AT_ONCE) {
    await database.writeWhenFree(() => {
      for (const object of stored.slice(from, from + FILES_AT_ONCE)) {
        if (database.get('SELECT 1 FROM heddle_versions WHERE digest = ?', object.digest) !== undefined)
          continue;
        const path = objects.path(object.digest);
        try {
          rmSync(path);
        } catch (error) {
          // Another prune was faster.
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
          throw fileErrorFrom(error, path, 'write');
        }
        files++;
        bytes += object.bytes;
      }
    });
  }
  return { files, bytes };
}
